"""The metadata tree: dots, branches, and names that have their home elsewhere."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hsjupyter.api as hs
from hsjupyter.core.metadata import Metadata

SOME = settings(deadline=None)
NAMES = st.sampled_from(["a", "b", "General", "keys", "get_item", "copy", "_items", "été", "x y"])
LEAVES = st.integers() | st.text(max_size=5) | st.none() | st.lists(st.integers(), max_size=2)
TREES = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=3),
    lambda inside: st.dictionaries(NAMES, inside | LEAVES, max_size=3),
    max_leaves=8,
)


@SOME
@given(TREES)
def test_a_tree_is_the_dictionary_it_was_made_of(tree):
    m = Metadata(tree)
    assert m.as_dictionary() == tree
    for again in (copy.deepcopy(m), m.copy(), pickle.loads(pickle.dumps(m)), Metadata(tree)):  # noqa: S301 - our own, a line ago
        assert again == m
        assert again.as_dictionary() == tree
    assert len(repr(m).splitlines()) == _count(tree)


def _count(tree):
    return sum(1 + (_count(v) if isinstance(v, dict) else 0) for v in tree.values())


@SOME
@given(st.lists(NAMES.filter(lambda n: n != "x y"), min_size=1, max_size=4), LEAVES)
def test_a_path_leads_to_what_was_set_there(path, value):
    m = Metadata()
    m.set_item(".".join(path), value)
    assert m.get_item(".".join(path)) == value
    assert m.has_item(".".join(path))
    m.remove_item(".".join(path))
    assert not m.has_item(".".join(path))
    assert m.get_item(".".join(path), "nothing") == "nothing"


def test_names_of_a_tree_hide_no_words_of_ours():
    m = Metadata({"keys": 1, "get_item": 2, "as_dictionary": {"copy": 3}, "__class__": 4})
    assert m.keys() == ["keys", "get_item", "as_dictionary", "__class__"]
    assert m.get_item("as_dictionary.copy") == 3
    assert type(m) is Metadata


def test_attributes_come_and_go():
    m = Metadata()
    m.Sample = {"elements": ["C"]}
    m.Sample.thickness = 3
    assert m.Sample.as_dictionary() == {"elements": ["C"], "thickness": 3}
    assert "thickness" in dir(m.Sample)
    del m.Sample.thickness
    with pytest.raises(AttributeError, match="no 'thickness' here to forget; it has elements"):
        del m.Sample.thickness
    other = Metadata({"Sample": m.Sample})
    other.Sample.elements.append("O")
    other.Sample.tilt = 4
    assert "tilt" not in m.Sample


def test_trees_with_arrays_and_signals_compare():
    one = {"a": np.arange(3), "s": hs.signals.Signal1D([1, 2])}
    assert Metadata(one) == Metadata(one)
    assert Metadata(one) != Metadata({**one, "a": np.arange(3) + 1})
    assert Metadata(one) != Metadata({**one, "a": np.arange(4)})
    assert Metadata(one) != Metadata({**one, "s": hs.signals.Signal1D([1, 3])})
    assert Metadata(one) != one


def test_binned_has_one_home_and_two_names():
    s = hs.signals.Signal1D(np.ones((2, 5)), metadata={"Signal": {"binned": True}})
    axis = s.axes_manager[-1]
    assert axis.is_binned
    assert not s.axes_manager[0].is_binned
    axis.is_binned = False
    assert s.metadata.Signal.binned is False
    s.metadata.Signal.binned = True
    assert axis.is_binned
    s.metadata.set_item("Signal.binned", 0)
    assert not axis.is_binned
    s.metadata.Signal = {"signal_type": "", "binned": True}
    assert axis.is_binned
    s.metadata.add_dictionary({"Signal": {"binned": False}})
    assert not axis.is_binned
    assert s.metadata.get_item("Signal.binned", "none") is False
    assert "binned = False" in repr(s.metadata)
    assert "binned" not in s.metadata.Signal.as_dictionary()
    axis.is_binned = True
    for again in (s.copy(), s.deepcopy(), s.inav[0], s.isig[1:], s + 1):
        assert again.metadata.Signal.binned is True
        again.metadata.Signal.binned = False
        assert axis.is_binned


def test_what_a_file_says_is_shown_as_text_only():
    s = hs.signals.Signal1D([1, 2], [{"name": "<b>x</b>", "units": "<i>"}])
    s.metadata.General.title = "<script>alert(1)</script>"
    s.metadata.set_item("<u>.<s>", "<a href=''>")
    shown = s._repr_html_() + s.metadata._repr_html_() + s.axes_manager._repr_html_()
    for tag in ("<script", "<b>", "<i>", "<u>", "<s>", "<a "):
        assert tag not in shown
    assert "&lt;script&gt;" in shown
