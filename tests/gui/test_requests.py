"""What a browser may ask for: all else is refused, and every request is answered."""

import math
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsjupyter.gui.kinds import KINDS, explain
from hsjupyter.gui.requests import FIELDS, carry_out
from hsjupyter.gui.table import Table
from tests.gui.conftest import two_lines

GOOD = {
    "set": {"slot": "left.centre", "field": "value", "value": 3.5},
    "reset": {"slot": "left.centre"},
    "pixel": {"indices": [1, 1]},
    "store": {},
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_request_is_answered_ok(view, model, kind):
    shown = view(model)
    fields = dict(GOOD[kind])
    if "slot" in fields:
        fields["slot"] = shown.slot(fields["slot"])
    answer = shown.ask(kind, **fields)
    assert answer["ok"]
    assert answer["error"] == ""


@pytest.mark.parametrize(
    "content", [None, 3, "set", [], {}, {"id": 3}, {"id": ""}, {"id": "a" * 999}]
)
def test_what_is_no_request_is_answered_without_an_id(view, model, content):
    answer = view(model).say(content)
    assert not answer["ok"]
    assert "without an id" in answer["error"]


def test_an_unknown_kind_lists_the_known_ones(view, model):
    answer = view(model).ask("exec", code="import os")
    assert "has no 'exec'" in answer["error"]
    assert "multifit" in answer["error"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("set", {}),
        ("set", {"slot": "x", "field": "value"}),
        ("set", {"slot": "x", "field": "value", "value": 1, "more": 1}),
        ("pixel", {"indices": "1"}),
        ("pixel", {"indices": [0.5, 0]}),
        ("pixel", {"indices": [True, 0]}),
        ("pixel", {"indices": [0] * 99}),
        ("active", {"component": "x", "value": 1}),
        ("name", {"component": "x", "value": "n" * 999}),
        ("name", {"component": "x", "value": ""}),
        ("fit", {"optimizer": "leastsq"}),
    ],
)
def test_a_request_of_another_form_is_refused(view, model, kind, fields):
    answer = view(model).ask(kind, **fields)
    assert not answer["ok"]
    assert "reload the page" in answer["error"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "3"),
        ("value", None),
        ("value", True),
        ("value", [1.0]),
        ("bmin", "none"),
        ("bmax", False),
        ("free", 1),
        ("free", None),
    ],
)
def test_a_field_of_the_wrong_kind_changes_nothing(view, model, field, value):
    shown = view(model)
    before = view(model["left"].centre).state.copy()
    answer = shown.ask("set", slot=shown.slot("left.centre"), field=field, value=value)
    assert "came from the browser" in answer["error"]
    assert view(model["left"].centre).state == before


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_even_if_the_json_reader_lets_it_in(model, value):
    table = Table(model, lambda _column: None)
    slot = next(iter(table.places))
    with pytest.raises(ValueError, match="a finite number is wanted"):
        carry_out(table, {"id": "1", "kind": "set", "slot": slot, "field": "value", "value": value})


@pytest.mark.parametrize(
    "field", ["name", "twin", "component", "__class__", "map", "_trait_values"]
)
def test_only_the_listed_fields_can_be_set(view, model, field):
    shown = view(model)
    answer = shown.ask("set", slot=shown.slot("left.centre"), field=field, value=1)
    assert f"has no '{field}'" in answer["error"]
    assert set(FIELDS) == {"value", "free", "bmin", "bmax"}


@pytest.mark.parametrize("kind", ["fit", "multifit", "store", "cancel", "pixel"])
def test_what_only_a_model_can_do_is_refused_by_others(view, model, kind):
    fields = {"indices": [0]} if kind == "pixel" else {}
    answer = view(model["left"]).ask(kind, **fields)
    assert "a model is wanted" in answer["error"]


def test_a_component_that_is_gone_is_named(view, model):
    answer = view(model).ask("active", component="nobody", value=True)
    assert "removed meanwhile" in answer["error"]


def test_an_error_nobody_expected_is_answered_and_logged(view, model, monkeypatch, caplog):
    shown = view(model)
    monkeypatch.setattr(type(model), "store_working_values", lambda _self: 1 / 0)
    answer = shown.ask("store")
    assert "ZeroDivisionError" in answer["error"]
    assert "Traceback" in caplog.text


def test_what_the_core_says_is_told_word_for_word():
    assert explain(ValueError("sigma: bmin is above bmax")) == "sigma: bmin is above bmax"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=10), inside, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(["slot", "field", "value", "indices", "component", "more"])


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS.keys() - {"fit", "multifit"})) | st.text(max_size=8),
    fields=st.dictionaries(NAMES, JSON, max_size=3),
)
def test_whatever_comes_is_refused_or_leaves_a_sound_model(kind, fields):
    model = FUZZED
    table = Table(model, lambda _column: None)
    with suppress(ValueError, TypeError):
        carry_out(table, {"id": "1", "kind": kind, **fields})
    table.detach()
    for parameter in model.parameters:
        assert all(math.isfinite(number) for number in parameter.flat())
    assert len({component.name for component in model}) == len(model)


FUZZED = two_lines()
