"""BaseModel, the noun: components in order, signal range, maps, the current pixel."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from html import escape
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from hsjupyter.core.component import Component
from hsjupyter.core.component_list import (
    ModelComponents,
    check_component,
    unique_name,
)
from hsjupyter.core.convolution import make_convolution, spectrum_of
from hsjupyter.core.errors import DataError, ModelError, unknown_name
from hsjupyter.core.events import events_of
from hsjupyter.core.faithful import Fidelity, follow_indices
from hsjupyter.core.maps import ParameterMaps
from hsjupyter.core.signal import BaseSignal
from hsjupyter.core.told import Switch
from hsjupyter.core.twins import attribute_name, cut_links
from hsjupyter.core.units import units_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hsjupyter.core.axes_manager import AxesManager
    from hsjupyter.core.parameter import Parameter
    from hsjupyter.core.shape import Array

Which = Component | str | int


class BaseModel(t.HasTraits):
    """Components whose sum describes a signal, with the stored parameters of every pixel.

    Parameters
    ----------
    signal : BaseSignal
        What is described. The model follows its ``axes_manager.indices``.
    """

    structure = t.Int(0, help="grows when components are added, removed, moved or renamed")
    stored = t.Int(0, help="grows when the maps are written")
    channel_switches = t.Any(help="bool array of the signal shape: True where a fit looks")
    backup_channel_switches = t.Any(None, help="what `fit_component` puts back")
    low_loss = t.Any(None, allow_none=True, help="signal that spreads the convolved components")
    convolved = Switch(True, help="the low loss counts, where there is one")
    fit_output = t.Any(None, allow_none=True, help="what the last single fit told")
    run = t.Any(None, help="the last fit of many pixels, or the one under way")
    suspended = t.Int(0, help="how many times views were asked not to follow")
    redraw = t.Int(0, help="grows when views are asked to draw again")

    def __init__(self, signal: BaseSignal) -> None:
        self._components: list[Component] = []
        self.signal = signal
        self.fidelity = Fidelity(signal.axes_manager)
        self.key = uuid.uuid4().hex
        self.lock = RLock()
        self._maps = ParameterMaps(self.axes_manager.map_shape)
        super().__init__(channel_switches=np.ones(self._signal_array_shape, dtype=bool))
        follow_indices(self)

    @property
    def axes_manager(self) -> AxesManager:
        """The axes of the signal.

        Raises
        ------
        ModelError
            The signal was changed in place, and has other sizes than when the model was made.
        """
        self.fidelity.check(self)
        return self.signal.axes_manager

    @property
    def maps(self) -> ParameterMaps:
        """What is stored of all pixels; refused like `axes_manager`."""
        self.fidelity.check(self)
        return self._maps

    # -- signal range --------------------------------------------------------------------------

    @property
    def _signal_array_shape(self) -> tuple[int, ...]:
        return self.axes_manager.signal_shape[::-1]

    @t.validate("channel_switches")
    def _switches_fit(self, proposal: dict[str, Any]) -> NDArray[np.bool_]:
        switches = np.array(proposal["value"], dtype=bool)
        if switches.shape != self._signal_array_shape:
            raise DataError(
                f"{self!r}: channel switches of shape {switches.shape} came; the signal's shape "
                f"{self._signal_array_shape} is wanted"
            )
        if not switches.any():
            raise DataError(
                f"{self!r}: the signal range would be empty; leave at least one channel on"
            )
        switches.flags.writeable = False  # replaced whole, so that views hear of it
        return switches

    @t.validate("low_loss")
    def _low_loss_fits(self, proposal: dict[str, Any]) -> BaseSignal | None:
        low_loss: BaseSignal | None = proposal["value"]
        if low_loss is not None and not isinstance(low_loss, BaseSignal):
            raise DataError(f"{self!r}.low_loss: {low_loss!r} came; a signal is wanted, or None")
        if low_loss is not None:
            make_convolution(self.signal, low_loss)
        return low_loss

    # -- a list of components ------------------------------------------------------------------

    def append(self, thing: Component) -> None:
        """Add a component; its name is made unique.

        Raises
        ------
        ModelError
            It is not a component, or is in a model already.
        """
        self.insert(len(self._components), thing)

    def insert(self, index: int, thing: Component) -> None:
        """Add a component at a place in the order."""
        check_component(self, thing)
        with self.lock:
            thing.name = unique_name(thing.name, [c.name for c in self._components])
            self._components.insert(index, thing)
            thing.model = self
            for parameter in thing.parameters:
                parameter.units = parameter.units or units_at(parameter, thing, self.signal)
            self.maps.arrange(self._components)
            self.structure += 1

    def extend(self, iterable: Iterable[Component]) -> None:
        """Add several components; all, or none where one of them cannot be."""
        things = list(iterable)
        for place, thing in enumerate(things):
            check_component(self, thing)
            if thing in things[:place]:
                raise ModelError(f"{self!r}: {thing!r} came twice; append thing.copy() instead")
        for thing in things:
            self.append(thing)

    def remove(self, thing: Which | Iterable[Which]) -> None:
        """Remove a component, by itself, its name or its index, or several."""
        several = isinstance(thing, Iterable) and not isinstance(thing, str | Component)
        wanted = [self[w] for w in thing] if several else [self[thing]]  # type: ignore[union-attr]
        with self.lock:
            for component in dict.fromkeys(wanted):
                cut_links(self.parameters, component)
                self._components.remove(component)
                component.model = None
            self.maps.arrange(self._components)
            self.structure += 1

    def arrange(self, components: Iterable[Component]) -> None:
        """Put the components into another order; what is stored moves along.

        Raises
        ------
        ModelError
            They are not the same components.
        """
        wanted = [self[c] for c in components]
        if len(wanted) != len(self) or set(wanted) != set(self._components):
            raise ModelError(
                f"{self!r}: {wanted!r} came as an order; each of its components is wanted, once"
            )
        with self.lock:
            self._components[:] = wanted
            self.maps.arrange(self._components)
            self.structure += 1

    def __delitem__(self, which: Which | slice) -> None:
        self.remove(self[which])

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, Component):
            if which.model is not self:
                raise ModelError(f"{which!r} is not in {self!r}; append it first")
            return which
        if isinstance(which, str):
            for component in self._components:
                if component.name == which:
                    return component
            raise unknown_name(repr(self), which, [c.name for c in self._components])
        if not isinstance(which, int | np.integer | slice):
            raise ModelError(
                f"{self!r}[{which!r}]: a name, a whole number or a slice is wanted, such as m[0]"
            )
        try:
            return self._components[which]
        except IndexError:
            raise ModelError(
                f"{self!r}: component {which} was asked for; there are {len(self._components)}, "
                "counted from 0"
            ) from None

    def __iter__(self) -> Iterator[Component]:
        return iter(tuple(self._components))

    def __len__(self) -> int:
        return len(self._components)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, thing: object) -> bool:
        return thing in self._components

    def index(self, value: Which, start: int = 0, stop: int | None = None) -> int:
        """The place of a component in the order.

        Parameters
        ----------
        value : Component, str or int
        start, stop : int, optional
            Where to look.

        Raises
        ------
        ModelError
            It is not there.
        """
        place = self._components.index(self[value])
        if place not in range(len(self))[start:stop]:
            raise ModelError(f"{self!r}: {value!r} is at {place}, not between {start} and {stop}")
        return place

    def check_name(self, name: str, component: Component) -> None:
        """Refuse a name that another component has, or that gives the same attribute.

        Raises
        ------
        ModelError
            Also a ValueError.
        """
        taken = {attribute_name(c.name) for c in self._components if c is not component}
        if attribute_name(name) in taken:
            raise ModelError(
                f"Another component already has the name {name}; choose a name of its own"
            )

    @property
    def components(self) -> ModelComponents:
        """The components by name, with tab completion; prints as a table."""
        return ModelComponents(self._components)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters, in the order of their slots."""
        return tuple(p for c in self._components for p in c.parameters)

    # -- the current pixel ---------------------------------------------------------------------

    def row(self) -> Array:
        """The working values of all slots, (slot,)."""
        return np.array([v for c in self._components for v in c.row()], dtype=np.float64)

    def load(self, parameters: Iterable[Parameter] | None = None) -> None:
        """Take the stored values of the current pixel as working values, where there are any.

        Parameters
        ----------
        parameters : iterable of Parameter, optional
            Only these; else all, and which components are active.
        """
        where = self.axes_manager.map_index
        values, std, is_set = self.maps.row(where)
        with self.lock:
            for parameter in self.parameters if parameters is None else parameters:
                place = self.maps.slot(parameter)
                if is_set[place].all() and parameter.link is None:  # a follower follows by itself
                    parameter.take("value", values[place])
                parameter.take("std", std[place])  # NaN: that of another pixel says nothing here
            for component in self._components if parameters is None else ():
                if component.active_is_multidimensional:
                    component.active = bool(self.maps.active_of(component)[where])

    def keep(self, parameters: Iterable[Parameter], where: Any) -> None:
        """Store the working values and errors of parameters.

        Parameters
        ----------
        parameters : iterable of Parameter
        where : tuple of int, or ndarray of bool, (nav...)
            One pixel, or some.
        """
        with self.lock:
            for parameter in parameters:
                self.maps.put(parameter, where)
            self.stored += 1

    def store_working_values(self) -> None:
        """Write the working values of the current pixel into the maps."""
        self.keep(self.parameters, self.axes_manager.map_index)

    def commit(
        self, values: Array, std: Array, chisq: float | None = None, dof: float | None = None
    ) -> None:
        """Make a row both the working and the stored values of the current pixel.

        Parameters
        ----------
        values, std : ndarray, (slot,)
            ``std`` is NaN where not known.
        chisq, dof : float, optional
            Chi squared and the number of free numbers, where they come from a fit.
        """
        where, maps, parameters = self.axes_manager.map_index, self.maps, self.parameters
        numbers, errors = values.tolist(), std.tolist()
        with self.lock:
            for parameter in parameters:
                place = maps.slot(parameter)
                if parameter.link is None:
                    parameter.take("value", numbers[place])
                parameter.take("std", errors[place])
            if chisq is not None and dof is not None:
                maps.chisq[where], maps.dof[where] = chisq, dof
            # What the parameters say: one may hold values inside of its bounds.
            maps.values[where] = self.row()
            maps.std[where] = [number for p in parameters for number in p.flat_std()]
            maps.is_set[where] = True
            self.stored += 1

    def __call__(
        self,
        component_list: Iterable[Which] | None = None,
        *,
        only_active: bool = True,
        onlyactive: bool | None = None,
        non_convolved: bool = False,
        binned: bool | None = None,
    ) -> Array:
        """The model at the working values over all channels, in units of the data.

        Parameters
        ----------
        component_list : iterable of Component, str or int, optional
            Only these; all where not given.
        only_active : bool
            Leave out what is switched off; also as ``onlyactive``.
        non_convolved : bool
            Leave out the low loss.
        binned : bool, optional
            Whether to multiply by the channel widths; as the data are where not given.

        Returns
        -------
        ndarray, (sig...)
        """
        self.fidelity.check(self)
        active = only_active if onlyactive is None else onlyactive
        coords = self.signal.signal_coordinates()
        total = np.zeros(coords[0].shape)
        for component in self if component_list is None else map(self.__getitem__, component_list):
            if component.active or not active:
                total += self._line(component, coords, convolved=not non_convolved)
        widths = self.signal.binned_widths
        return total if widths is None or binned is False else total * widths

    def _line(self, component: Component, coords: tuple[Array, ...], *, convolved: bool) -> Array:
        if self.spread_by is None or not (convolved and component.convolved):
            return component.function(*coords)
        convolution = make_convolution(self.signal, self.spread_by)
        low_loss = spectrum_of(self.spread_by, self.axes_manager.map_index)
        # A hand-written function may give one number for all channels.
        line = np.broadcast_to(component.function(convolution.axis), convolution.axis.shape)
        return convolution(line, low_loss)

    @property
    def spread_by(self) -> BaseSignal | None:
        """The low loss, unless `convolved` is False; None where there is none."""
        low_loss: BaseSignal | None = self.low_loss if self.convolved else None
        return low_loss

    @property
    def events(self) -> Any:
        """Who is told: ``m.events.fitted.connect(f)`` calls ``f(obj=m)`` after a fit."""
        return events_of(self)

    def __repr__(self) -> str:
        title = self.signal.metadata.get_item("General.title", "")
        kind = type(self).__name__
        return f"<{kind}, title: {title}>" if title else f"<{kind}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.components._repr_html_()}"

    def _ipython_key_completions_(self) -> list[str]:
        return [component.name for component in self._components]
