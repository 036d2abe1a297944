"""The structure of what is shown, as plain records."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from hsjupyter.components.expression import ANGLE
from hsjupyter.core.axes import Axis
from hsjupyter.core.component import Component
from hsjupyter.core.form import Form
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.gui.extras import describe_extras
from hsjupyter.gui.grips import grips_of, height_of, width_of
from hsjupyter.gui.names import colour_of, name_of, slot_names, top_of
from hsjupyter.gui.records import AxisRecord, ComponentRecord, ParameterRecord, QualityRecord, Spec
from hsjupyter.samfire import Samfire

NEEDS_MORE = frozenset({"Expression"})
"""Components that are not made from their name alone."""


def addable(model: BaseModel) -> list[str]:
    """The names of all components that can be added to a model by their name alone."""
    return addable_in(model.axes_manager.signal_dimension)


def addable_in(dimensions: int) -> list[str]:
    """The names of all components of so many signal dimensions that need no more than a name."""
    return list(_addable(dimensions, tuple(COMPONENTS)))


@lru_cache(maxsize=8)
def _addable(dimensions: int, names: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for name in names:
        component = COMPONENTS[name]
        if name in NEEDS_MORE or getattr(component, "dimensions", 0) != dimensions:
            continue
        try:
            component()
        except Exception:  # noqa: BLE001, S112 - see below
            # It wants to be told more, as an edge its element; or it is a person's own class, which
            # may raise anything, and must not keep the model off the screen.
            continue
        found.append(name)
    return tuple(sorted(found, key=str.lower))


@lru_cache(maxsize=8)
def clickable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some components that a click can place: of a position, a height and a width."""
    made = {name: COMPONENTS[name]() for name in names}
    return tuple(
        name
        for name, one in made.items()
        if isinstance(one.position, str)
        and height_of(one) is not None
        and width_of(one) is not None
    )


def components_of(thing: Any) -> tuple[Component, ...]:
    """The components that a host of this thing shows; none for a lone parameter."""
    if isinstance(thing, BaseModel):
        return tuple(thing)
    if isinstance(thing, Parameter):
        return () if thing.component is None else (thing.component,)
    return (thing,) if isinstance(thing, Component) else ()


def parameters_of(thing: Any) -> tuple[Parameter, ...]:
    """The parameters that a host of this thing shows, in the order of its columns."""
    if isinstance(thing, Parameter):
        return (thing,)
    return tuple(thing.parameters) if isinstance(thing, BaseModel | Component) else ()


def known(number: float | None) -> float | None:
    """The number, or None where JSON has no word for it."""
    return None if number is None or not math.isfinite(number) else float(number)


def describe(thing: Any) -> Spec:
    """The structure of a model, a component or a parameter, as the browser is told it."""
    slots: list[str] = []
    components = []
    shown = set(parameters_of(thing))
    for component in components_of(thing):
        records = []
        for parameter in (p for p in component.parameters if p in shown):
            records.append(_parameter(component, parameter, len(slots)))
            slots += slot_names(component, parameter)
        components.append(_component(component, records, alone=isinstance(thing, Parameter)))
    if isinstance(thing, Parameter) and not components:  # one that belongs to no component
        records = [_parameter(None, thing, 0)]
        slots += slot_names(None, thing)
        components.append(_nobody(name_of(thing), records))
    model = top_of(thing) if isinstance(thing, BaseModel | Samfire) else None
    navigation = () if model is None else model.axes_manager.navigation_axes
    return Spec(
        title=_title(thing),
        slots=slots,
        components=components,
        addable=[] if model is None else addable(model),
        peaks=[] if model is None else list(clickable(tuple(addable(model)))),
        signal=None if model is None else _signal_axis(model),
        navigation=[describe_axis(axis) for axis in navigation],
    )


def _title(thing: Any) -> str:
    if isinstance(thing, Samfire):
        return f"SAMFire: {_title(thing.model)}"
    if isinstance(thing, BaseModel):
        return str(thing.signal.metadata.get_item("General.title", "")) or "Model"
    if isinstance(thing, Form):
        return thing.title
    return str(thing.name) if isinstance(thing, Component) else str(thing)


def _component(
    component: Component, records: list[ParameterRecord], *, alone: bool
) -> ComponentRecord:
    formula = component.formula_object
    position = component.position if isinstance(component.position, str) else None
    places = {record["name"]: record["slots"][0] for record in records}
    return ComponentRecord(
        id=name_of(component),
        name=component.name,
        type=type(component).__name__,
        in_model=component.model is not None,
        dimensions=component.dimensions,
        colour=colour_of(component),
        formula="" if formula is None else formula.text,
        # One slider cannot draw a line: the other numbers are not there.
        js=None if alone else javascript_of(component),
        position=None if position is None else places.get(position),
        **grips_of(component, places),
        extras=describe_extras(component),
        parameters=records,
    )


def javascript_of(component: Component) -> str | None:
    """What a browser evaluates the component by; None where only the kernel can."""
    formula, model = component.formula_object, component.model
    spread = model is not None and model.low_loss is not None and component.convolved
    return None if formula is None or spread else formula.javascript()


def _nobody(name: str, records: list[ParameterRecord]) -> ComponentRecord:
    return ComponentRecord(
        id=name,
        name="",
        type="",
        in_model=False,
        dimensions=1,
        colour="#8a8a8a",
        formula="",
        js=None,
        position=None,
        height=None,
        width=None,
        reach=1.0,
        extras=[],
        parameters=records,
    )


def _parameter(component: Component | None, parameter: Parameter, start: int) -> ParameterRecord:
    default = parameter.default
    return ParameterRecord(
        name=parameter.name,
        doc=parameter.doc,
        units=parameter.units,
        vector=isinstance(parameter.value, tuple),
        slots=list(range(start, start + parameter.size)),
        elements=list(parameter.slot_names),
        default=list(default) if isinstance(default, tuple) else [default],
        hint=_hint(component, parameter),
    )


def _hint(component: Component | None, parameter: Parameter) -> list[float] | None:
    """Where a slider without bounds may go: a position along the axis, an angle once around."""
    if parameter.name == ANGLE and parameter.par.unit == "rad":
        return [-math.pi, math.pi]
    model = None if component is None else component.model
    if component is None or model is None:
        return None
    names = component.position
    places = (names,) if isinstance(names, str) else names or ()
    if parameter.name not in places:
        return None
    axis = model.axes_manager.signal_axes[places.index(parameter.name)]
    return [axis.low_value, axis.high_value]


def _signal_axis(model: BaseModel) -> AxisRecord:
    record = describe_axis(model.axes_manager.signal_axes[0])
    # The browser has its values as ``host.x``.
    return AxisRecord(**{**record, "positions": None})


def describe_axis(axis: Axis) -> AxisRecord:
    """An axis as the browser is told it."""
    scale, offset = getattr(axis, "scale", 1.0), getattr(axis, "offset", 0.0)
    return AxisRecord(
        name=axis.name,
        units=axis.units,
        size=axis.size,
        scale=scale,
        offset=offset,
        positions=None if axis.is_uniform else axis.axis.tolist(),
    )


def quality_of(thing: Any) -> QualityRecord | None:
    """Chi squared of the current pixel; None for what is not a model."""
    if not isinstance(thing, BaseModel):
        return None
    where = thing.axes_manager.map_index
    chisq, free = float(thing.maps.chisq[where]), float(thing.maps.dof[where])
    channels = int(thing.channel_switches.sum())
    left = channels - free
    return QualityRecord(
        chisq=known(chisq),
        reduced_chisq=known(chisq / left) if left > 0 else None,
        free=sum(p.size for c in thing if c.active for p in c.free_parameters),
        channels=channels,
    )
