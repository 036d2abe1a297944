"""Fit one component, while the others stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import unknown_name
from hsjupyter.core.estimate import estimate
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.result import FitResult
from hsjupyter.schedule.run import Run
from hsjupyter.verbs.multifit import MultifitVerbs
from hsjupyter.verbs.ranges import between, drag, ends_of


class ComponentFitVerbs(MultifitVerbs):
    """Fit one component to part of the data."""

    def fit_component(  # noqa: PLR0917 - HyperSpy's signature
        self,
        component: Component | str | int,
        signal_range: Any = "interactive",
        estimate_parameters: bool = True,
        fit_independent: bool = False,
        only_current: bool = True,
        display: bool = True,
        toolkit: Any = None,
        **words: Any,
    ) -> Any:
        """Fit one component, while all others stay as they are.

        Parameters
        ----------
        component : Component, str or int
        signal_range : tuple of float, region, 'interactive' or None
            Where to look: a pair of calibrated values, for images four; None for the signal range
            of the model; 'interactive' for a span that is chosen in the plot.
        estimate_parameters : bool
            Begin with what the data look like there, where the shape can tell.
        fit_independent : bool
            The other components do not count meanwhile; else they count and are not changed.
        only_current : bool
            False fits all pixels.
        display, toolkit
            Of the span in the plot.
        **words
            As of `fit`, or of `multifit`.

        Returns
        -------
        FitResult, or Run, or what shows the span
            Its chi squared is that of the range; where this is not the model's own, the maps of
            chi squared hold NaN, "not known", until the next fit.

        Raises
        ------
        ModelError
            Nothing of the component is free.
        AxisError
            Nothing lies in the range.
        """
        chosen = self[component]
        if isinstance(signal_range, str):
            if signal_range != "interactive":
                raise unknown_name("fit_component: signal_range", signal_range, ["interactive"])

            how = (estimate_parameters, fit_independent, only_current)
            wish = _wish(self, chosen, how, words)
            return drag(self, _form(chosen), wish, display=display, toolkit=toolkit)
        with _alone(self, chosen, independent=fit_independent):
            if signal_range is not None:
                self.channel_switches = between(self, *ends_of(signal_range))
            if estimate_parameters:
                _estimate(self, chosen, only_current=only_current)
            told = self.fit(**words) if only_current else self.multifit(**words)
        return _of_a_part(self, told) if signal_range is not None or fit_independent else told


def _of_a_part(model: BaseModel, told: FitResult | Run) -> FitResult | Run:
    """What was fitted is not the model in its range, whose chi squared is not known now."""
    where = ... if isinstance(told, Run) else model.axes_manager.map_index

    def forget(_: Any = None) -> None:
        with model.lock:
            model.maps.chisq[where] = model.maps.dof[where] = np.nan
        model.stored += 1

    forget()
    if isinstance(told, Run):  # it may still be under way
        told.observe(forget, "state")
    return told


def _form(chosen: Component) -> str:
    """What is typed where nothing can be dragged."""
    return f"m.fit_component({chosen.name!r}, signal_range=(x1, x2))"


def _wish(
    model: Any, chosen: Component, how: tuple[bool, ...], words: dict[str, Any]
) -> dict[str, Any]:
    """What a span is asked for: a fit between its ends."""

    def fit_between(*ends: float) -> Any:
        return model.fit_component(chosen, ends, *how, **words)

    return {
        "then": fit_between,
        "title": f"Fit {chosen.name}: choose where",
        "button": "Fit",
        "call": f"m.fit_component({chosen.name!r}, ({{}}), {', '.join(map(str, how))})",
        "undoable": how[-1],
    }


def _estimate(model: BaseModel, component: Component, *, only_current: bool) -> None:
    inside = model.channel_switches
    if component.dimensions > 1:
        estimate(component, model.signal, inside, only_current=only_current)
        return
    x = model.signal.signal_coordinates()[0][inside]
    low, high = float(x.min()), float(x.max())
    component.estimate_parameters(model.signal, low, high, only_current=only_current)


@contextmanager
def _alone(model: BaseModel, chosen: Component, *, independent: bool) -> Iterator[None]:
    """Let a fit change this component only, and put everything back afterwards."""
    others = [component for component in model if component is not chosen]
    free = {p: p.free for c in others for p in c.parameters}
    active, rows = {c: c.active for c in model}, model.maps.active.copy()
    model.backup_channel_switches = model.channel_switches
    try:
        for parameter in free:
            parameter.free = False
        chosen.active = True
        for component in others if independent else ():
            component.active = False
            model.maps.active_of(component)[...] = False
        yield
    finally:
        for parameter, was in free.items():
            parameter.free = was
        for component, on in active.items():
            component.active = on
        model.maps.active[...] = rows
        model.channel_switches = model.backup_channel_switches
