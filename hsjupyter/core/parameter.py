"""`Par`, what a parameter is declared to be, and `Parameter`, the live number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import BoundsError, ModelError, ParameterError, TwinError
from hsjupyter.core.twins import LINK_TRAITS, Link, make_link

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.maps import MapView
    from hsjupyter.core.signal import BaseSignal

Value = float | tuple[float, ...]
Gradient = Callable[..., Any]


@dataclass(frozen=True)
class Par:
    """The declaration of a parameter, written once in a component's class.

    Parameters
    ----------
    value : float or tuple of float
        What it starts as; a tuple makes a vector parameter.
    bmin, bmax : float, optional
        Bounds, inclusive; None for none.
    free : bool
        Whether a fit may change it.
    unit : str
        In words of the data: ``x``, ``y``, ``y·x``, ``1/x``; empty for a pure number.
    doc : str
        What it means; shown in docs and tooltips.
    elements : tuple of str
        For a vector parameter, the name of each element in the formula.
    """

    value: Value = 0.0
    bmin: float | None = None
    bmax: float | None = None
    free: bool = True
    unit: str = ""
    doc: str = ""
    elements: tuple[str, ...] = ()

    @overload
    def __get__(self, owner: None, kind: type) -> Par: ...
    @overload
    def __get__(self, owner: object, kind: type) -> Parameter: ...
    def __get__(self, owner: object, kind: type) -> Par | Parameter:
        # An instance holds its Parameter under the same name and hides this declaration; the
        # method stands here so that `gaussian.sigma` has the right type for checkers.
        return self


class Parameter(t.HasTraits):
    """A number of a component which a fit may change: value, error, bounds, free or not.

    Parameters
    ----------
    name : str
        Its name in the component.
    par : Par
        Its declaration.
    component : Component, optional
        Whose it is.
    """

    name = t.Unicode("", help="name in the component")
    value = t.Any(help="working value at the current pixel: a float, or a tuple for a vector")
    std = t.Any(None, allow_none=True, help="standard deviation of the value; None if not known")
    free = t.Bool(True, help="a fit may change it")
    bmin = t.Float(None, allow_none=True, help="lower bound, inclusive; None for none")
    bmax = t.Float(None, allow_none=True, help="upper bound, inclusive; None for none")
    units = t.Unicode("", help="units of the value")
    twin = t.Any(None, allow_none=True, help="the parameter that this one follows; None for none")
    twin_function_expr = t.Unicode("", help="this value as a formula of the one it follows")
    twin_inverse_function_expr = t.Unicode("", help="the way back; found where it can be")

    def __init__(
        self, name: str, par: Par | None = None, component: Component | None = None
    ) -> None:
        par = par or Par()
        self.par = par
        self.component = component
        vector = isinstance(par.value, tuple)
        self._elements = len(par.value) if isinstance(par.value, tuple) else 0
        self.slot_names: tuple[str, ...] = (
            (par.elements or tuple(f"{name}_{i}" for i in range(self._elements)))
            if vector
            else (name,)
        )
        self.link: Link | None = None
        self._following = False
        self._grad: Gradient | None = None
        self._free_when_unlinked = par.free
        super().__init__(name=name, value=par.value, free=par.free)
        self.set_bounds(par.bmin, par.bmax)

    # -- what may be set ---------------------------------------------------------------------

    @t.validate("value")
    def _value_is_numbers(self, proposal: dict[str, Any]) -> Value:
        value = self._numbers(proposal["value"], "value")
        if self.link is None or self._following:
            return value
        return self._lead_back(value)

    @t.validate("std")
    def _std_is_numbers(self, proposal: dict[str, Any]) -> Value | None:
        std = proposal["value"]
        return None if std is None else self._numbers(std, "std", finite=False)

    def _numbers(self, given: Any, what: str, *, finite: bool = True) -> Value:
        wanted = f"a tuple of {self._elements} numbers" if self._elements else "a number"
        try:
            array = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty((0,))
        if isinstance(given, str | bytes) or array.shape != (
            (self._elements,) if self._elements else ()
        ):
            raise ParameterError(f"{self}.{what}: {given!r} came; {wanted} is wanted")
        if finite and not np.isfinite(array).all():
            raise ParameterError(
                f"{self}.{what}: {given!r} came; {wanted} that is finite is wanted; use "
                "free=False and a plain value for a parameter that must not count"
            )
        return tuple(array.tolist()) if self._elements else float(array)

    @t.validate("free")
    def _a_follower_is_not_free(self, proposal: dict[str, Any]) -> bool:
        free = bool(proposal["value"])
        if free and self.link is not None:
            raise TwinError(
                f"{self} follows {', '.join(map(str, self.link.sources))}, so a fit cannot change "
                "it by itself; free what it follows, or set its twin = None"
            )
        return free

    @t.validate("bmin", "bmax")
    def _bounds_do_not_cross(self, proposal: dict[str, Any]) -> float | None:
        which, bound = proposal["trait"].name, proposal["value"]
        if bound is not None and np.isnan(bound):
            raise BoundsError(f"{self}.{which}: nan came; a number or None is wanted")
        bmin = bound if which == "bmin" else self.bmin
        bmax = bound if which == "bmax" else self.bmax
        if bmin is not None and bmax is not None and bmin > bmax:
            raise BoundsError(
                f"{self}: bmin={bmin:g} is above bmax={bmax:g}; set the other one first, or both "
                "with set_bounds(bmin, bmax)"
            )
        return None if bound is None or np.isinf(bound) else float(bound)

    def set_bounds(self, bmin: float | None, bmax: float | None) -> None:
        """Set both bounds at once.

        Raises
        ------
        BoundsError
            ``bmin`` is above ``bmax``.
        """
        if bmin is not None and bmax is not None and bmin > bmax:
            raise BoundsError(
                f"{self}: bmin={bmin:g} is above bmax={bmax:g}; give the smaller one first"
            )
        # Widen first: between the two steps the pair must not cross.
        if self.bmax is None or bmin is None or bmin <= self.bmax:
            self.bmin, self.bmax = bmin, bmax
        else:
            self.bmax, self.bmin = bmax, bmin

    # -- following another -----------------------------------------------------------------------

    @t.validate("twin")
    def _twin_is_a_parameter(self, proposal: dict[str, Any]) -> Parameter | None:
        twin = proposal["value"]
        if twin is not None and not isinstance(twin, Parameter):
            raise TwinError(
                f"{self}.twin: {twin!r} came; a parameter is wanted, such as gaussian.sigma, or "
                "None"
            )
        return twin

    @t.observe(*LINK_TRAITS)
    def _relink(self, change: Any) -> None:
        old = self.link
        try:
            link = make_link(self)
        except ValueError:
            # Nothing is changed by a word that cannot be.
            self._trait_values[change["name"]] = change["old"]
            raise
        for source in () if old is None else old.sources:
            source.unobserve(self._follow, "value")
        if old is None and link is not None:
            self._free_when_unlinked = self.free
        self.link = link
        if link is None:
            if old is not None:
                self.free = self._free_when_unlinked
            return
        self.free = False
        for source in link.sources:
            source.observe(self._follow, "value")
        self._follow(None)

    def _follow(self, _change: Any) -> None:
        if self.link is None:
            return
        columns = zip(*(source.flat() for source in self.link.sources), strict=True)
        numbers = tuple(self.link.law.value(column) for column in columns)
        self._following = True
        try:
            self.value = numbers if isinstance(self.value, tuple) else numbers[0]
        finally:
            self._following = False

    def _lead_back(self, value: Value) -> Value:
        """Set what this one follows so that it takes a value; the value it then has."""
        link = self.link
        numbers = value if isinstance(value, tuple) else (value,)
        back = None if link is None else [link.back(number) for number in numbers]
        if link is None or back is None or None in back:
            raise TwinError(
                f"{self} follows {self.twin_function_expr!r} of other parameters and there is no "
                "way back from it; set what it follows, or give twin_inverse_function_expr"
            )
        source = link.sources[0]
        source.value = tuple(back) if isinstance(source.value, tuple) else back[0]
        found: Value = self.value
        return found

    # -- what it is ----------------------------------------------------------------------------

    @property
    def doc(self) -> str:
        """What it means."""
        return self.par.doc

    @property
    def default(self) -> Value:
        """The value it was declared with."""
        return self.par.value

    @property
    def own_grad(self) -> Gradient | None:
        """The derivative that was set by hand; None where there is none."""
        return self._grad

    @property
    def grad(self) -> Gradient | None:
        """The derivative of the component's line by this parameter, a function of x.

        It may be set where the component is written as in HyperSpy, to a method of it.
        """
        found: Gradient | None = getattr(self.component, f"grad_{self.name}", None)
        return found if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: Gradient | None) -> None:
        if grad is not None and getattr(self.component, "formula_object", None) is not None:
            raise ParameterError(
                f"{self}.grad: {grad!r} came, but its component has a formula, which gives the "
                "derivative; leave it out"
            )
        self._grad = grad

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return self._elements or 1

    def flat(self) -> tuple[float, ...]:
        """The working value as a tuple, one number a slot."""
        value: Value = self.value
        return value if isinstance(value, tuple) else (value,)

    def clamp(self, value: Value) -> Value:
        """A value moved inside the bounds."""
        low = -np.inf if self.bmin is None else self.bmin
        high = np.inf if self.bmax is None else self.bmax
        return self._numbers(np.clip(self._numbers(value, "value"), low, high), "value")

    @property
    def at_bound(self) -> bool:
        """Whether the working value stands on one of its bounds."""
        return any(v in (self.bmin, self.bmax) for v in self.flat())

    @property
    def map(self) -> MapView | None:
        """The stored values of all pixels: ``map["values"]``, ``["std"]``, ``["is_set"]``.

        Each is an array of the navigation shape (a vector parameter has one more dimension) that
        may be written to. None while the component is in no model.
        """
        model = None if self.component is None else self.component.model
        return None if model is None else model.maps.view(self)

    def as_signal(self, field: str = "values") -> BaseSignal:
        """The stored values of all pixels as a signal over the navigation axes.

        Parameters
        ----------
        field : {'values', 'std', 'is_set'}

        Raises
        ------
        ModelError
            The component is in no model, so there is no map.
        """
        view, model = self.map, None if self.component is None else self.component.model
        if view is None or model is None:
            raise ModelError(
                f"{self} has no map, because its component is in no model; append it to one"
            )
        signal = model.signal.map_signal(view[field])
        signal.metadata.set_item("General.title", f"{self} {field}".removesuffix(" values"))
        return signal

    def gui(self, **options: Any) -> Any:
        """Show a slider, a free toggle and bounds in the notebook."""
        return open_gui(self, "gui", **options)

    def __str__(self) -> str:
        return self.name if self.component is None else f"{self.component.name}.{self.name}"

    def __repr__(self) -> str:
        whose = "" if self.component is None else f" of {self.component.name} component"
        return f"<Parameter {self.name}{whose}>"
