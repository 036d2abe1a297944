"""Read and set parameters of several components at once."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter, Value
from hsjupyter.core.parameter_set import check_kinds, names_in, set_from_row
from hsjupyter.core.table import parameter_table, show
from hsjupyter.fitting.plan import freeze

Which = Iterable[Component | str | int] | None
Names = Iterable[str] | None


class ParameterVerbs(BaseModel):
    """Free, fix, set and print parameters."""

    def set_parameters_free(
        self,
        component_list: Which = None,
        parameter_name_list: Names = None,
        only_linear: bool = False,
        only_nonlinear: bool = False,
    ) -> None:
        """Let a fit change parameters; what follows others is passed over.

        Parameters
        ----------
        component_list : list of Component, str or int, optional
            All components where not given.
        parameter_name_list : list of str, optional
            All parameters where not given; components without one of that name are passed over.
        only_linear, only_nonlinear : bool
            Only those in which the line is straight, each while the others stay; or only others.

        Raises
        ------
        UnknownNameError
            No such component, or none with such a parameter.
        """
        kinds = (only_linear, only_nonlinear)
        for parameter in _chosen(self, component_list, parameter_name_list, *kinds):
            parameter.free = parameter.link is None

    def set_parameters_not_free(
        self,
        component_list: Which = None,
        parameter_name_list: Names = None,
        only_linear: bool = False,
        only_nonlinear: bool = False,
    ) -> None:
        """Keep a fit from changing parameters; arguments as `set_parameters_free`."""
        kinds = (only_linear, only_nonlinear)
        for parameter in _chosen(self, component_list, parameter_name_list, *kinds):
            parameter.free = False

    def set_parameters_value(
        self,
        parameter_name: str,
        value: Value,
        component_list: Which = None,
        only_current: bool = False,
    ) -> None:
        """Set a parameter in all components that have one of that name.

        Parameters
        ----------
        parameter_name : str
        value : float or tuple of float
        component_list : list of Component, str or int, optional
            All components where not given.
        only_current : bool
            Store it at the current pixel only, not at all of them.

        Raises
        ------
        UnknownNameError
            No such component, or none with such a parameter.
        ParameterError
            The value is not one for all of them; none is changed.
        """
        where = self.axes_manager.map_index if only_current else self.maps.unmasked(None)
        with self.lock:
            chosen = _chosen(self, component_list, [parameter_name])
            for parameter in chosen:
                parameter.check(value)
            for parameter in chosen:
                parameter.value, parameter.std = value, None
            self.keep(chosen, where)

    def set_component_active_value(
        self, value: bool, component_list: Which = None, only_current: bool = False
    ) -> None:
        """Switch components on or off.

        Parameters
        ----------
        value : bool
        component_list : list of Component, str or int, optional
            All components where not given.
        only_current : bool
            At the current pixel only, for components whose `active` is kept for every pixel.
        """
        for component in _components(self, component_list):
            component.active = value
            if component.active_is_multidimensional and not only_current:
                self.maps.active_of(component)[...] = value

    def print_current_values(
        self,
        only_free: bool = False,
        only_active: bool = False,
        component_list: Which = None,
        skip_multi: bool = False,
    ) -> None:
        """Print the working values with errors, bounds, units and what follows what.

        Parameters
        ----------
        only_free : bool
            Leave out what a fit may not change.
        only_active : bool
            Leave out what is switched off.
        component_list : list of Component, str or int, optional
            All components where not given.
        skip_multi : bool
            Leave out parameters of several numbers.
        """
        chosen = [c for c in _components(self, component_list) if c.active or not only_active]
        show(parameter_table(chosen, only_free=only_free, skip_multi=skip_multi))

    def ensure_parameters_in_bounds(self) -> None:
        """Move the free parameters of active components inside their bounds."""
        for parameter in (p for c in self if c.active for p in c.free_parameters):
            parameter.value = parameter.clamp(parameter.value)

    @property
    def p0(self) -> tuple[float, ...]:
        """The working values of the numbers that a fit may change, in order."""
        plan = freeze(self)
        return tuple(plan.start[plan.free_slots(plan.active)].tolist())

    @property
    def p_std(self) -> tuple[float, ...]:
        """Their standard deviations; NaN where not known."""
        plan = freeze(self)
        std = np.array([error for p in self.parameters for error in p.flat_std()])
        return tuple(std[plan.free_slots(plan.active)].tolist())

    @property
    def free_parameters_boundaries(self) -> list[tuple[float | None, float | None]]:
        """Their bounds; None where there is none."""
        plan = freeze(self)
        slots = plan.free_slots(plan.active)
        ends = zip(plan.lower[slots].tolist(), plan.upper[slots].tolist(), strict=True)
        return [(_known(low), _known(high)) for low, high in ends]

    def set_boundaries(self, bounded: bool = True) -> list[tuple[float | None, float | None]]:
        """The bounds that a fit will keep; there is nothing to set before it.

        Parameters
        ----------
        bounded : bool
            False: those of a fit that ignores them, which are none.
        """
        bounds = self.free_parameters_boundaries
        return bounds if bounded else [(None, None)] * len(bounds)

    def set_mpfit_parameters_info(self, bounded: bool = True) -> list[dict[str, Any]]:
        """The same in the words of mpfit: ``limited`` and ``limits`` of every number."""
        return [
            {"limited": [low is not None, high is not None], "limits": [low or 0.0, high or 0.0]}
            for low, high in self.set_boundaries(bounded)
        ]

    def fetch_values_from_array(self, array: Any, array_std: Any = None) -> None:
        """Take numbers as working values of what a fit may change, in the order of `p0`.

        Parameters
        ----------
        array : array_like, (free,)
        array_std : array_like, (free,), optional
            Standard deviations.

        Raises
        ------
        ParameterError
            Too few numbers, or too many; nothing is set.
        """
        plan = freeze(self)
        slots = set(plan.free_slots(plan.active).tolist())
        chosen = [p for p in self.parameters if self.maps.slot(p).start in slots]
        set_from_row(f"{self!r}, in the order of m.p0", chosen, array, array_std)


def _known(bound: float) -> float | None:
    return bound if np.isfinite(bound) else None


def _components(model: BaseModel, components: Which) -> list[Component]:
    """The components that a word means; one text or component is one."""
    if components is None:
        return list(model)
    alone = isinstance(components, str | int | Component)
    return [model[c] for c in ([components] if alone else components)]


def _chosen(
    model: BaseModel,
    components: Which,
    names: Names,
    only_linear: bool = False,
    only_nonlinear: bool = False,
) -> Sequence[Parameter]:
    check_kinds(repr(model), only_linear=only_linear, only_nonlinear=only_nonlinear)
    chosen, wanted = _components(model, components), names_in(names)
    known = {p.name for c in chosen for p in c.parameters}
    for name in wanted or ():
        if name not in known:
            raise unknown_name(repr(model), name, known)
    return [
        p
        for c in chosen
        for p in c.choose(None, only_linear, only_nonlinear)
        if wanted is None or p.name in wanted
    ]
