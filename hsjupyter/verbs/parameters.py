"""Read and set parameters of several components at once."""

from collections.abc import Iterable
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import unknown_name
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter, Value
from hsjupyter.core.table import ParameterTable

Which = Iterable[Component | str | int] | None


class ParameterVerbs(BaseModel):
    """Free, fix, set and print parameters."""

    def set_parameters_free(
        self, component_list: Which = None, parameter_name_list: list[str] | None = None
    ) -> None:
        """Let a fit change parameters.

        Parameters
        ----------
        component_list : list of Component, str or int, optional
            All components where not given.
        parameter_name_list : list of str, optional
            All parameters where not given; components without one of that name are passed over.
        """
        for parameter in _chosen(self, component_list, parameter_name_list):
            parameter.free = parameter.link is None  # a follower is never free by itself

    def set_parameters_not_free(
        self, component_list: Which = None, parameter_name_list: list[str] | None = None
    ) -> None:
        """Keep a fit from changing parameters; arguments as `set_parameters_free`."""
        for parameter in _chosen(self, component_list, parameter_name_list):
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
        """
        here = self.axes_manager.map_index if only_current else ...
        with self.lock:
            for parameter in _chosen(self, component_list, [parameter_name]):
                parameter.value = value
                place = self.maps.slot(parameter)
                self.maps.values[here][..., place] = parameter.flat()
                self.maps.is_set[here][..., place] = True
            self.stored += 1

    def print_current_values(
        self,
        only_free: bool = False,
        only_active: bool = False,
        component_list: Which = None,
    ) -> None:
        """Print the working values with errors, bounds and units."""
        chosen = list(self) if component_list is None else [self[c] for c in component_list]
        active = [c for c in chosen if c.active or not only_active]
        print(ParameterTable(active, only_free=only_free))  # noqa: T201 - what it is for


def _chosen(model: BaseModel, components: Which, names: list[str] | None) -> list[Parameter]:
    chosen: list[Any] = list(model) if components is None else [model[c] for c in components]
    known = {p.name for c in chosen for p in c.parameters}
    for name in names or ():
        if name not in known:
            raise unknown_name(repr(model), name, known)
    return [p for c in chosen for p in c.parameters if names is None or p.name in names]
