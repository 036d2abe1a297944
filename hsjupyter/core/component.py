"""A named shape with parameters; what every component is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets as t

from hsjupyter.core import classic
from hsjupyter.core.declaration import check_attribute, check_names, formula_of, starting_values
from hsjupyter.core.errors import ModelError, unknown_name
from hsjupyter.core.estimate import Interval, channels_inside, estimate
from hsjupyter.core.lines import gradient, line, lines_of_map
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.core.parameter_set import ParameterSet
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.shape import Array, Coords, FormulaShape, FunctionShape, Shape
from hsjupyter.core.told import Switch, Words
from hsjupyter.core.twins import rename_in_links
from hsjupyter.formula import Formula

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hsjupyter.core.model import BaseModel
    from hsjupyter.core.signal import BaseSignal

MODULES = ("numpy", "numexpr", "scipy", None)


class Component(ParameterSet):
    """A named shape with parameters.

    A subclass declares its parameters with `Par` and its shape with a ``formula``, or with a
    static method ``profile(x, <parameters by name, in order>)`` where there is no closed form.
    Or it is written as in HyperSpy: its ``__init__`` calls
    ``Component.__init__(self, ("a", "b"))``, and its ``function(self, x)`` reads
    ``self.a.value``; that is slower. Either way it is known by its class name wherever components
    are named.

    Parameters
    ----------
    *values : float
        Starting values, in declared order. Of a class that defines ``function``: the names of its
        parameters.
    name : str, optional
        Name in the model; the class name where not given.
    module, compute_gradients
        Accepted so that scripts run unchanged; the numbers are the same with each.
    **named : float
        Starting values by parameter name.

    Raises
    ------
    UnknownNameError
        A name that is not one of its parameters, or of the modules.
    """

    name = Words("", help="name in the model")
    active = Switch(True, help="False: as if it were not in the model")
    active_is_multidimensional = Switch(False, help="`active` is kept for every pixel")
    model: BaseModel | None = t.Any(  # type: ignore[assignment]
        None, allow_none=True, help="the model that it is in"
    )

    formula: ClassVar[str | None] = None
    dimensions: int = 1
    any_dimension: ClassVar[bool] = False
    pars: ClassVar[Mapping[str, Par]] = {}
    position: str | tuple[str, str] | None = None
    isbackground: bool = False
    convolved: bool = True

    def __init_subclass__(cls, *, registered: bool = True, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: par for name, par in vars(cls).items() if isinstance(par, Par)}
        # A declared one hides `shape`, which `freeze` then gives alone.
        check_names(cls.__name__, own, set(dir(Component)) - {"shape"})
        cls.pars = {**cls.pars, **own}
        if "function" in vars(cls) and "dimensions" not in vars(cls):
            cls.dimensions = classic.dimensions_of(cls.function)
        if cls.formula is not None:
            formula_of(cls.__name__, cls.formula, cls.dimensions, cls.pars)
        if registered:  # not what stands for another component, and is nobody's to choose
            COMPONENTS.add(cls.__name__, cls)

    def __init__(
        self,
        *values: Any,
        name: str | None = None,
        module: str | Sequence[str] | None = None,
        compute_gradients: bool = True,  # noqa: ARG002 - HyperSpy's word; they always exist
        **named: Any,
    ) -> None:
        for each in [module] if isinstance(module, str | None) else module:
            if each not in MODULES:
                raise unknown_name(f"{type(self).__name__}: module", each, map(str, MODULES))
        super().__init__(name=name or type(self).__name__)
        pars = type(self).pars
        if self._is_classic:
            pars = classic.declared(type(self).__name__, values, named)
            check_names(type(self).__name__, pars, dir(Component))
            values, named = (), {}
        self._declare(pars, type(self).formula, values, named)

    @property
    def _is_classic(self) -> bool:
        return type(self).function is not Component.function

    def init_parameters(
        self, parameter_name_list: Sequence[str], linear_parameter_list: Sequence[str] | None = None
    ) -> None:
        """Give a component that defines ``function`` these parameters in place of those it has.

        Raises
        ------
        ModelError
            It has a formula or a profile, or is in a model.
        """
        names, linear = parameter_name_list, linear_parameter_list
        pars = classic.renewed(self, names, linear, classic=self._is_classic)
        check_names(type(self).__name__, pars, dir(Component))
        for old in self.parameters:
            del self.__dict__[old.name]
        self._declare(pars, None, (), {})

    def _declare(
        self,
        pars: Mapping[str, Par],
        formula: str | Formula | None,
        values: tuple[Any, ...],
        named: Mapping[str, Any],
    ) -> None:
        """Make the parameters, and the shape from the formula or from ``profile``."""
        kind = type(self).__name__
        start = starting_values(kind, pars, values, named)
        made = {key: Parameter(key, par, self) for key, par in pars.items()}
        self.__dict__.update(made)
        self.parameters: tuple[Parameter, ...] = tuple(made.values())
        for key, value in start.items():
            made[key].value = value
        self.formula_object: Formula | None = None
        if formula is not None:
            self._use_formula(formula, pars)
        elif not self._is_classic:
            self._shape: Shape = self._shape_of_profile(kind)
        for key in pars:
            if not hasattr(type(self), f"grad_{key}"):
                self.__dict__[f"grad_{key}"] = partial(self.derivative_by, key)

    def _use_formula(self, formula: str | Formula, pars: Mapping[str, Par]) -> None:
        """Take another formula of the same parameters; views of the model hear of it."""
        if isinstance(formula, str):
            formula = formula_of(type(self).__name__, formula, self.dimensions, pars)
        self.formula_object = formula
        self._shape = FormulaShape(formula)
        if self.model is not None:
            self.model.structure += 1

    def _shape_of_profile(self, kind: str) -> Shape:
        profile = getattr(type(self), "profile", None)
        if profile is None:
            raise ModelError(
                f'{kind} has neither a formula nor a profile; write `formula = "..."` or a '
                "static method `profile(x, ...)` in its class"
            )
        return FunctionShape(profile, getattr(type(self), "profile_derivatives", None))

    @property
    def shape(self) -> Shape:
        """As `freeze` gives it."""
        return self.freeze()

    @shape.setter
    def shape(self, shape: Shape) -> None:
        self._shape = shape

    def freeze(self) -> Shape:
        """What of it travels to a fit: the shape, without traits; later changes do not reach it."""
        return classic.shape_of(self) if self._is_classic else self._shape

    @property
    def _position(self) -> Parameter | None:
        """The parameter that says where it is; HyperSpy's name for it."""
        return self.__dict__.get(self.position) if isinstance(self.position, str) else None

    @_position.setter
    def _position(self, parameter: Parameter | None) -> None:
        self.position = None if parameter is None else parameter.name

    def __setattr__(self, name: str, value: Any) -> None:
        check_attribute(self, name, value)
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
        return line(self, coords)

    def derivative_by(self, parameter: str, *coords: Any) -> Array:
        """The derivative of the line by a parameter, at the working values.

        Also found as ``grad_<parameter>(x)`` and ``<parameter>.grad(x)``.

        Parameters
        ----------
        parameter : str
            Its name.
        *coords : array_like
            As of `function`.

        Returns
        -------
        ndarray
            Of the shape of the coordinates; of a vector parameter, (element, ...).
        """
        return gradient(self, parameter, coords)

    def function_nd(self, *axes: Any, parameters_values: Sequence[Any] | None = None) -> Array:
        """The line at all pixels.

        Parameters
        ----------
        *axes : array_like, (channel,)
            ``x``; for a two-dimensional component ``x, y``, one axis each.
        parameters_values : sequence of float or ndarray, (nav...), optional
            One for each parameter, in order; the stored values where not given, or the working
            ones of a component in no model.

        Returns
        -------
        ndarray, (nav..., channel), or (nav..., y, x)
            NaN where nothing is stored.
        """
        return lines_of_map(self, axes, parameters_values)

    # -- start values ------------------------------------------------------------------------------

    def start_values(self, coords: Coords, data: Array) -> Mapping[str, Array]:  # noqa: ARG002
        """Where a fit of this shape alone may start; a shape that can tell overrides this.

        Parameters
        ----------
        coords : tuple of ndarray, (channel,)
            Of the window; x, then y.
        data : ndarray, (pixel, channel)
            Densities; finite.

        Returns
        -------
        dict of str to ndarray, (pixel,), or (pixel, element)
            By parameter; NaN where the data do not tell. Empty: this shape cannot tell.
        """
        return {}

    def estimate_parameters(
        self,
        signal: BaseSignal,
        x1: float | None = None,
        x2: float | None = None,
        only_current: bool = False,
        *,
        intervals: Sequence[Interval] | None = None,
    ) -> bool:
        """Set start values from what the data look like in a window.

        Parameters that are fixed or follow others stay. Values are kept inside the bounds.

        Parameters
        ----------
        signal : BaseSignal
            The data; of the map of the model.
        x1, x2 : float, optional
            Ends of the window; those of the axis where not given.
        only_current : bool
            True sets the working values at the current pixel of the signal; False also stores
            values for all pixels, if the component is in a model.
        intervals : sequence of (float, float), optional
            Several windows, in place of ``x1`` and ``x2``.

        Returns
        -------
        bool
            False if nothing could be told: this shape has no estimate, or the data show nothing
            of its kind.

        Raises
        ------
        DataError
            An empty window, or a map of another shape.
        """
        inside = channels_inside(signal, intervals or [(x1, x2)])
        return estimate(self, signal, inside, only_current=only_current)

    def __call__(self) -> Array:
        """The line at the current pixel over the axes of its model, binned if the data are."""
        if self.model is None:
            raise ModelError(
                f"{self!r} is in no model, so there are no axes; use .function(x) or append it "
                "to a model"
            )
        return self.model(component_list=[self], only_active=False)

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
        if self._is_classic:
            twin.__dict__.update(classic.plain_state(self))
        for new, old in zip(twin.parameters, self.parameters, strict=True):
            new.take_from(old)
        twin.name, twin.active = self.name, self.active
        twin.isbackground, twin.convolved = self.isbackground, self.convolved
        return twin

    def __copy__(self) -> Component:
        return self.copy()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Component:
        return self.copy()

    def as_dictionary(self, fullcopy: bool = True) -> dict[str, Any]:
        """Everything that makes it again, as plain values.

        Parameters
        ----------
        fullcopy : bool
            Accepted so that scripts run; it is always a copy.
        """
        del fullcopy
        return {
            "type": type(self).__name__,
            "init": self.init_arguments(),
            "name": self.name,
            "active": self.active,
            "active_is_multidimensional": self.active_is_multidimensional,
            "parameters": {p.name: p.as_dictionary() for p in self.parameters},
        }

    # -- names and state ---------------------------------------------------------------------------

    @t.validate("name")
    def _name_is_free(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        if not name.strip():
            raise ModelError(f"{self!r}: an empty name came; give one that people can read")
        if self.model is not None:
            self.model.check_name(name, self)
        return name

    @t.observe("name")
    def _tell_model_of_name(self, change: Any) -> None:
        if self.model is not None:
            rename_in_links(self.model.parameters, change["old"], change["new"])
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

    def __repr__(self) -> str:
        kind = type(self).__name__
        name = self.name if self.trait_has_value("name") else ""
        return f"<{name} ({kind} component)>" if name and name != kind else f"<{kind} component>"
