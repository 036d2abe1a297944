"""BaseModel, the noun: components in order, signal range, maps, the current pixel."""

from __future__ import annotations

import re
import uuid
import weakref
from collections.abc import Iterable, Iterator
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import traitlets as t

from hsjupyter.core.component import Component
from hsjupyter.core.component_list import ModelComponents
from hsjupyter.core.convolution import make_convolution, spectrum_of
from hsjupyter.core.errors import DataError, ModelError, unknown_name
from hsjupyter.core.maps import ParameterMaps
from hsjupyter.core.slicing import Index, Slicer
from hsjupyter.core.twins import copy_links, set_link_words
from hsjupyter.core.units import units_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hsjupyter.core.parameter import Parameter
    from hsjupyter.core.shape import Array
    from hsjupyter.core.signal import BaseSignal

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
    low_loss = t.Any(None, allow_none=True, help="signal that spreads the convolved components")
    fit_output = t.Any(None, allow_none=True, help="what the last single fit told")

    def __init__(self, signal: BaseSignal) -> None:
        self._components: list[Component] = []
        self.signal = signal
        self.axes_manager = signal.axes_manager
        self.key = uuid.uuid4().hex
        self.lock = RLock()
        self.maps = ParameterMaps(self.axes_manager.map_shape)
        super().__init__(channel_switches=np.ones(self._signal_array_shape, dtype=bool))
        self._follow_indices()

    def _follow_indices(self) -> None:
        me = weakref.ref(self)

        # The signal outlives its models: its axes must not keep them alive.
        def follow(_change: Any) -> None:
            model = me()
            if model is None:
                self_manager.unobserve(follow, "indices")
            else:
                model.load()

        self_manager = self.axes_manager
        self_manager.observe(follow, "indices")

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
        if not isinstance(thing, Component):
            raise ModelError(
                f"{self!r}: {thing!r} came; a component is wanted, e.g. "
                "hs.model.components1D.Gaussian()"
            )
        if thing.model is not None:
            whose = "this" if thing.model is self else "another"
            raise ModelError(f"{thing!r} is in {whose} model already; append thing.copy() instead")
        if thing.dimensions != len(self._signal_array_shape):
            raise ModelError(
                f"{self!r}: {thing!r} has {thing.dimensions} dimension(s), the signal has "
                f"{len(self._signal_array_shape)}; take it from "
                f"hs.model.components{len(self._signal_array_shape)}D"
            )
        with self.lock:
            thing.name = self._unique(thing.name)
            self._components.insert(index, thing)
            thing.model = self
            for parameter in thing.parameters:
                parameter.units = parameter.units or units_of(parameter.par.unit, self.signal)
            self.maps.arrange(self._components)
            self.structure += 1

    def extend(self, iterable: Iterable[Component]) -> None:
        """Add several components."""
        for component in iterable:
            self.append(component)

    def remove(self, thing: Which | Iterable[Which]) -> None:
        """Remove a component, by itself, its name or its index, or several."""
        several = isinstance(thing, Iterable) and not isinstance(thing, str | Component)
        wanted = [self[w] for w in thing] if several else [self[thing]]  # type: ignore[union-attr]
        with self.lock:
            for component in wanted:
                _cut_links(self.parameters, component)
                self._components.remove(component)
                component.model = None
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

    def index(self, component: Component) -> int:
        """Its place in the order."""
        return self._components.index(self[component])

    def check_name(self, name: str, component: Component) -> None:
        """Refuse a name that another component has.

        Raises
        ------
        ModelError
            Also a ValueError.
        """
        if any(c.name == name and c is not component for c in self._components):
            raise ModelError(
                f"Another component already has the name {name}; choose a name of its own"
            )

    def _unique(self, name: str) -> str:
        taken = {c.name for c in self._components}
        if name not in taken:
            return name
        stem = re.sub(r"_\d+$", "", name)
        return next(new for i in range(len(taken) + 1) if (new := f"{stem}_{i}") not in taken)

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

    def load(self) -> None:
        """Take the stored values of the current pixel as working values, where there are any."""
        where = self.axes_manager.map_index
        with self.lock:
            for parameter in self.parameters:
                place = self.maps.slot(parameter)
                if self.maps.is_set[where][place].all():
                    if parameter.link is None:  # a follower follows by itself
                        _assign(parameter, self.maps.values[where][place], "value")
                    _assign(parameter, self.maps.std[where][place], "std")
            for component in self._components:
                if component.active_is_multidimensional:
                    component.active = bool(self.maps.active_of(component)[where])

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
        where = self.axes_manager.map_index
        with self.lock:
            for parameter in self.parameters:
                place = self.maps.slot(parameter)
                if parameter.link is None:
                    _assign(parameter, values[place], "value")
                _assign(parameter, std[place], "std")
            self.maps.values[where], self.maps.std[where] = values, std
            self.maps.is_set[where] = True
            if chisq is not None and dof is not None:
                self.maps.chisq[where], self.maps.dof[where] = chisq, dof
            self.stored += 1

    def store_working_values(self) -> None:
        """Write the working values of the current pixel into the maps."""
        std = [
            np.full(p.size, np.nan) if p.std is None else np.ravel(p.std) for p in self.parameters
        ]
        self.commit(self.row(), np.concatenate([*std, np.empty(0)]))

    def __call__(
        self, component_list: list[Component] | None = None, *, only_active: bool = True
    ) -> Array:
        """The model at the working values over all channels, in units of the data.

        Parameters
        ----------
        component_list : list of Component, optional
            Only these; all where not given.
        only_active : bool
            Leave out what is switched off.

        Returns
        -------
        ndarray, (sig...)
            Multiplied by the channel widths where the data are binned.
        """
        coords = self.signal.signal_coordinates()
        total = np.zeros(coords[0].shape)
        for component in self._components if component_list is None else component_list:
            if component.active or not only_active:
                total += self._line(component, coords)
        widths = self.signal.binned_widths
        return total if widths is None else total * widths

    def _line(self, component: Component, coords: tuple[Array, ...]) -> Array:
        if self.low_loss is None or not component.convolved:
            return component.function(*coords)
        convolution = make_convolution(self.signal, self.low_loss)
        low_loss = spectrum_of(self.low_loss, self.axes_manager.map_index)
        return convolution(component.function(convolution.axis), low_loss)

    # -- parts ---------------------------------------------------------------------------------

    @property
    def inav(self) -> Slicer[Self]:
        """The model of part of the map, with its stored values."""
        axes = self.axes_manager.navigation_axes
        return Slicer(axes, lambda index: self._part(index, navigation=True), f"{self!r}.inav")

    @property
    def isig(self) -> Slicer[Self]:
        """The model of part of the spectra."""
        axes = self.axes_manager.signal_axes
        return Slicer(axes, lambda index: self._part(index, navigation=False), f"{self!r}.isig")

    def _part(self, index: tuple[Index, ...], *, navigation: bool) -> Self:
        signal = self.signal.part(index, navigation=navigation)
        part = type(self)(signal)
        part.extend(component.copy() for component in self._components)
        copy_links(self, part)
        key = index[::-1] if navigation and index else (slice(None),) * len(self.maps.shape)
        part.maps.fill_from(self.maps, key)
        if navigation:
            part.channel_switches = self.channel_switches
        else:
            keep = tuple(slice(k, k + 1) if isinstance(k, int) else k for k in index[::-1])
            if self.channel_switches[keep].any():
                part.channel_switches = self.channel_switches[keep]
        for new, old in zip(part, self, strict=True):
            # Set after the maps are filled: setting it first would overwrite the stored states.
            new.set_trait("active_is_multidimensional", False)
            if old.active_is_multidimensional:
                kept = part.maps.active_of(new).copy()
                new.active_is_multidimensional = True
                part.maps.active_of(new)[...] = kept
        part.low_loss = self._low_loss_of(index, navigation=navigation)
        part.load()
        return part

    def _low_loss_of(self, index: tuple[Index, ...], *, navigation: bool) -> BaseSignal | None:
        low_loss: BaseSignal | None = self.low_loss
        if low_loss is None or not navigation or not low_loss.axes_manager.navigation_dimension:
            return low_loss
        return low_loss.part(index, navigation=True)

    def __repr__(self) -> str:
        title = self.signal.metadata.get_item("General.title", "")
        kind = type(self).__name__
        return f"<{kind}, title: {title}>" if title else f"<{kind}>"


def _cut_links(parameters: Iterable[Parameter], component: Component) -> None:
    """Let nothing in or out of a component follow across its border; values stay."""
    for parameter in parameters:
        link = parameter.link
        if link is None:
            continue
        ends = {source.component is component for source in link.sources}
        if ends != {parameter.component is component}:
            set_link_words(parameter, twin=None, function="", inverse="")


def _assign(parameter: Parameter, numbers: Array, field: str) -> None:
    value: Any = tuple(numbers.tolist())
    if field == "std" and np.isnan(numbers).all():
        value = None
    elif not isinstance(parameter.value, tuple):
        value = value[0]
    setattr(parameter, field, value)
