"""A number that a fit may change: bounded, free or not, or following others."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from hsjupyter.core.errors import (
    BoundsError,
    HSJupyterWarning,
    TwinError,
    unknown_name,
)
from hsjupyter.core.par import Par, Value
from hsjupyter.core.told import Bound, Numbers, Switch, Words, as_numbers
from hsjupyter.core.twins import LINK_TRAITS, Link, make_link, refuse_what_followers_cannot

if TYPE_CHECKING:
    from hsjupyter.core.parameter import Parameter

# The guide sets it, and it has never done anything.
_WITHOUT_EFFECT = frozenset({"bounded"})


class Number(t.HasTraits):
    """A number which a fit may change: value, error, bounds, free or following others.

    Parameters
    ----------
    name : str
    par : Par
        Its declaration.
    """

    name = Words("", help="name in the component")
    value = Numbers(help="working value at the current pixel: a float, or a tuple for a vector")
    std = t.Any(None, allow_none=True, help="standard deviation of the value; None if not known")
    free = Switch(True, help="a fit may change it")
    bmin = Bound(None, help="lower bound, inclusive; None for none")
    bmax = Bound(None, help="upper bound, inclusive; None for none")
    units = Words("", help="units of the value")
    twin = t.Any(None, allow_none=True, help="the parameter that this one follows; None for none")
    twin_function_expr = Words("", help="this value as a formula of the one it follows")
    twin_inverse_function_expr = Words("", help="the way back; found where it can be")
    twin_callable = t.Any(None, help="this value as a Python function of the one it follows")
    twin_inverse_callable = t.Any(None, help="the way back, as a Python function")
    ext_bounded = Switch(False, help="a value that is set is moved inside the bounds")
    ext_force_positive = Switch(False, help="a value that is set loses its sign; bmin is 0")

    def __init__(self, name: str, par: Par) -> None:
        self.par = par
        vector = isinstance(par.value, tuple)
        self._elements = len(par.value) if isinstance(par.value, tuple) else 0
        self.slot_names: tuple[str, ...] = (
            (par.elements or tuple(f"{name}_{i}" for i in range(self._elements)))
            if vector
            else (name,)
        )
        self.link: Link | None = None
        self.followers: list[Parameter] = []
        self.free_when_unlinked = par.free
        self._following = False
        self._bmin_before: float | None = None
        super().__init__(name=name, value=par.value, free=par.free)
        self.set_bounds(par.bmin, par.bmax)
        self._made = True

    def __setattr__(self, name: str, value: Any) -> None:
        # `sigma.bmn = 0` would silently set nothing.
        if self.__dict__.get("_made") and not (
            name.startswith("_") or name in self.__dict__ or hasattr(type(self), name)
        ):
            if name not in _WITHOUT_EFFECT:
                raise unknown_name(str(self), name, [*self.trait_names(), "map"])
            return
        super().__setattr__(name, value)

    @property
    def _me(self) -> Parameter:
        return self  # type: ignore[return-value]  # links are between parameters of components

    # -- what may be set ---------------------------------------------------------------------

    @t.validate("value")
    def _value_is_numbers(self, proposal: dict[str, Any]) -> Value:
        value = as_numbers(f"{self}.value", proposal["value"], self._elements)
        if self.ext_force_positive:
            value = tuple(map(abs, value)) if isinstance(value, tuple) else abs(value)
        if self.ext_bounded:
            value = self.clamp(value)
        if self.link is not None and not self._following:
            value = self._lead_back(value)
        if self.followers:
            refuse_what_followers_cannot(self._me, value if isinstance(value, tuple) else (value,))
        return value

    @t.validate("std")
    def _std_is_numbers(self, proposal: dict[str, Any]) -> Value | None:
        std = proposal["value"]
        return None if std is None else as_numbers(f"{self}.std", std, self._elements, finite=False)

    @t.validate("free")
    def _a_follower_is_not_free(self, proposal: dict[str, Any]) -> bool:
        free: bool = proposal["value"]
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
    def _twin_is_a_parameter(self, proposal: dict[str, Any]) -> Any:
        twin = proposal["value"]
        if twin is not None and not isinstance(twin, Number):
            raise TwinError(
                f"{self}.twin: {twin!r} came; a parameter is wanted, such as gaussian.sigma, or "
                "None; a law of several, such as '2 * a.sigma', is set as twin_function_expr"
            )
        return twin

    @t.validate("ext_force_positive")
    def _there_is_something_positive(self, proposal: dict[str, Any]) -> bool:
        if proposal["value"] and self.bmax is not None and self.bmax < 0:
            raise BoundsError(
                f"{self}.ext_force_positive: no positive number is below bmax={self.bmax:g}; set "
                "bmax first"
            )
        forced: bool = proposal["value"]
        return forced

    @t.observe("ext_bounded", "ext_force_positive")
    def _move_value_inside(self, change: Any) -> None:
        if change["name"] == "ext_force_positive":
            if change["new"]:
                # Fits keep bounds: so they know of it, too.
                self._bmin_before, self.bmin = self.bmin, max(self.bmin or 0.0, 0.0)
            elif self.bmin == 0:
                self.bmin = self._bmin_before
        if change["new"]:
            self.value = self.value

    @t.validate("twin_callable", "twin_inverse_callable")
    def _twin_function_can_be_called(self, proposal: dict[str, Any]) -> Any:
        function = proposal["value"]
        if function is not None and not callable(function):
            raise TwinError(
                f"{self}: {function!r} came as a twin function; a function of one number is "
                "wanted, or an expression as twin_function_expr"
            )
        return function

    @t.observe(*LINK_TRAITS)
    def _relink(self, change: Any) -> None:
        old = self.link
        try:
            link = make_link(self._me)
        except Exception:
            # Nothing is changed by a word that cannot be.
            self._trait_values[change["name"]] = change["old"]
            raise
        for source in () if old is None else old.sources:
            source.unobserve(self._follow, "value")
            source.followers.remove(self._me)
        if old is None and link is not None:
            self.free_when_unlinked = self.free
        self.link = link
        if link is None:
            if old is not None:
                self.free = self.free_when_unlinked
            return
        self.free = False
        for source in link.sources:
            source.observe(self._follow, "value")
            source.followers.append(self._me)
        self._follow(None)

    def _follow(self, _change: Any) -> None:
        if self.link is None:
            return
        numbers = self.link.numbers(source.flat() for source in self.link.sources)
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
                f"{self} follows {self.twin_function_expr or self.twin_callable!r} of other "
                "parameters and there is no "
                "way back from it; set what it follows, or give twin_inverse_function_expr"
            )
        source = link.sources[0]
        source.value = tuple(back) if isinstance(source.value, tuple) else back[0]
        found: Value = self.value
        return found

    @property
    def twin_function(self) -> Callable[[float], Any] | None:
        """As `twin_function_expr`, as a Python function; it cannot be stored, nor differentiated.

        Deprecated in HyperSpy 1.2.
        """
        function: Callable[[float], Any] | None = self.twin_callable
        return function

    @twin_function.setter
    def twin_function(self, function: Callable[[float], Any] | None) -> None:
        self._warn_of_function("twin_function")
        self.twin_callable = function

    @property
    def twin_inverse_function(self) -> Callable[[float], Any] | None:
        """As `twin_inverse_function_expr`, as a Python function; deprecated in HyperSpy 1.2."""
        function: Callable[[float], Any] | None = self.twin_inverse_callable
        return function

    @twin_inverse_function.setter
    def twin_inverse_function(self, function: Callable[[float], Any] | None) -> None:
        self._warn_of_function("twin_inverse_function")
        self.twin_inverse_callable = function

    def _warn_of_function(self, word: str) -> None:
        warnings.warn(
            f"{self}.{word}: a Python function came; it works here, but it cannot be stored and "
            f"its derivative is a difference; write it as text: {word}_expr = 'x**2'",
            HSJupyterWarning,
            stacklevel=3,
        )

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
    def size(self) -> int:
        """How many numbers it holds."""
        return self._elements or 1

    # What fits read of every number, they read without the machinery of traits, which costs ten
    # times as much: a fit of a spectrum is soon done.

    def flat(self) -> tuple[float, ...]:
        """The working value as a tuple, one number a slot."""
        value: Value = self._trait_values["value"]
        return value if isinstance(value, tuple) else (value,)

    def frozen(self) -> tuple[tuple[float, ...], float, float, bool]:
        """The value as `flat`, both bounds, infinite where there are none, and if it is free."""
        kept = self._trait_values
        value, bmin, bmax = kept["value"], kept.get("bmin"), kept.get("bmax")
        return (
            value if isinstance(value, tuple) else (value,),
            -np.inf if bmin is None else bmin,
            np.inf if bmax is None else bmax,
            kept["free"],
        )

    def flat_std(self) -> tuple[float, ...]:
        """The standard deviation as a tuple, one number a slot; NaN where not known."""
        std: Value | None = self._trait_values.get("std")
        return std if isinstance(std, tuple) else (np.nan if std is None else std,) * self.size

    def take(self, field: str, numbers: Sequence[float] | NDArray[np.float64]) -> None:
        """Set ``value`` or ``std`` from its slots of a row; an error of NaN is not known."""
        row: Value | None
        if self._elements:
            row = tuple(map(float, numbers))
            nothing = all(map(isnan, row))
        else:
            row = float(numbers[0])
            nothing = isnan(row)
        if nothing and field == "std":
            row = None
        kept = self._trait_values
        before = kept.get(field)
        if row == before:  # to hear the same again costs as much as news
            return
        moved = kept.get("ext_bounded") or kept.get("ext_force_positive")
        plain = field == "std" or not (moved or self.followers or self.link)
        if plain and type(row) is float and isfinite(row):
            # A number is a number: nothing is left to check, and often nobody listens.
            kept[field] = row
            heard = self._trait_notifiers
            if field in heard or t.All in heard:
                self._notify_trait(field, before, row)
        else:
            setattr(self, field, row)

    def check(self, value: Any) -> None:
        """Refuse what cannot be its value.

        Raises
        ------
        ParameterError
            Not a number, or not as many as it holds, or not finite.
        """
        as_numbers(f"{self}.value", value, self._elements)

    def clamp(self, value: Value) -> Value:
        """A value moved inside the bounds."""
        low = -np.inf if self.bmin is None else self.bmin
        high = np.inf if self.bmax is None else self.bmax
        numbers = as_numbers(f"{self}.value", value, self._elements)
        return as_numbers(f"{self}.value", np.clip(numbers, low, high), self._elements)

    @property
    def at_bound(self) -> bool:
        """Whether the working value stands on one of its bounds."""
        return any(v in (self.bmin, self.bmax) for v in self.flat())

    def take_from(self, other: Self) -> None:
        """Take over number, error, bounds, switches and units of a parameter of the same size."""
        self.set_bounds(other.bmin, other.bmax)
        for name in ("value", "std", "free", "units", "ext_bounded", "ext_force_positive"):
            setattr(self, name, getattr(other, name))

    def __str__(self) -> str:
        name: str = self.name
        return name
