"""Metadata of every kind come back as they were."""

import string
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.storage.hspy import read
from hsjupyter.storage.hspy_writer import write
from hsjupyter.storage.layout import RESERVED, looks_pickled
from tests.storage.compare import same

AXIS = {"size": 3, "navigate": False}

texts = st.text(st.characters(exclude_categories=["Cs"])).map(lambda t: t.rstrip("\0"))
keys = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\N{DIVISION SLASH}"),
    min_size=1,
    max_size=20,
).filter(lambda key: key != "." and not key.startswith(RESERVED))
numbers = hnp.arrays(
    st.one_of(
        hnp.integer_dtypes(endianness="="),
        hnp.unsigned_integer_dtypes(endianness="="),
        hnp.floating_dtypes(endianness="=", sizes=(32, 64)),
        hnp.complex_number_dtypes(endianness="=", sizes=(64, 128)),
        hnp.boolean_dtypes(),
    ),
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3),
)
words = st.lists(texts.filter(lambda t: "\0" not in t), min_size=1, max_size=4).map(
    lambda found: np.array(found, dtype=str)
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.complex_numbers(),
    texts.filter(lambda t: t != "_None_"),
    st.binary().filter(lambda raw: not looks_pickled(raw)),
    numbers,
    words,
)
values = st.recursive(
    leaves,
    lambda inside: st.one_of(
        st.lists(inside, max_size=12),
        st.lists(inside, max_size=4).map(tuple),
        st.dictionaries(keys, inside, max_size=4),
    ),
    max_leaves=12,
)
trees = st.dictionaries(keys, values, max_size=5)


@given(tree=trees)
@settings(max_examples=150, deadline=None)
def test_every_tree_comes_back_as_it_was(tree, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "tree.hspy"
    write(path, {"data": np.ones(3), "axes": [AXIS], "original_metadata": tree}, overwrite=True)
    (record,) = read(path)
    assert same(record["original_metadata"], tree)


def test_long_lists_keep_their_order(tmp_path):
    tree = {"steps": [{"number": n} for n in range(120)]}
    write(tmp_path / "a.hspy", {"data": np.ones(3), "axes": [AXIS], "original_metadata": tree})
    (record,) = read(tmp_path / "a.hspy")
    assert record["original_metadata"] == tree


def test_long_texts_and_bytes_come_back(tmp_path):
    tree = {"text": string.printable * 5000, "raw": bytes(range(256)) * 1000}
    write(tmp_path / "a.hspy", {"data": np.ones(3), "axes": [AXIS], "original_metadata": tree})
    (record,) = read(tmp_path / "a.hspy")
    assert record["original_metadata"] == tree


@pytest.mark.parametrize(
    "value",
    [
        date(2020, 1, 2),
        {1, 2},
        2**70,
        "half a letter \ud800",
        np.array([object()]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        b"\x80\x04K\x01.",
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_place_is_left_out_and_told(value, tmp_path):
    tree = {"kept": 1, "inner": {"odd": value}}
    record = {"data": np.ones(3), "axes": [AXIS], "original_metadata": tree}
    with pytest.warns(HSJupyterWarning, match=r"no place for them: original_metadata\.inner\.odd;"):
        write(tmp_path / "a.hspy", record)
    (found,) = read(tmp_path / "a.hspy")
    assert found["original_metadata"] == {"kept": 1, "inner": {}}


@pytest.mark.parametrize("key", ["", ".", "_list_x", "_bs_x", "_sig_x", "a\0b", "k" * 2000])
def test_a_key_that_means_something_else_is_left_out_and_told(key, tmp_path):
    record = {"data": np.ones(3), "axes": [AXIS], "original_metadata": {key: 1, "kept": 2}}
    with pytest.warns(HSJupyterWarning, match="do not begin with _list_"):
        write(tmp_path / "a.hspy", record)
    (found,) = read(tmp_path / "a.hspy")
    assert found["original_metadata"] == {"kept": 2}


def test_a_tree_that_nests_without_end_is_cut_and_told(tmp_path):
    tree: dict[str, object] = {}
    tree["again"] = tree
    with pytest.warns(HSJupyterWarning, match="again"):
        write(tmp_path / "a.hspy", {"data": np.ones(3), "axes": [AXIS], "metadata": tree})
    assert read(tmp_path / "a.hspy")[0]["data"].sum() == 3
