"""Components written as in HyperSpy, where ``function(self, x)`` reads ``self.a.value``."""

from __future__ import annotations

import inspect
import threading
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.errors import HSJupyterWarning, ModelError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.shape import Array, Coords, Row, central_differences

if TYPE_CHECKING:
    from hsjupyter.core.component import Component


# A given derivative is held against central differences once, at its first use.
_AGREES = 1e-2
_MAY_DIFFER = 0.1


class _Holder:
    """Stands in for a parameter while a line is evaluated: a number and nothing else."""

    def __init__(self, value: Any) -> None:
        self.value = value


class ClassicShape:
    """The shape of a component whose functions read ``self.a.value``.

    The functions are called with a stand-in of the same class, whose parameters hold plain
    numbers: the component itself, its traits and its views never hear of an evaluation. Each
    thread has a stand-in of its own.

    Parameters
    ----------
    kind : type
        The component's class; an engine must be able to import it.
    state : mapping of str to object
        The component's own attributes.
    traits : mapping of str to object
        The values of its traits.
    slots : mapping of str to int
        For each parameter its number of elements; 0 for one that is no vector.
    gradients : mapping of str to str
        Of each parameter that has one, the method that gives its derivative.
    """

    def __init__(
        self,
        kind: type[Component],
        state: Mapping[str, Any],
        traits: Mapping[str, Any],
        slots: Mapping[str, int],
        gradients: Mapping[str, str],
    ) -> None:
        self.kind, self.state, self.traits = kind, state, traits
        self.slots, self.gradients = slots, gradients
        self._checked: set[str] | None = None  # the derivatives that were found to be right
        self._local = threading.local()

    def __reduce__(self) -> tuple[Any, ...]:
        return ClassicShape, (self.kind, self.state, self.traits, self.slots, self.gradients)

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,)."""
        line = self._stand_in(p).function(*coords)
        return np.broadcast_to(np.asarray(line, dtype=np.float64), coords[0].shape)

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (slot, channel); central differences where not given."""
        near = None
        if self._checked is None or self._checked != self.slots.keys():
            near = central_differences(self.value, coords, p)
        rows = np.empty((len(p), *coords[0].shape)) if near is None else near.copy()
        given = self.gradients if self._checked is None else self._checked
        stand_in, start = self._stand_in(p), 0
        for name, elements in self.slots.items():
            stop = start + (elements or 1)
            if name in given:
                rows[start:stop] = getattr(stand_in, self.gradients[name])(*coords)
            start = stop
        if near is not None and self._checked is None:
            # What rounding leaves of a small difference of large values.
            rounding = 1e-9 * np.abs(self.value(coords, p)).max()
            noise = rounding / np.maximum(np.abs(np.asarray(p, dtype=np.float64)), 1e-3)
            return self._check(rows, near, noise[:, None])
        return rows

    def _check(self, rows: Array, near: Array, noise: Array) -> Array:
        """Keep the given derivatives that are derivatives, and tell of those that are not."""
        self._checked, start = set(), 0
        for name, elements in self.slots.items():
            mine = slice(start, start + (elements or 1))
            alike = _AGREES * np.abs(near[mine]).max() + noise[mine]
            off = np.abs(rows[mine] - near[mine]) > alike
            # A step in the line has no derivative; a few channels may differ.
            if off.mean() <= _MAY_DIFFER:
                self._checked |= {name} & self.gradients.keys()
            else:
                rows[mine] = near[mine]
                warnings.warn(
                    f"{self.kind.__name__}.{self.gradients[name]} is not the derivative of its "
                    f"function by {name}; central differences are used in its place; mend it, or "
                    "leave it out",
                    HSJupyterWarning,
                    stacklevel=2,
                )
            start = mine.stop
        return rows

    def _stand_in(self, p: Row) -> Component:
        made: Component | None = getattr(self._local, "made", None)
        if made is None:
            made = self.kind.__new__(self.kind)  # its __init__ is for the live component
            made.__dict__.update(self.state)
            made.__dict__.update({name: _Holder(0.0) for name in self.slots})
            for name, value in self.traits.items():
                made.set_trait(name, value)
            self._local.made = made
        numbers = [float(number) for number in p]
        start = 0
        for name, elements in self.slots.items():
            stop = start + (elements or 1)
            made.__dict__[name].value = tuple(numbers[start:stop]) if elements else numbers[start]
            start = stop
        return made


def dimensions_of(function: Callable[..., Any]) -> int:
    """How many coordinates a component's ``function(self, x, ...)`` takes."""
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = [
        each
        for each in inspect.signature(function).parameters.values()
        if each.kind in places and each.default is inspect.Parameter.empty
    ]
    return max(len(taken) - 1, 1)


def declared(kind: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Par]:
    """The parameters that ``Component.__init__(self, ("a", "b"))`` asks for.

    Parameters
    ----------
    kind : str
        The name of the class.
    values, named
        What came: the names, alone or as ``parameter_name_list``; ``linear_parameter_list`` is
        checked and not needed.

    Raises
    ------
    ModelError
        Something else came.
    UnknownNameError
        A linear parameter that is none of them.
    """
    named = dict(named)
    linear = named.pop("linear_parameter_list", None)
    names = values[0] if values else named.pop("parameter_name_list", None)
    good = isinstance(names, list | tuple) and all(isinstance(name, str) for name in names)
    if not good or len(values) > 1 or named:
        raise ModelError(
            f"{kind} defines `function`, so its __init__ names its parameters, and "
            f"{[*values, *named]!r} came; call Component.__init__(self, ('a', 'b')), and then set "
            "self.a.value and the like"
        )
    for name in linear or ():
        if name not in names:
            raise unknown_name(f"{kind}: linear_parameter_list", name, names)
    return {name: Par(linear=name in (linear or ())) for name in names}


def renewed(component: Component, names: Any, linear: Any, *, classic: bool) -> dict[str, Par]:
    """The parameters that take the place of those a hand-written component has.

    Raises
    ------
    ModelError
        It has a formula or a profile, or is in a model.
    """
    if not classic or component.model is not None:
        raise ModelError(
            f"{component!r}.init_parameters: a component that defines `function` and is in no "
            "model is wanted; declare the parameters of others in their class, with Par"
        )
    kind = type(component).__name__
    return declared(kind, (names,), {"linear_parameter_list": linear})


def plain_state(component: Component) -> dict[str, Any]:
    """The attributes that a person's own class has set beside its parameters."""
    known = {"model", "parameters", "formula_object", "position", "isbackground", "convolved"}
    return {
        name: value
        for name, value in vars(component).items()
        if name not in known
        and not isinstance(value, Parameter)
        and not name.startswith(("_trait", "_cross_validation", "_all_trait", "grad_"))
    }


def shape_of(component: Component) -> ClassicShape:
    """What of a component travels to a fit: its class, its attributes, no parameters.

    Raises
    ------
    ParameterError
        A derivative that is not a method of the component: it would read the live numbers.
    """
    gradients = {}
    for parameter in component.parameters:
        name = method_of(component, parameter)
        if name is not None:
            gradients[parameter.name] = name
    slots = {p.name: p.size if isinstance(p.value, tuple) else 0 for p in component.parameters}
    traits = component.trait_values()
    del traits["model"]  # a shape belongs to none, and travels
    return ClassicShape(type(component), plain_state(component), traits, slots, gradients)


def method_of(component: Component, parameter: Parameter) -> str | None:
    """The name of the method that gives the derivative by a parameter; None for none."""
    given = parameter.own_grad
    if given is None:
        name = f"grad_{parameter.name}"
        return name if hasattr(type(component), name) else None
    name = getattr(given, "__name__", "")
    if getattr(given, "__self__", None) is not component or not hasattr(type(component), name):
        raise ParameterError(
            f"{parameter}.grad: {given!r} came; a method of {component!r} is wanted, so that it "
            f"can be called with other numbers; define grad_{parameter.name}(self, x) in its class"
        )
    return name
