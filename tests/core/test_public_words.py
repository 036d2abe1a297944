"""Tab completion offers the words of the user's interface, and nothing that a file needs itself."""

import pytest

import hsjupyter.api as hs


@pytest.mark.parametrize(
    "place", [hs, hs.axes, hs.data, hs.model, hs.model_selection, hs.roi, hs.signals]
)
def test_completion_offers_public_words_only(place):
    assert dir(place) == sorted(place.__all__)
    assert all(hasattr(place, name) for name in dir(place))
