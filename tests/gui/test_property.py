"""After any sequence of edits, from wherever they came, the core and all views agree."""

import json
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from typing import Any
from unittest import mock

import comm
import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from ipywidgets import Widget

import hsjupyter.api as hs
from hsjupyter.core.errors import FitError, HSJupyterError, HSJupyterWarning
from hsjupyter.gui.look import SWITCHES
from hsjupyter.gui.spec import known
from hsjupyter.gui.table import COLUMNS, Table
from tests.gui.conftest import two_lines
from tests.gui.wire import FakeComm, Page, View

NUMBERS = st.floats(-1e3, 1e3, allow_nan=False)
PLACES = st.integers(0, 30)
VIEWS = st.integers(0, 2)
OF_MODEL = st.integers(0, 1)
NAMES = st.sampled_from(["left", "right", "Gaussian", "  a b ", "<b>x</b>", "", "é" * 300])
LINKS = st.sampled_from(["", "2 * left.A", "left.sigma", "right.centre + 1", "nobody.A", "1 +"])
TYPES = st.sampled_from(["Gaussian", "Offset", "Polynomial", "Nothing"])
LATER = {"map", "map_values", "pushed", "uncertainty"}
"""What is evaluated after an edit, and sent by itself: the map, and lines that the kernel draws."""
MOST = 6
"""Components of a model: a longer one is not another case."""


class Edits(RuleBasedStateMachine):
    """A person at the kernel, and three at their browsers: two of the model, one of a component."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        kind = type("PageComm", (FakeComm,), {"page": self.page})
        self.until_its_end = ExitStack()
        self.until_its_end.enter_context(mock.patch.object(comm, "create_comm", kind))
        # Edits at random are warned of, as persons are; here they are not errors.
        self.until_its_end.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", HSJupyterWarning)
        self.model = two_lines()
        self.left = self.model["left"]
        shown = [self.model.gui, self.model.plot, self.left.gui]
        hosts = [show(display=False)["ipywidgets"]["wdict"]["host"] for show in shown]
        self.views = [View(self.page, host) for host in hosts]

    def teardown(self) -> None:
        Widget.close_all()
        self.until_its_end.close()

    # -- what is expected --------------------------------------------------------------------------

    @contextmanager
    def one_message_each_way(self, asker: View | None = None) -> Iterator[None]:
        """One change: a message to each view of which something changed, an answer to who asked."""
        before = [told(view) for view in self.views]
        start = len(self.page.messages)
        # The change is whole before a frame is sent: what travels does not hang on the clock.
        with self.model.lock:
            yield
        for view, was in zip(self.views, before, strict=True):
            view.host.flush()
            mine = [data for name, _, data in self.page.messages[start:] if name == view.name]
            updates = [
                d["state"] for d in mine if d.get("method") == "update" and not comes_later(d)
            ]
            answers = [d for d in mine if d.get("method") == "custom" and "id" in d["content"]]
            assert len(updates) == int(told(view) != was), updates
            assert len(answers) == int(view is asker)
            # Nothing travels that a browser has already.
            for update in updates:
                assert {k: v for k, v in update.items() if k not in LATER and was[k] == v} == {}

    def ask(self, view: View, kind: str, **fields: Any) -> dict[str, Any]:
        """A request of a browser, carried out whole or not at all."""
        before = core(self.model)
        with self.one_message_each_way(view):
            answer = view.ask(kind, **fields)
        if not answer["ok"]:
            assert answer["error"]
            assert core(self.model) == before
        return answer

    def do(self, edit: Any) -> None:
        """An edit in a cell, made or refused."""
        before, refused = core(self.model), ""
        with self.one_message_each_way():
            try:
                edit()
            except (HSJupyterError, ValueError) as why:
                refused = str(why)
        if refused:
            assert core(self.model) == before, refused

    def number_of(self, view: View, place: int) -> tuple[str, Any, int | None]:
        """A slot of a view, with the parameter and the element that it is of."""
        of_left = view is self.views[2]
        all_of = [
            (p, k if isinstance(p.value, tuple) else None)
            for p in (self.left.parameters if of_left else self.model.parameters)
            for k in range(len(p.value) if isinstance(p.value, tuple) else 1)
        ]
        slots = view.state["spec"]["slots"]
        assert len(slots) == len(all_of)
        return slots[place % len(slots)], *all_of[place % len(slots)]

    def component(self, place: int) -> Any:
        return self.model[place % len(self.model)]

    def id_of(self, place: int) -> str:
        spec = self.views[0].state["spec"]
        return str(spec["components"][place % len(self.model)]["id"])

    # -- edits in a cell ---------------------------------------------------------------------------

    @rule(place=PLACES, value=NUMBERS)
    def the_kernel_sets_a_value(self, place: int, value: float) -> None:
        parameter = self.model.parameters[place % len(self.model.parameters)]
        wanted = (value,) * len(parameter.value) if isinstance(parameter.value, tuple) else value
        self.do(lambda: setattr(parameter, "value", wanted))

    @rule(
        place=PLACES,
        value=NUMBERS | st.none(),
        which=st.sampled_from(["bmin", "bmax", "free"]),
        switch=st.booleans(),
    )
    def the_kernel_sets_a_field(
        self, place: int, value: float | None, which: str, switch: bool
    ) -> None:
        parameter = self.model.parameters[place % len(self.model.parameters)]
        self.do(lambda: setattr(parameter, which, switch if which == "free" else value))

    @rule(place=PLACES, other=PLACES)
    def the_kernel_ties(self, place: int, other: int) -> None:
        parameters = self.model.parameters
        one, two = (parameters[k % len(parameters)] for k in (place, other))
        self.do(lambda: setattr(one, "twin", None if one is two else two))

    @rule(x=st.integers(0, 3), y=st.integers(0, 2))
    def the_kernel_goes_to_a_pixel(self, x: int, y: int) -> None:
        self.do(lambda: setattr(self.model.axes_manager, "indices", (x, y)))

    @rule()
    def the_kernel_stores(self) -> None:
        self.do(self.model.store_working_values)

    @rule()
    def the_kernel_fits(self) -> None:
        self.do(self.model.fit)

    @rule(place=PLACES, name=NAMES)
    def the_kernel_names(self, place: int, name: str) -> None:
        self.do(lambda: setattr(self.component(place), "name", name))

    @rule(place=PLACES)
    def the_kernel_switches_a_component(self, place: int) -> None:
        one = self.component(place)
        self.do(lambda: setattr(one, "active", not one.active))

    @rule(kind=st.sampled_from(["Gaussian", "Offset", "Polynomial"]))
    def the_kernel_adds_a_component(self, kind: str) -> None:
        if len(self.model) < MOST:
            self.do(lambda: self.model.append(getattr(hs.model.components1D, kind)()))

    @rule(place=PLACES)
    def the_kernel_removes_a_component(self, place: int) -> None:
        if len(self.model) > 1:
            self.do(lambda: self.model.remove(self.component(place)))

    # -- edits in a browser ------------------------------------------------------------------------

    @rule(view=VIEWS, place=PLACES, value=NUMBERS)
    def a_browser_moves_a_slider(self, view: int, place: int, value: float) -> None:
        slot, parameter, element = self.number_of(self.views[view], place)
        tied = parameter.twin is not None or parameter.twin_function_expr
        answer = self.ask(self.views[view], "set", slot=slot, field="value", value=value)
        if not tied:
            assert answer["ok"]
            now = parameter.value if element is None else parameter.value[element]
            clamped = parameter.clamp(value if element is None else (value,) * len(parameter.value))
            assert now == (clamped if element is None else clamped[element])

    @rule(
        view=VIEWS,
        place=PLACES,
        field=st.sampled_from(["free", "bmin", "bmax"]),
        number=NUMBERS | st.none(),
        switch=st.booleans(),
    )
    def a_browser_sets_a_field(
        self, view: int, place: int, field: str, number: float | None, switch: bool
    ) -> None:
        slot, *_ = self.number_of(self.views[view], place)
        value = switch if field == "free" else number
        self.ask(self.views[view], "set", slot=slot, field=field, value=value)

    @rule(
        view=VIEWS,
        places=st.lists(PLACES, min_size=1, max_size=4),
        change=st.one_of(
            st.tuples(st.sampled_from(["value", "bmin", "bmax"]), NUMBERS),
            st.tuples(st.just("free"), st.booleans()),
            st.tuples(st.just("link"), LINKS),
        ),
    )
    def a_browser_sets_many(self, view: int, places: list[int], change: tuple[str, Any]) -> None:
        chosen = [self.number_of(self.views[view], place)[0] for place in places]
        field, value = change
        self.ask(self.views[view], "set_many", slots=chosen, field=field, value=value)

    @rule(view=VIEWS, place=PLACES, law=LINKS)
    def a_browser_links_or_resets(self, view: int, place: int, law: str) -> None:
        slot, *_ = self.number_of(self.views[view], place)
        if place % 2:
            self.ask(self.views[view], "link", slot=slot, expression=law)
        else:
            self.ask(self.views[view], "reset", slot=slot)

    @rule(x=st.integers(0, 3), y=st.integers(0, 2), view=OF_MODEL)
    def a_browser_goes_to_a_pixel(self, x: int, y: int, view: int) -> None:
        assert self.ask(self.views[view], "pixel", indices=[x, y])["ok"]
        assert self.model.axes_manager.indices == (x, y)

    @rule(view=OF_MODEL, kind=st.sampled_from(["undo", "redo"]))
    def a_browser_goes_back_or_again(self, view: int, kind: str) -> None:
        possible = bool(self.views[0].state["history"][kind])
        assert self.ask(self.views[view], kind)["ok"] == possible

    @rule(view=OF_MODEL, kind=st.sampled_from(["store", "script", "stored"]))
    def a_browser_presses_a_button(self, view: int, kind: str) -> None:
        self.ask(self.views[view], kind)

    @rule(view=OF_MODEL, kind=st.sampled_from(["fit", "guess", "multifit"]))
    def a_browser_fits(self, view: int, kind: str) -> None:
        """It works in threads of its own: its progress is told in as many messages as it takes."""
        asker, other = self.views[view], self.views[1 - view]
        before, others = len(asker.answers()), len(other.answers())
        asker.receive({"method": "custom", "content": {"id": "fit", "kind": kind}})
        assert self.page.wait_for(lambda: len(asker.answers()) > before)
        run = self.model.run if kind == "multifit" else None
        if run is not None:
            with suppress(FitError):
                run.wait()
        for one in self.views[:2]:
            # Not while the page is held: what is sent meanwhile could not come.
            one.host.flush()
            assert self.page.wait_for(lambda one=one: not one.state["busy"])
        assert (len(asker.answers()), len(other.answers())) == (before + 1, others)

    @rule(
        view=OF_MODEL,
        place=PLACES,
        change=st.one_of(
            st.tuples(st.just("name"), st.just("value"), NAMES),
            st.tuples(st.just("colour"), st.just("value"), st.sampled_from(["#123456", "#ffffff"])),
            st.tuples(st.sampled_from(["active", "per_pixel"]), st.just("value"), st.booleans()),
            st.tuples(st.just("move"), st.just("to"), st.lists(PLACES, min_size=1, max_size=1)),
            st.tuples(st.just("hide"), st.just("on"), st.booleans()),
        ),
    )
    def a_browser_edits_a_component(
        self, view: int, place: int, change: tuple[str, str, Any]
    ) -> None:
        kind, field, value = change
        whose = "what" if kind == "hide" else "component"
        self.ask(self.views[view], kind, **{whose: self.id_of(place), field: value})

    @rule(view=OF_MODEL, name=TYPES, formula=st.sampled_from(["", "", "a * x + b", "a +"]))
    def a_browser_adds_a_component(self, view: int, name: str, formula: str) -> None:
        if len(self.model) < MOST:
            self.ask(self.views[view], "add", component=name, formula=formula)

    @rule(view=OF_MODEL, place=PLACES)
    def a_browser_removes_a_component(self, view: int, place: int) -> None:
        if len(self.model) > 1:
            assert self.ask(self.views[view], "remove", component=self.id_of(place))["ok"]

    @rule(view=OF_MODEL, what=st.sampled_from([*SWITCHES, "nothing"]), on=st.booleans())
    def a_browser_changes_the_look(self, view: int, what: str, on: bool) -> None:
        self.ask(self.views[view], "look", what=what, on=on)

    @rule(
        view=OF_MODEL,
        kind=st.sampled_from(["keep", "restore", "forget", "differences"]),
        name=st.sampled_from(["a", "b"]),
    )
    def a_browser_keeps_models(self, view: int, kind: str, name: str) -> None:
        there = name in list(self.model.signal.models)
        answer = self.ask(self.views[view], kind, name=name)
        assert answer["ok"] or not there
        listed = self.views[view].ask("stored")["text"].split()
        assert listed == list(self.model.signal.models)

    # -- what holds after each ---------------------------------------------------------------------

    @invariant()
    def all_agree(self) -> None:
        things = [self.model, self.model, self.left]
        for view, thing in zip(self.views, things, strict=True):
            view.host.flush()
            fresh = Table(thing, lambda _: None)
            for column in COLUMNS:
                assert view.state[column] == plain(fresh.column(column)), column
            for part, now in plain(fresh.spec()).items():
                assert view.state["spec"][part] == now, part
            fresh.detach()
        model, left = self.model, self.left
        for view in self.views[:2]:
            state = view.state
            assert state["values"] == model.row().tolist()
            assert state["pixel"] == list(model.axes_manager.indices)
            assert state["active"] == [c.active for c in model]
            assert state["per_pixel"] == [c.active_is_multidimensional for c in model]
            assert [c["name"] for c in state["spec"]["components"]] == [c.name for c in model]
            check_parameters(state, model.parameters)
        assert self.views[0].state["history"] == self.views[1].state["history"]
        check_parameters(self.views[2].state, left.parameters)
        assert self.views[2].state["active"] == [left.active]


def check_parameters(state: dict[str, Any], parameters: Any) -> None:
    """What a view tells of parameters is what they are."""
    every = [(p, k) for p in parameters for k, _ in enumerate(flat(p.value))]
    assert state["values"] == [flat(p.value)[k] for p, k in every]
    assert state["std"] == [known(p.std if p.std is None else flat(p.std)[k]) for p, k in every]
    for name in ("free", "bmin", "bmax"):
        assert state[name] == [getattr(p, name) for p, _ in every]
    tied = [p.twin is not None or bool(p.twin_function_expr) for p, _ in every]
    assert [one is not None for one in state["linked"]] == tied


def flat(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def core(model: Any) -> list[Any]:
    """All that an edit may change."""
    own = ("name", "active", "active_is_multidimensional")
    every = ("name", "value", "std", "free", "bmin", "bmax", "twin", "twin_function_expr")
    return [
        *([[getattr(c, n) for n in own], *fields_of(c.parameters, every)] for c in model),
        model.axes_manager.indices,
        list(model.signal.models),
    ]


def fields_of(parameters: Any, names: tuple[str, ...]) -> list[list[Any]]:
    return [[getattr(p, name) for name in names] for p in parameters]


def told(view: View) -> dict[str, Any]:
    """What a browser knows; not what comes by itself, a moment after an edit."""
    return {k: v for k, v in deepcopy(view.state).items() if k not in LATER}


def comes_later(message: dict[str, Any]) -> bool:
    """Whether it tells of nothing else than what comes by itself."""
    return set(message["state"]) <= LATER


def plain(thing: Any) -> Any:
    """As JSON has it."""
    return json.loads(json.dumps(thing))


Edits.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
test_core_and_views_agree = pytest.mark.timeout(240)(Edits.TestCase)
