"""A model frozen into arrays and shapes: what is solved, and what travels to an engine."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.shape import Shape
from hsjupyter.core.twins import LinkLaw, following_order

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SlotLink:
    """A slot that follows others.

    Attributes
    ----------
    slot : int
    sources : tuple of int
    link : Link
    """

    slot: int
    sources: tuple[int, ...]
    link: LinkLaw


@dataclass(frozen=True, eq=False)
class Plan:
    """What does not change from pixel to pixel.

    Attributes
    ----------
    coords : tuple of ndarray, (channel,)
        Calibrated positions of the channels inside the signal range; x, then y.
    widths : ndarray, (channel,), or None
        Widths of the channels where the data are binned.
    channels : ndarray of int, (channel,)
        Their places in a flattened spectrum.
    shapes : tuple of Shape, (component,)
    owners : ndarray of int, (slot,)
        The component of every slot.
    names : tuple of str, (slot,)
        As the person knows them: ``Gaussian_0.sigma``.
    start, lower, upper : ndarray, (slot,)
        Start values; bounds, infinite where there are none.
    free : ndarray of bool, (slot,)
        Slots that a fit may change, while their component is active.
    active : ndarray of bool, (component,)
        What counts where a pixel does not say otherwise.
    links : tuple of SlotLink
        Slots that follow others, each after all that it follows.
    """

    coords: tuple[Array, ...]
    widths: Array | None
    channels: NDArray[np.intp]
    shapes: tuple[Shape, ...]
    owners: NDArray[np.intp]
    names: tuple[str, ...]
    start: Array
    lower: Array
    upper: Array
    free: Flags
    active: Flags
    links: tuple[SlotLink, ...] = ()

    def free_slots(self, active: Flags) -> NDArray[np.intp]:
        """The slots that a fit may change while these components are active, ascending."""
        counts = active[self.owners]
        for link in reversed(self.links):  # what an active component follows counts as well
            if counts[link.slot]:
                counts[list(link.sources)] = True
        return np.flatnonzero(self.free & counts)

    def follow(self, row: Array) -> Array:
        """Fill in the slots that follow others, in place, and return the row."""
        for link in self.links:
            row[link.slot] = link.link.value(row[list(link.sources)])
        return row

    def spread(self, row: Array, slots: NDArray[np.intp]) -> Array:
        """Derivatives of all slots by the free ones, (slot, free): the chain rule of the links."""
        by_free = np.zeros((len(row), len(slots)))
        by_free[slots, np.arange(len(slots))] = 1.0
        for link in self.links:
            sources = list(link.sources)
            by_free[link.slot] = np.array(link.link.slopes(row[sources])) @ by_free[sources]
        return by_free

    def value(self, row: Array, active: Flags) -> Array:
        """The model, (channel,), in units of the data.

        Parameters
        ----------
        row : ndarray, (slot,)
        active : ndarray of bool, (component,)
        """
        total = np.zeros(self.coords[0].shape)
        for c in np.flatnonzero(active):
            total += self.shapes[c].value(self.coords, row[self.owners == c])
        return total if self.widths is None else total * self.widths

    def jacobian(self, row: Array, active: Flags) -> Array:
        """Derivatives by the free slots, (free slot, channel)."""
        rows = np.zeros((len(row), *self.coords[0].shape))
        moves = self.free.copy()
        moves[[link.slot for link in self.links]] = True
        for c in np.flatnonzero(active):
            mine = self.owners == c
            if moves[mine].any():
                rows[mine] = self.shapes[c].derivatives(self.coords, row[mine])
        slots = self.free_slots(active)
        chosen = self.spread(row, slots).T @ rows if self.links else rows[slots]
        return chosen if self.widths is None else chosen * self.widths


def make_plan(model: BaseModel, *, bounded: bool = True) -> Plan:
    """Freeze a model at its working values.

    Parameters
    ----------
    model : BaseModel
        Its working values are the start.
    bounded : bool
        False leaves the bounds out.

    Raises
    ------
    ModelError
        No active component, or nothing free.
    """
    components = tuple(model)
    owners = np.array(
        [i for i, c in enumerate(components) for p in c.parameters for _ in p.slot_names],
        dtype=np.intp,
    )
    per_slot = [(p, name) for c in components for p in c.parameters for name in p.slot_names]
    names = tuple(f"{c.name}.{name}" for c in components for name in c.slot_names)
    switches = model.channel_switches
    coords = tuple(np.ascontiguousarray(x[switches]) for x in model.signal.signal_coordinates())
    widths = model.signal.binned_widths
    plan = Plan(
        coords=coords,
        widths=None if widths is None else widths[switches],
        channels=np.flatnonzero(switches),
        shapes=tuple(c.shape for c in components),
        owners=owners,
        names=names,
        start=model.row(),
        lower=np.array([-np.inf if p.bmin is None or not bounded else p.bmin for p, _ in per_slot]),
        upper=np.array([np.inf if p.bmax is None or not bounded else p.bmax for p, _ in per_slot]),
        free=np.array([p.free for p, _ in per_slot], dtype=bool),
        active=np.array([c.active for c in components], dtype=bool),
        links=tuple(_slot_links(model)),
    )
    may_be_active = plan.active | np.array([c.active_is_multidimensional for c in components], bool)
    if not may_be_active.any():
        raise ModelError(
            f"{model!r} has no active component; append one, or set component.active = True"
        )
    if not plan.free_slots(may_be_active).size:
        raise ModelError(
            f"{model!r}: no parameter is free, so there is nothing to fit; free some, e.g. with "
            "m.set_parameters_free()"
        )
    return plan


def _slot_links(model: BaseModel) -> Iterator[SlotLink]:
    for p in following_order(model.parameters):
        if p.link is not None:
            for element in range(p.size):
                slot = model.maps.slot(p).start + element
                sources = tuple(model.maps.slot(q).start + element for q in p.link.sources)
                yield SlotLink(slot, sources, p.link.law)
