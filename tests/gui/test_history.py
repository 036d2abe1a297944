"""Every edit made by hand is undone, done again, and told as Python that does the same."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui import history
from hsjupyter.gui.names import colour_of, name_of
from tests.gui.conftest import two_lines


def state(model):
    """All that a person can see of a model."""
    rows = [model.maps.values, model.maps.std, model.maps.is_set, model.maps.chisq]
    return (
        [(c.name, colour_of(c)) for c in model],
        [
            (c.name, c.active, c.active_is_multidimensional, model.maps.active_of(c).tolist())
            for c in model
        ],
        [model.channel_switches.tolist(), list(model.signal.models)],
        [
            (str(p), p.value, p.std, p.free, p.bmin, p.bmax, p.twin, p.twin_function_expr)
            for p in model.parameters
        ],
        [np.nan_to_num(array, nan=-1.0).tolist() for array in rows],
    )


def one_of_each(model):
    """A request of every kind that can be undone, with its fields."""

    def slot(parameter):
        return f"{name_of(parameter.component)}.{parameter.name}"

    left, right = model["left"], model["right"]
    return [
        ("set", {"slot": slot(left.A), "field": "value", "value": 12.5}),
        ("set", {"slot": slot(left.A), "field": "free", "value": False}),
        ("set", {"slot": slot(left.sigma), "field": "bmin", "value": 0.7}),
        ("set", {"slot": slot(left.sigma), "field": "bmax", "value": 0.9}),
        ("reset", {"slot": slot(right.A)}),
        ("active", {"component": name_of(right), "value": False}),
        ("name", {"component": name_of(right), "value": "the right one"}),
        ("store", {}),
        ("link", {"slot": slot(right.sigma), "expression": "2 * left.sigma"}),
        ("colour", {"component": name_of(left), "value": "#123456"}),
        ("add", {"component": "Lorentzian", "formula": ""}),
        ("add", {"component": "bump", "formula": "a * exp(-(x - b)**2)"}),
        ("keep", {"name": "first"}),
        ("set_many", {"slots": [slot(left.A), slot(right.A)], "field": "free", "value": False}),
        ("set_many", {"slots": [slot(left.A), slot(right.A)], "field": "value", "value": 7.5}),
        ("set_many", {"slots": [slot(left.centre)], "field": "link", "value": "2 * bump.b"}),
        ("per_pixel", {"component": name_of(left), "value": True}),
        ("active", {"component": name_of(left), "value": False}),
        ("peak", {"component": "Voigt", "x": 5.0, "y": 12.0, "width": 0.4}),
        ("estimate", {"component": name_of(right), "low": 6.0, "high": 8.0}),
        ("move", {"component": name_of(left), "to": [2]}),
        ("restore", {"name": "first"}),
        ("forget", {"name": "first"}),
    ]


def then(model):
    """Requests for what a restored model brought."""
    left = model["left"]
    return [
        ("remove", {"component": name_of(left)}),
    ]


def test_every_kind_of_edit_is_undone_and_done_again(page, view, model):
    model.multifit(show_progressbar=False)
    shown = view(model)
    states = [state(model)]
    for requests in (one_of_each, then):
        for kind, fields in requests(model):
            answer = shown.ask(kind, **fields)
            assert answer["ok"], (kind, answer)
            states.append(state(model))
    for wanted in states[-2::-1]:
        assert shown.state["history"]["undo"]
        assert shown.ask("undo")["ok"]
        assert state(model) == wanted
    assert shown.state["history"]["undo"] == ""
    for wanted in states[1:]:
        assert shown.ask("redo")["ok"]
        assert state(model) == wanted
    assert not shown.ask("redo")["ok"]


def test_a_fit_is_undone_with_what_it_stored(page, view, model):
    shown = view(model)
    before = state(model)
    shown.receive({"method": "custom", "content": {"id": "f", "kind": "fit"}})
    assert page.wait_for(lambda: bool(shown.answers()))
    assert np.isfinite(model.maps.chisq[0, 0])
    assert shown.ask("undo")["ok"]
    assert state(model) == before


def test_the_edits_as_python_come_to_the_same_state(page, view, model):
    shown = view(model)
    for requests in (one_of_each, then):
        for kind, fields in requests(model):
            assert shown.ask(kind, **fields)["ok"]
    shown.ask("pixel", indices=[2, 1])
    right = model["the right one"]
    slot = f"{name_of(right)}.A"
    shown.ask("set", slot=slot, field="value", value=3.0)
    shown.ask("set", slot=slot, field="value", value=4.25)
    shown.ask("add", component="Voigt", formula="")
    code = shown.ask("script")["text"]
    assert "value = 3.0" not in code
    names = {"m": two_lines(), "hs": hs}
    exec(code, names)  # noqa: S102 - that it can be run is what is tested
    other = names["m"]
    for a, b in zip(state(model)[1:], state(other)[1:], strict=True):
        assert a == b
    assert model.axes_manager.indices == other.axes_manager.indices


def test_the_edits_as_python_go_to_the_pixel_where_they_were_made(page, view, model):
    model.axes_manager.indices = (2, 1)
    shown = view(model)
    assert shown.ask("script")["text"] == ""
    shown.ask("set", slot=f"{name_of(model[0])}.A", field="value", value=7.0)
    names = {"m": two_lines(), "hs": hs}
    assert names["m"].axes_manager.indices == (0, 0)
    exec(shown.ask("script")["text"], names)  # noqa: S102 - that it can be run is what is tested
    assert names["m"].axes_manager.indices == (2, 1)
    assert names["m"][0].A.value == 7.0


def test_a_drag_is_one_edit_and_two_drags_are_two(page, view, model, monkeypatch):
    shown, slot = view(model), f"{name_of(model[0])}.centre"
    now = 0.0
    monkeypatch.setattr(history.time, "monotonic", lambda: now)
    for value in np.linspace(3.1, 4, 20):
        shown.ask("set", slot=slot, field="value", value=value)
        now += 0.02
    now += 5
    shown.ask("set", slot=slot, field="value", value=5.0)
    shown.ask("undo")
    assert model[0].centre.value == 4.0
    shown.ask("undo")
    assert model[0].centre.value == 3.1


def test_what_a_script_changed_meanwhile_is_left_alone(page, view, model):
    shown = view(model)
    shown.ask("set", slot=f"{name_of(model[0])}.A", field="value", value=1.0)
    model[1].A.value = 77.0
    shown.ask("undo")
    assert (model[0].A.value, model[1].A.value) == (30.0, 77.0)


def test_undo_goes_to_the_pixel_of_the_edit(page, view, model):
    shown = view(model)
    shown.ask("set", slot=f"{name_of(model[0])}.A", field="value", value=1.0)
    shown.ask("pixel", indices=[3, 2])
    shown.ask("undo")
    assert model.axes_manager.indices == (0, 0)
    assert model[0].A.value == 30.0


def test_a_new_edit_ends_what_could_be_done_again(page, view, model):
    shown, slot = view(model), f"{name_of(model[0])}.A"
    shown.ask("set", slot=slot, field="value", value=1.0)
    shown.ask("undo")
    assert shown.state["history"] == {"undo": "", "redo": "left.A"}
    shown.ask("set", slot=slot, field="value", value=2.0)
    assert shown.state["history"] == {"undo": "left.A", "redo": ""}


def fit_all(page, shown):
    shown.ask("multifit")
    assert page.wait_for(lambda: (shown.state["run"] or {}).get("state") == "done")
    assert page.wait_for(lambda: shown.state["busy"] == "")
    shown.host.flush()


TO_31_AND_FIT = "m.axes_manager.indices = (0, 0)\nm['left'].A.value = 31.0\nm.multifit()"


def test_a_fit_of_all_pixels_is_undone_with_all_maps(page, view, model):
    shown = view(model)
    shown.ask("set", slot=f"{name_of(model[0])}.A", field="value", value=31.0)
    before = state(model)
    fit_all(page, shown)
    assert page.wait_for(lambda: shown.state["history"]["undo"] == "fit all")
    fitted = state(model)
    assert np.isfinite(model.maps.chisq).all()
    assert shown.ask("undo")["ok"]
    assert state(model) == before
    assert shown.ask("redo")["ok"]
    assert state(model) == fitted
    assert shown.ask("script")["text"] == TO_31_AND_FIT


def test_maps_too_large_to_keep_end_what_can_be_undone(page, view, model, monkeypatch):
    monkeypatch.setattr(history, "HEAVY", 10)
    shown = view(model)
    shown.ask("set", slot=f"{name_of(model[0])}.A", field="value", value=31.0)
    fit_all(page, shown)
    assert not shown.ask("undo")["ok"]
    assert shown.ask("script")["text"] == TO_31_AND_FIT


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("add", {"component": "Gausian", "formula": ""}, "Gaussian"),
        ("add", {"component": "bump", "formula": "__import__('os')"}, "__import__"),
        ("link", {"expression": "2 * lefft.sigma"}, "left"),
        ("link", {"expression": "2 * x"}, "names no other parameter"),
        ("link", {"expression": "right.sigma"}, "itself"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(view, model, kind, fields, says):
    shown, before = view(model), state(model)
    if kind == "link":
        fields = {**fields, "slot": f"{name_of(model['right'])}.sigma"}
    answer = shown.ask(kind, **fields)
    assert not answer["ok"]
    assert says in answer["error"]
    assert state(model) == before
    assert shown.state["history"]["undo"] == ""


def test_a_formula_is_checked_before_it_is_added(page, view, model):
    shown = view(model)
    assert shown.ask("check", formula="a * exp(-x / tau)")["text"] == "parameters: a, tau"
    assert not shown.ask("check", formula="a * exp(-x / ")["ok"]
    assert len(model) == 3


def test_only_what_can_be_made_by_name_is_offered(page, view, model):
    offered = view(model).state["spec"]["addable"]
    assert {"Gaussian", "Polynomial", "Voigt"} <= set(offered)
    assert not {"Expression", "Gaussian2D", "EELSCLEdge"} & set(offered)


def test_a_class_of_a_person_s_own_that_cannot_be_made_keeps_no_model_off_the_screen(view, model):
    class Unfinished(hs.Component):
        def __init__(self):
            message = "still thinking"
            raise RuntimeError(message)

        def function(self, x):
            return x

    offered = view(model).state["spec"]["addable"]
    assert "Gaussian" in offered
    assert Unfinished.__name__ not in offered
