"""The parameters of a component together: freed, stored, fetched, printed, exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import ModelError, ParameterError, unknown_name
from hsjupyter.core.events import events_of
from hsjupyter.core.table import parameter_table, show

if TYPE_CHECKING:
    from hsjupyter.core.model import BaseModel
    from hsjupyter.core.parameter import Parameter


class ParameterSet(t.HasTraits):
    """Parameters in order, each also an attribute of its name.

    Attributes
    ----------
    parameters : tuple of Parameter
    model : BaseModel or None
        Whose maps hold their stored values.
    """

    name: Any
    parameters: tuple[Parameter, ...]
    model: BaseModel | None
    _labels: tuple[Any, tuple[str, ...]] = (None, ())

    @property
    def free_parameters(self) -> tuple[Parameter, ...]:
        """Those that a fit may change, in declared order."""
        return tuple(p for p in self.parameters if p.free)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """Names of all numbers of the component, in order; a vector parameter has several."""
        return tuple(name for p in self.parameters for name in p.slot_names)

    @property
    def labels(self) -> tuple[str, ...]:
        """The slots as the person knows them, such as ``Gaussian.sigma``."""
        of = (self.name, self.parameters)
        if self._labels[0] != of:
            made = tuple(f"{self.name}.{slot}" for slot in self.slot_names)
            self.__dict__["_labels"] = of, made  # every fit asks for them
        return self._labels[1]

    def row(self) -> list[float]:
        """The working values of all its numbers, (slot,)."""
        return [number for p in self.parameters for number in p.flat()]

    # -- free or not -------------------------------------------------------------------------------

    def choose(
        self,
        parameter_name_list: Iterable[str] | None = None,
        only_linear: bool = False,
        only_nonlinear: bool = False,
    ) -> list[Parameter]:
        """The parameters of these names, in the order of the component.

        Parameters
        ----------
        parameter_name_list : iterable of str, optional
            All where not given.
        only_linear, only_nonlinear : bool
            Only those in which the line is straight, each while the others stay; or only others.

        Raises
        ------
        UnknownNameError
            There is none of that name.
        """
        check_kinds(repr(self), only_linear=only_linear, only_nonlinear=only_nonlinear)
        names = names_in(parameter_name_list)
        for name in names or ():
            if name not in {p.name for p in self.parameters}:
                raise unknown_name(repr(self), name, [p.name for p in self.parameters])
        return [
            p
            for p in self.parameters
            if (names is None or p.name in names)
            and not (only_linear and not p.linear)
            and not (only_nonlinear and p.linear)
        ]

    def set_parameters_free(
        self,
        parameter_name_list: Iterable[str] | None = None,
        only_linear: bool = False,
        only_nonlinear: bool = False,
    ) -> None:
        """Let a fit change parameters; what follows others is passed over.

        Parameters
        ----------
        parameter_name_list : iterable of str, optional
            All where not given.
        only_linear, only_nonlinear : bool
            Only those in which the line is straight, each while the others stay; or only others.

        Raises
        ------
        UnknownNameError
            There is none of that name.
        """
        for parameter in self.choose(parameter_name_list, only_linear, only_nonlinear):
            parameter.free = parameter.link is None

    def set_parameters_not_free(
        self,
        parameter_name_list: Iterable[str] | None = None,
        only_linear: bool = False,
        only_nonlinear: bool = False,
    ) -> None:
        """Keep a fit from changing parameters; arguments as `set_parameters_free`."""
        for parameter in self.choose(parameter_name_list, only_linear, only_nonlinear):
            parameter.free = False

    def update_number_parameters(self) -> int:
        """How many numbers it holds; always up to date."""
        return len(self.slot_names)

    # -- the stored values of all pixels -----------------------------------------------------------

    def _model_with_maps(self) -> BaseModel:
        if self.model is None:
            raise ModelError(
                f"{self!r} has no maps, because it is in no model; append it to one first"
            )
        return self.model

    def fetch_stored_values(self, only_fixed: bool = False) -> None:
        """Take the stored values of the current pixel as working values.

        Parameters
        ----------
        only_fixed : bool
            Only those of parameters that a fit may not change.
        """
        chosen = [p for p in self.parameters if not (only_fixed and p.free)]
        self._model_with_maps().load(chosen)

    def store_current_parameters_in_map(self) -> None:
        """Write the working values into the maps at the current pixel."""
        model = self._model_with_maps()
        model.keep(self.parameters, model.axes_manager.map_index)

    def fetch_values_from_array(self, p: Any, p_std: Any = None, onlyfree: bool = False) -> None:
        """Take the numbers of an array as working values, in declared order.

        Parameters
        ----------
        p : array_like, (slot,)
            Followers have their place in it, and follow all the same.
        p_std : array_like, (slot,), optional
            Standard deviations.
        onlyfree : bool
            The array holds the numbers of free parameters only.

        Raises
        ------
        ParameterError
            Too few numbers, or too many.
        """
        set_from_row(repr(self), self.free_parameters if onlyfree else self.parameters, p, p_std)

    @property
    def events(self) -> Any:
        """Who is told: ``c.events.active_changed.connect(f)`` calls ``f(obj=c, active=...)``."""
        return events_of(self)

    def gui(self, **options: Any) -> Any:
        """Show sliders, free toggles and bounds in the notebook."""
        return open_gui(self, "gui", **options)

    # -- for people --------------------------------------------------------------------------------

    def print_current_values(self, only_free: bool = False) -> None:
        """Print the working values with errors, bounds and units.

        Parameters
        ----------
        only_free : bool
            Leave out what a fit may not change.
        """
        show(parameter_table([self], only_free=only_free))

    def summary(self) -> None:
        """Print what it is, and all its values."""
        show(parameter_table([self], title=repr(self)))

    def plot(self, only_free: bool = True) -> list[Any]:
        """Plot the map of every parameter.

        Parameters
        ----------
        only_free : bool
            Leave out what a fit may not change.
        """
        return [p.plot() for p in (self.free_parameters if only_free else self.parameters)]

    def export(
        self,
        folder: str | Path | None = None,
        format: str = "hspy",  # noqa: A002 - HyperSpy's word
        save_std: bool = False,
        only_free: bool = True,
    ) -> list[Path]:
        """Write the maps of the parameters to files; none is ever replaced.

        Parameters
        ----------
        folder, format, save_std
            As of `Parameter.export`.
        only_free : bool
            Leave out what a fit may not change.

        Returns
        -------
        list of Path
            The files written.
        """
        chosen = self.free_parameters if only_free else self.parameters
        return [
            path
            for p in chosen
            for path in p.export(folder=folder, format=format, save_std=save_std)
        ]


def names_in(given: Iterable[str] | None) -> list[str] | None:
    """A list of names; one text is one name."""
    if given is None:
        return None
    return [given] if isinstance(given, str) else list(given)


def check_kinds(whose: str, *, only_linear: bool, only_nonlinear: bool) -> None:
    """Refuse to leave out everything.

    Raises
    ------
    ParameterError
        Both were asked for.
    """
    if only_linear and only_nonlinear:
        raise ParameterError(
            f"{whose}: both only_linear and only_nonlinear came, and no parameter is both; give "
            "one of them"
        )


def set_from_row(whose: str, parameters: Sequence[Parameter], row: Any, std: Any = None) -> None:
    """Set working values, and errors, from their numbers one after another.

    Raises
    ------
    ParameterError
        Too few numbers, too many, or none that are finite; nothing is set.
    """
    n = sum(p.size for p in parameters)
    numbers = np.asarray(row, dtype=np.float64).ravel()
    errors = np.full(n, np.nan) if std is None else np.asarray(std, dtype=np.float64).ravel()
    if len(numbers) != n or len(errors) != n or not np.isfinite(numbers).all():
        raise ParameterError(
            f"{whose}: {numbers.tolist()} came, with {len(errors)} errors; {n} finite numbers are "
            f"wanted, for {', '.join(map(str, parameters))}"
        )
    start = 0
    for p in parameters:
        place = slice(start, start + p.size)
        if p.link is None:
            p.take("value", numbers[place])
        p.take("std", errors[place])
        start += p.size
