"""After any sequence of edits, from wherever they came, the core and all views agree."""

from collections.abc import Iterator
from contextlib import suppress
from unittest import mock

import comm
import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from ipywidgets import Widget

import hsjupyter.api as hs
from hsjupyter.core.errors import BoundsError
from hsjupyter.gui.spec import known
from tests.gui.conftest import two_lines
from tests.gui.wire import FakeComm, Page, View

NUMBERS = st.floats(-1e3, 1e3, allow_nan=False)
PLACES = st.integers(0, 30)


class Edits(RuleBasedStateMachine):
    """A person at the kernel, and two at their browsers."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        kind = type("PageComm", (FakeComm,), {"page": self.page})
        self.patch = mock.patch.object(comm, "create_comm", kind)
        self.patch.start()
        self.model = two_lines()
        gui = self.model.gui(display=False)["ipywidgets"]["wdict"]["host"]
        plot = self.model.plot(display=False)["ipywidgets"]["wdict"]["host"]
        self.views = [View(self.page, gui), View(self.page, plot)]

    def teardown(self) -> None:
        Widget.close_all()
        self.patch.stop()

    def parameter(self, place: int) -> hs.Component:
        return self.model.parameters[place % len(self.model.parameters)]

    @rule(place=PLACES, value=NUMBERS)
    def the_kernel_sets_a_value(self, place: int, value: float) -> None:
        self.parameter(place).value = value

    @rule(place=PLACES, value=NUMBERS | st.none(), which=st.sampled_from(["bmin", "bmax"]))
    def the_kernel_sets_a_bound(self, place: int, value: float | None, which: str) -> None:
        with suppress(BoundsError):
            setattr(self.parameter(place), which, value)

    @rule(view=st.integers(0, 1), place=PLACES, value=NUMBERS)
    def a_browser_moves_a_slider(self, view: int, place: int, value: float) -> None:
        shown = self.views[view]
        slots = shown.state["spec"]["slots"]
        slot = slots[place % len(slots)]
        parameter = self.model.parameters[place % len(slots)]
        other = self.views[1 - view]
        before = len(shown.page.messages)
        was = parameter.value
        answer = shown.ask("set", slot=slot, field="value", value=value)
        assert answer["ok"]
        assert parameter.value == parameter.clamp(value)
        news = shown.page.messages[before:]
        mine, theirs = (
            [m for m in news if m[0] == one.name and not of_map(m)] for one in (shown, other)
        )
        # One message each way: the request; the answer, after the columns where they changed.
        changed = int(parameter.value != was)
        assert changed <= len(mine) - 1 <= 1
        assert changed <= len(theirs) <= 1

    @rule(
        view=st.integers(0, 1),
        place=PLACES,
        field=st.sampled_from(["free", "bmin", "bmax"]),
        number=NUMBERS,
        switch=st.booleans(),
    )
    def a_browser_sets_a_field(
        self, view: int, place: int, field: str, number: float, switch: bool
    ) -> None:
        shown = self.views[view]
        slots = shown.state["spec"]["slots"]
        value = switch if field == "free" else number
        answer = shown.ask("set", slot=slots[place % len(slots)], field=field, value=value)
        assert answer["ok"] or "above" in answer["error"]

    @rule(x=st.integers(0, 3), y=st.integers(0, 2), view=st.integers(0, 1))
    def a_browser_moves_to_a_pixel(self, x: int, y: int, view: int) -> None:
        assert self.views[view].ask("pixel", indices=[x, y])["ok"]
        assert self.model.axes_manager.indices == (x, y)

    @rule(
        view=st.integers(0, 1),
        places=st.lists(PLACES, min_size=1, max_size=4),
        field=st.sampled_from(["value", "free", "bmin", "bmax"]),
        number=NUMBERS,
        switch=st.booleans(),
    )
    def a_browser_sets_many(
        self, view: int, places: list[int], field: str, number: float, switch: bool
    ) -> None:
        shown = self.views[view]
        slots = shown.state["spec"]["slots"]
        chosen = [slots[place % len(slots)] for place in places]
        value = switch if field == "free" else number
        before = [(p.value, p.free, p.bmin, p.bmax) for p in self.model.parameters]
        answer = shown.ask("set_many", slots=chosen, field=field, value=value)
        if not answer["ok"]:
            assert "above" in answer["error"]
            after = [(p.value, p.free, p.bmin, p.bmax) for p in self.model.parameters]
            assert after == before

    @rule(view=st.integers(0, 1), kind=st.sampled_from(["undo", "redo"]))
    def a_browser_goes_back_or_again(self, view: int, kind: str) -> None:
        shown, other = self.views[view], self.views[1 - view]
        mine = len(shown.answers())
        before = len(other.answers())
        possible = bool((self.views[0].state["history"] or {}).get(kind))
        assert shown.ask(kind)["ok"] == possible
        assert (len(shown.answers()), len(other.answers())) == (mine + 1, before)

    @rule(view=st.integers(0, 1))
    def a_browser_fits(self, view: int) -> None:
        shown = self.views[view]
        before = len(shown.answers())
        shown.receive({"method": "custom", "content": {"id": "fit", "kind": "fit"}})
        # It works in a thread of its own; a model that cannot be fitted says why.
        assert shown.page.wait_for(lambda: len(shown.answers()) > before)

    @rule()
    def the_kernel_stores(self) -> None:
        self.model.store_working_values()

    @rule(place=PLACES)
    def a_component_is_switched(self, place: int) -> None:
        if len(self.model):
            component = self.model[place % len(self.model)]
            component.active = not component.active

    @rule()
    def a_component_is_added(self) -> None:
        if len(self.model) < 6:
            self.model.append(hs.model.components1D.Gaussian())

    @rule(place=PLACES)
    def a_component_is_removed(self, place: int) -> None:
        if len(self.model) > 1:
            self.model.remove(place % len(self.model))

    @invariant()
    def all_agree(self) -> None:
        model = self.model
        for view in self.views:
            view.host.flush()
            state = view.state
            assert state["values"] == model.row().tolist()
            assert state["std"] == [known(n) for n in stds(model)]
            for name in ("free", "bmin", "bmax"):
                assert state[name] == [getattr(p, name) for p in model.parameters]
            assert state["active"] == [c.active for c in model]
            assert state["pixel"] == list(model.axes_manager.indices)
            assert [c["name"] for c in state["spec"]["components"]] == [c.name for c in model]


def of_map(message: tuple[str, str, dict[str, object]]) -> bool:
    """Whether it tells of the map alone, which comes by itself, a moment after an edit."""
    state = message[2].get("state")
    return isinstance(state, dict) and {"map", "map_values"} >= set(state)


def stds(model: object) -> Iterator[float | None]:
    for parameter in model.parameters:
        yield from [parameter.std] if not isinstance(parameter.std, tuple) else parameter.std


Edits.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
test_core_and_views_agree = pytest.mark.timeout(120)(Edits.TestCase)
