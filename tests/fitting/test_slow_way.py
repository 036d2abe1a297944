"""Components without a formula are fitted one pixel after another, and that is said once."""

import logging

import numpy as np
import pytest

import hsjupyter.api as hs

c1 = hs.model.components1D


class Kink(hs.Component):
    """A line that bends, written in Python."""

    slope = hs.Par(1.0)

    @staticmethod
    def profile(x, slope):
        return slope * np.abs(x - 5.0)


def fit(*components, **words):
    x = np.arange(12.0)
    m = hs.signals.Signal1D(np.stack([2.0 * np.abs(x - 5.0)] * 3)).create_model()
    m.extend(components)
    m.multifit(show_progressbar=False, **words)
    return m


def test_it_is_said_once_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hsjupyter"):
        fit(Kink(), c1.Offset())
        fit(Kink(), c1.Offset())
    (told,) = (r.getMessage() for r in caplog.records if "formula" in r.getMessage())
    assert "Kink has no formula" in told
    assert "Offset" not in told
    assert "Expression" in told


def test_nothing_is_said_where_it_is_as_fast_as_it_can_be(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hsjupyter"):
        fit(c1.Offset(), c1.Gaussian(A=10, sigma=3, centre=5))
        # Another optimizer goes from pixel to pixel, whatever the model is made of.
        fit(Kink(), c1.Gaussian(A=10, sigma=3, centre=5), optimizer="Nelder-Mead")
    assert [r for r in caplog.records if "formula" in r.getMessage()] == []
