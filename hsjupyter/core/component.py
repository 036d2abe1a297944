"""A named shape with parameters; what every component is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import ModelError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.shape import Array, FormulaShape, FunctionShape, Shape
from hsjupyter.formula import Formula, parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hsjupyter.core.model import BaseModel


class Component(t.HasTraits):
    """A named shape with parameters.

    A subclass declares its parameters with `Par` and its shape with a ``formula``, or with a
    static method ``profile(x, <parameters by name, in order>)`` where there is no closed form.
    It is then known by its class name wherever components are named.

    Parameters
    ----------
    *values : float
        Starting values, in declared order.
    name : str, optional
        Name in the model; the class name where not given.
    **named : float
        Starting values by parameter name.

    Raises
    ------
    UnknownNameError
        A name that is not one of its parameters.
    """

    name = t.Unicode("", help="name in the model")
    active = t.Bool(True, help="False: as if it were not in the model")
    active_is_multidimensional = t.Bool(False, help="`active` is kept for every pixel")

    formula: ClassVar[str | None] = None
    dimensions: ClassVar[int] = 1
    pars: ClassVar[Mapping[str, Par]] = {}
    position: str | tuple[str, str] | None = None
    isbackground: bool = False
    convolved: bool = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: par for name, par in vars(cls).items() if isinstance(par, Par)}
        cls.pars = {**cls.pars, **own}
        if cls.formula is not None:
            _formula_of(cls.__name__, cls.formula, cls.dimensions, cls.pars)
        COMPONENTS.add(cls.__name__, cls)

    def __init__(self, *values: Any, name: str | None = None, **named: Any) -> None:
        self.model: BaseModel | None = None
        super().__init__(name=name or type(self).__name__)
        self._declare(type(self).pars, type(self).formula, values, named)

    def _declare(
        self,
        pars: Mapping[str, Par],
        formula: str | None,
        values: tuple[Any, ...],
        named: Mapping[str, Any],
    ) -> None:
        """Make the parameters, and the shape from the formula or from ``profile``."""
        kind = type(self).__name__
        if len(values) > len(pars):
            raise ParameterError(
                f"{kind}: {len(values)} values came; it has {len(pars)} parameters: "
                f"{', '.join(pars)}"
            )
        start = dict(zip(pars, values, strict=False))
        for key in named:
            if key not in pars:
                raise unknown_name(kind, key, pars)
            if key in start:
                raise ParameterError(f"{kind}: {key} came twice, by place and by name; give one")
        start.update(named)
        made = {key: Parameter(key, par, self) for key, par in pars.items()}
        self.__dict__.update(made)
        self.parameters: tuple[Parameter, ...] = tuple(made.values())
        for key, value in start.items():
            made[key].value = value
        self.formula_object: Formula | None = None
        if formula is not None:
            self.formula_object = _formula_of(kind, formula, self.dimensions, pars)
            self.shape: Shape = FormulaShape(self.formula_object)
        else:
            self.shape = self._shape_of_profile(kind)

    def _shape_of_profile(self, kind: str) -> Shape:
        profile = getattr(type(self), "profile", None)
        if profile is None:
            raise ModelError(
                f'{kind} has neither a formula nor a profile; write `formula = "..."` or a '
                "static method `profile(x, ...)` in its class"
            )
        return FunctionShape(profile, getattr(type(self), "profile_derivatives", None))

    # -- parameters ----------------------------------------------------------------------------

    @property
    def free_parameters(self) -> tuple[Parameter, ...]:
        """Those that a fit may change, in declared order."""
        return tuple(p for p in self.parameters if p.free)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """Names of all numbers of the component, in order; a vector parameter has several."""
        return tuple(name for p in self.parameters for name in p.slot_names)

    def row(self) -> list[float]:
        """The working values of all its numbers, (slot,)."""
        return [number for p in self.parameters for number in p.flat()]

    def set_parameters_free(self, parameter_name_list: list[str] | None = None) -> None:
        """Let a fit change the named parameters, or all."""
        self._set_free(parameter_name_list, free=True)

    def set_parameters_not_free(self, parameter_name_list: list[str] | None = None) -> None:
        """Keep a fit from changing the named parameters, or all."""
        self._set_free(parameter_name_list, free=False)

    def _set_free(self, names: list[str] | None, *, free: bool) -> None:
        known = {p.name: p for p in self.parameters}
        for name in names or ():
            if name not in known:
                raise unknown_name(repr(self), name, known)
        for name in known if names is None else names:
            known[name].free = free and known[name].link is None

    def __setattr__(self, name: str, value: Any) -> None:
        # `gaussian.sigma = 3` would silently replace the parameter by a number.
        if isinstance(self.__dict__.get(name), Parameter):
            raise ParameterError(
                f"{self.name}.{name} is a parameter, {value!r} came; set its number with "
                f".{name}.value = ..."
            )
        super().__setattr__(name, value)

    # -- the line --------------------------------------------------------------------------------

    def function(self, *coords: Any) -> Array:
        """The line at the working values.

        Parameters
        ----------
        *coords : array_like
            ``x``; for a two-dimensional component ``x, y``.

        Returns
        -------
        ndarray
            Of the shape of the coordinates; a density, not multiplied by channel widths.
        """
        arrays = [np.asarray(c, dtype=np.float64) for c in coords]
        grid = np.broadcast_arrays(*arrays)
        line = self.shape.value(tuple(g.ravel() for g in grid), self.row())
        return line.reshape(grid[0].shape)

    def __call__(self) -> Array:
        """The line at the current pixel over the axes of its model, binned if the data are."""
        if self.model is None:
            raise ModelError(
                f"{self!r} is in no model, so there are no axes; use .function(x) or append it "
                "to a model"
            )
        return self.model(component_list=[self])

    @property
    def _active_array(self) -> NDArray[np.bool_] | None:
        """`active` of every pixel, (nav...); None unless `active_is_multidimensional`."""
        if self.model is None or not self.active_is_multidimensional:
            return None
        return self.model.maps.active_of(self)

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values, as plain values."""
        return {}

    def copy(self) -> Component:
        """The same component in no model: numbers, bounds, switches and name."""
        twin = type(self)(**self.init_arguments())
        for new, old in zip(twin.parameters, self.parameters, strict=True):
            new.value, new.std, new.free, new.units = old.value, old.std, old.free, old.units
            new.set_bounds(old.bmin, old.bmax)
        twin.name, twin.active = self.name, self.active
        return twin

    # -- names and state ---------------------------------------------------------------------------

    @t.validate("name")
    def _name_is_free(self, proposal: dict[str, Any]) -> str:
        name = str(proposal["value"])
        if not name.strip():
            raise ModelError(f"{self!r}: an empty name came; give one that people can read")
        if self.model is not None:
            self.model.check_name(name, self)
        return name

    @t.observe("name")
    def _tell_model_of_name(self, _change: Any) -> None:
        if self.model is not None:
            self.model.structure += 1

    @t.observe("active")
    def _keep_active(self, _change: Any) -> None:
        array = self._active_array
        if array is not None and self.model is not None:
            array[self.model.axes_manager.map_index] = self.active

    @t.observe("active_is_multidimensional")
    def _spread_active(self, change: Any) -> None:
        if self.model is not None and change["new"]:
            self.model.maps.active_of(self)[...] = self.active

    def gui(self, **options: Any) -> Any:
        """Show sliders, free toggles and bounds in the notebook."""
        return open_gui(self, "gui", **options)

    def __repr__(self) -> str:
        kind = type(self).__name__
        name = self.name if self.trait_has_value("name") else ""
        return f"<{name} ({kind} component)>" if name and name != kind else f"<{kind} component>"


def _formula_of(kind: str, text: str, dimensions: int, pars: Mapping[str, Par]) -> Formula:
    """The formula of a component, its numbers in the order of the parameters.

    Raises
    ------
    FormulaError
        The text is not a formula.
    ModelError
        The formula and the parameters do not speak of the same names.
    """
    slots = [name for key, par in pars.items() for name in (Parameter(key, par).slot_names)]
    formula = parse(text, variables=("x", "y")[:dimensions])
    strange = sorted(set(formula.parameters) - set(slots))
    unused = sorted(set(slots) - set(formula.parameters))
    if strange or unused:
        raise ModelError(
            f"{kind}'s formula speaks of {', '.join(map(repr, strange or formula.parameters))}, "
            f"but its parameters are {', '.join(slots) or '(none)'}; use the same names in both"
        )
    return formula.ordered(tuple(slots))
