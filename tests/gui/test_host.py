"""The core and every view of it agree, and no message is sent twice."""

import gc
import weakref

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.gui.work import work_of
from hsjupyter.model import Model1D
from tests.gui.conftest import two_lines


def observers(model):
    """How many handlers the traits have of a model, or of some components, all parts included."""
    things = [*model, *(p for component in model for p in component.parameters)]
    things += [model, model.axes_manager] if isinstance(model, Model1D) else []
    return sum(
        len(handlers)
        for thing in things
        for kinds in thing._trait_notifiers.values()  # noqa: SLF001 - traitlets tells no count
        for handlers in kinds.values()
    )


def test_the_state_of_a_model_is_complete(view, model):
    state = view(model).state
    assert state["kind"] == "model"
    assert state["key"] == model.key
    assert state["values"] == model.row().tolist()
    assert [c["name"] for c in state["spec"]["components"]] == ["left", "right", "Offset"]
    assert state["active"] == [True, True, True]
    assert state["pixel"] == [0, 0]
    assert [axis["name"] for axis in state["spec"]["navigation"]] == ["x", "y"]
    assert state["quality"]["chisq"] is None
    assert state["quality"]["channels"] == 64


def test_a_component_says_what_it_is(view, model):
    left = view(model).state["spec"]["components"][0]
    assert left["type"] == "Gaussian"
    centre = next(p for p in left["parameters"] if p["name"] == "centre")
    assert left["position"] == centre["slots"][0]
    assert centre["doc"]
    assert centre["hint"] == [0.0, pytest.approx(10.0)]
    assert "exp" in left["formula"]
    assert "coords" in left["js"]


def test_shown_twice_it_is_one_host(page, model):
    first = model.gui(display=False)["ipywidgets"]["widget"]
    assert model.gui(display=False)["ipywidgets"]["widget"] is first
    first.close()
    assert model.gui(display=False)["ipywidgets"]["widget"] is not first


def test_one_change_of_the_core_is_one_message_with_one_column(view, page, model):
    shown = view(model)
    page.messages.clear()
    model["left"].centre.value = 3.3
    shown.host.flush()
    assert [set(update) for update in page.updates(shown.name)] == [{"values"}]
    assert shown.shown("left.centre") == 3.3


def test_a_fit_is_one_message_a_host(view, page, model):
    shown, plot = view(model), view(model, "plot")
    page.messages.clear()
    model.fit()
    for one in (shown, plot):
        one.host.flush()
        updates = page.updates(one.name)
        assert len([u for u in updates if "values" in u]) == 1
        assert one.state["values"] == model.row().tolist()
        assert one.state["std"] == pytest.approx([p.std for p in model.parameters])
        assert one.state["quality"]["reduced_chisq"] is not None


def test_numbers_leave_by_themselves(view, page, model):
    shown = view(model)
    model["left"].centre.value = 4.0
    assert page.wait_for(lambda: shown.shown("left.centre") == 4.0)


def test_an_unchanged_value_is_not_sent(view, page, model):
    shown = view(model)
    page.messages.clear()
    model["left"].centre.value = 3.1
    shown.host.flush()
    assert page.messages == []


def test_an_edit_of_the_browser_is_one_change_of_the_core_and_one_message(view, page, model):
    shown = view(model)
    changes = []
    # The first edit of a drag also tells what undo would undo.
    shown.ask("set", slot=shown.slot("left.centre"), field="value", value=4.0)
    model["left"].centre.observe(changes.append, "value")
    page.messages.clear()
    answer = shown.ask("set", slot=shown.slot("left.centre"), field="value", value=4.5)
    assert answer["ok"]
    assert [c["new"] for c in changes] == [4.5]
    assert [set(update) for update in page.updates(shown.name)] == [{"values"}]
    assert [kind for _, kind, _ in page.messages] == ["comm_msg", "comm_msg"]


def test_the_numbers_come_before_the_answer_in_every_host(view, page, model):
    shown, plot = view(model), view(model, "plot")
    page.messages.clear()
    shown.ask("set", slot=shown.slot("left.A"), field="value", value=44)
    *first, last = [
        (name, data["method"]) for name, _, data in page.messages if name in {shown.name, plot.name}
    ]
    assert last == (shown.name, "custom")
    assert set(first) == {(shown.name, "update"), (plot.name, "update")}


def test_a_clamped_slider_returns_to_the_bound(view, model):
    shown = view(model)
    model["left"].centre.bmax = 5.0
    shown.ask("set", slot=shown.slot("left.centre"), field="value", value=229.0)
    assert model["left"].centre.value == 5.0
    assert shown.shown("left.centre") == 5.0


def test_a_clamped_value_that_was_already_there_is_still_answered(view, page, model):
    shown = view(model)
    model["left"].centre.set_bounds(0.0, 3.1)
    shown.host.flush()
    page.messages.clear()
    answer = shown.ask("set", slot=shown.slot("left.centre"), field="value", value=9.0)
    assert answer["ok"]
    assert page.updates(shown.name) == []


@pytest.mark.parametrize(
    ("field", "value"), [("free", False), ("bmin", 1.5), ("bmax", None), ("value", 3)]
)
def test_every_field_reaches_the_core_and_the_other_views(view, model, field, value):
    shown, alone = view(model), view(model["left"].centre)
    model["left"].centre.bmax = 8.0
    assert shown.ask("set", slot=shown.slot("left.centre"), field=field, value=value)["ok"]
    assert getattr(model["left"].centre, field) == value
    column = "values" if field == "value" else field
    assert shown.shown("left.centre", column) == value
    assert alone.shown("left.centre", column) == value


def test_contradicting_bounds_are_answered_with_the_reason(view, model):
    shown = view(model)
    model["left"].sigma.bmax = 2.0
    answer = shown.ask("set", slot=shown.slot("left.sigma"), field="bmin", value=7)
    assert not answer["ok"]
    assert "above bmax=2" in answer["error"]
    assert model["left"].sigma.bmin != 7


def test_reset_gives_the_declared_value(view, model):
    shown = view(model)
    assert shown.ask("reset", slot=shown.slot("left.A"))["ok"]
    assert model["left"].A.value == model["left"].A.default


def test_a_vector_has_a_slot_for_every_number(view, model):
    polynomial = hs.model.components1D.Polynomial(order=2)
    model.append(polynomial)
    shown = view(model)
    record = shown.state["spec"]["components"][-1]
    slots = [place for p in record["parameters"] for place in p["slots"]]
    assert len(slots) == 3
    name = shown.state["spec"]["slots"][slots[1]]
    assert shown.ask("set", slot=name, field="value", value=0.5)["ok"]
    assert polynomial.row()[1] == 0.5
    assert shown.state["values"][slots[1]] == 0.5


def test_a_follower_is_shown_as_linked(view, model):
    shown = view(model)
    model["right"].sigma.twin = model["left"].sigma
    shown.ask("set", slot=shown.slot("left.sigma"), field="value", value=0.75)
    assert shown.shown("right.sigma", "linked") == "left.sigma"
    assert shown.shown("right.sigma") == 0.75
    assert shown.shown("right.sigma", "free") is False
    model["right"].sigma.twin_function_expr = "2 * x"
    shown.host.flush()
    assert shown.shown("right.sigma", "linked") == "2 * (left.sigma)"
    assert shown.shown("right.sigma") == 1.5


def test_not_a_number_crosses_the_wire_as_nothing(view, model):
    model["left"].A.std = float("nan")
    assert view(model).shown("left.A", "std") is None


def test_components_are_switched_and_named(view, model):
    shown = view(model)
    name = shown.state["spec"]["components"][0]["id"]
    assert shown.ask("active", component=name, value=False)["ok"]
    assert model[0].active is False
    assert shown.state["active"] == [False, True, True]
    assert shown.ask("name", component=name, value=" Fe K ")["ok"]
    assert shown.state["spec"]["components"][0]["name"] == "Fe K"
    answer = shown.ask("name", component=name, value="right")
    assert "already has the name" in answer["error"]
    assert model[0].name == "Fe K"


def test_a_changed_structure_is_sent_whole_and_slots_stay_true(view, page, model):
    shown = view(model)
    right = shown.slot("right.A")
    gone = shown.slot("left.A")
    page.messages.clear()
    model.remove("left")
    shown.host.flush()
    assert len(page.updates(shown.name)) == 1
    assert shown.state["values"] == model.row().tolist()
    assert shown.ask("set", slot=right, field="value", value=11)["ok"]
    assert model["right"].A.value == 11
    answer = shown.ask("set", slot=gone, field="value", value=11)
    assert "removed" in answer["error"]


def test_a_new_component_is_bound_at_once(view, model):
    shown = view(model)
    model.append(hs.model.components1D.Gaussian(name="new"))
    shown.host.flush()
    model["new"].A.value = 123.0
    shown.host.flush()
    assert shown.shown("new.A") == 123.0


def test_a_component_without_model_has_a_gui(view):
    gaussian = hs.model.components1D.Gaussian()
    shown = view(gaussian)
    assert shown.ask("set", slot=shown.slot("Gaussian.A"), field="value", value=7)["ok"]
    assert gaussian.A.value == 7


def test_the_pixel_moves_the_values(view, model):
    model["left"].A.map["values"][...] = np.arange(12.0).reshape(3, 4)
    model["left"].A.map["is_set"][...] = True
    shown = view(model)
    assert shown.ask("pixel", indices=[2, 1])["ok"]
    assert model.axes_manager.indices == (2, 1)
    assert shown.state["pixel"] == [2, 1]
    assert shown.shown("left.A") == 6.0
    assert "outside" in shown.ask("pixel", indices=[99, 0])["error"]


def test_store_writes_the_maps(view, model):
    shown = view(model)
    model["left"].A.value = 77.0
    assert shown.ask("store")["ok"]
    assert model["left"].A.map["values"][0, 0] == 77.0


def test_a_browser_writes_no_trait(view, model, caplog):
    shown = view(model)
    before = list(shown.host.values)
    shown.receive({"method": "update", "state": {"values": [1.0], "_esm": "x"}, "buffer_paths": []})
    assert shown.host.values == before
    assert model.row().tolist() == before
    assert "refused" in caplog.text


# -- how long things live --------------------------------------------------------------------------


def test_closing_leaves_no_observer(view, page, model):
    work_of(model)  # one for the life of the model
    before = observers(model)
    shown, plot, alone = view(model), view(model, "plot"), view(model[0])
    assert observers(model) > before
    for one in (shown, plot, alone):
        one.host.close()
    assert observers(model) == before
    assert page.comms == {}


def test_a_browser_counts_the_views_of_a_closed_host_no_more(view, page, model):
    shown = view(model)
    shown.count(1)
    name = shown.host.model_id
    shown.host.close()
    assert page.updates(name)[-1] == {"_view_count": None}


def test_a_changed_structure_leaves_no_observer(view, page, model):
    work_of(model)  # one for the life of the model
    before = observers(model)
    shown = view(model)
    extra = hs.model.components1D.Gaussian(name="extra")
    for _ in range(3):
        model.append(extra)
        shown.host.flush()
        model.remove(extra)
        shown.host.flush()
    shown.host.close()
    assert observers(model) == before
    assert observers([extra]) == observers([hs.model.components1D.Gaussian()])


@pytest.mark.parametrize("what", ["gui", "plot"])
def test_what_is_off_the_screen_does_not_keep_a_model_alive(view, page, what):
    model = two_lines()
    signal = model.signal
    shown = view(model, what)
    shown.count(1)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is not None
    shown.count(0)
    del shown
    gc.collect()
    assert gone() is None
    assert page.comms == {}
    assert signal.axes_manager.indices == (0, 0)


def test_a_host_stays_while_a_variable_holds_the_model(view, model):
    shown = view(model)
    shown.count(1)
    shown.count(0)
    gc.collect()
    model["left"].A.value = 9.0
    shown.host.flush()
    assert shown.shown("left.A") == 9.0


def test_twenty_displays_leak_nothing(view, page):
    for _ in range(20):
        shown = view(two_lines())
        shown.count(1)
        shown.count(0)
        del shown
    gc.collect()
    assert page.comms == {}


def test_views_of_a_model_whose_signal_was_changed_say_so_and_do_nothing(page, view, model):
    shown, plotted = view(model), view(model, "plot")
    slot = shown.slot("left.A")
    model.signal.crop(0, 0, 2)
    model.signal.axes_manager.indices = (1, 2)
    for one in (shown, plotted):
        one.host.flush()
        assert "its signal was changed in place" in one.state["problem"]
        answer = one.ask("set", slot=slot, field="value", value=3.0)
        assert not answer["ok"]
        assert "make a new model" in answer["error"]
    assert model[0].A.value == 30.0


def test_views_follow_a_signal_that_keeps_its_sizes(page, view, model):
    shown = view(model)
    model.signal.crop(0, 0, 4)
    model[0].A.value = 12.0
    shown.host.flush()
    assert shown.state["problem"] == ""
    assert shown.shown("left.A") == 12.0


def test_a_component_in_a_model_is_estimated_and_fitted_from_its_own_gui(page, view, model):
    left = view(model["left"])
    assert left.state["spec"]["components"][0]["in_model"]
    name = left.state["spec"]["components"][0]["id"]
    model["left"].A.value = 1.0
    assert left.ask("estimate", component=name, low=0.0, high=10.0)["ok"]
    assert left.ask("per_pixel", component=name, value=True)["ok"]
    assert model["left"].A.value > 10
    message = {"id": "w", "kind": "fit_component", "component": name, "low": 0.0, "high": 10.0}
    left.receive({"method": "custom", "content": message})
    assert page.wait_for(lambda: left.answers()[-1]["id"] == "w")
    assert left.answers()[-1]["ok"]
    assert model["left"].active_is_multidimensional


def test_a_component_in_no_model_says_so(page, view):
    alone = view(hs.model.components1D.Gaussian())
    assert not alone.state["spec"]["components"][0]["in_model"]
