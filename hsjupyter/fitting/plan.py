"""A model frozen into arrays and shapes: what is solved, and what travels to an engine."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.convolution import Convolution, make_convolution
from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.shape import FormulaShape, Shape
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
    convolution : Convolution or None
        Where a low loss spreads lines.
    convolved : ndarray of bool, (component,), or None
        The lines that it spreads.
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
    convolution: Convolution | None = None
    convolved: Flags | None = None

    def free_slots(self, active: Flags) -> NDArray[np.intp]:
        """The slots that a fit may change while these components are active, ascending.

        They are not to be written to: who asks again gets the same array.
        """
        key = active.tobytes()
        if key not in self._free_slots:
            counts = active[self.owners]
            for link in reversed(self.links):  # what an active component follows counts as well
                if counts[link.slot]:
                    counts[list(link.sources)] = True
            found = np.flatnonzero(self.free & counts)
            found.flags.writeable = False
            self._free_slots[key] = found
        return self._free_slots[key]

    def __getstate__(self) -> dict[str, Any]:
        """What travels: all but what can be found out again."""
        return {name: value for name, value in self.__dict__.items() if name not in _FOUND_OUT}

    @cached_property
    def known(self) -> dict[str, Any]:
        """What is found out once, and holds wherever a plan begins."""
        return {}

    @cached_property
    def _free_slots(self) -> dict[bytes, NDArray[np.intp]]:
        """By the bytes of what is active."""
        return {}

    def begun_at(self, start: Array) -> "Plan":
        """The same from another row, (slot,); what was found out of it stays known."""
        again = copy(self)
        # Of the copy, which nobody has yet.
        found_out = {name: getattr(self, name) for name in _FOUND_OUT}
        again.__dict__.update(found_out, start=start)
        return again

    def bent(self, active: Flags) -> tuple[str, ...]:
        """The free numbers in which the model is not linear, or not known to be."""
        slots = set(self.free_slots(active).tolist())
        moving = slots | {link.slot for link in self.links}
        bent: set[int] = set()
        for c in np.flatnonzero(active).tolist():
            mine = np.flatnonzero(self.owners == c).tolist()
            shape, moved = self.shapes[c], [s for s in mine if s in moving]
            if not isinstance(shape, FormulaShape):
                bent.update(moved)
                continue
            of = {s: shape.formula.order[mine.index(s)] for s in moved}
            if not shape.formula.is_linear(tuple(of.values())):
                linear = shape.formula.linear
                one_by_one = [s for s in moved if of[s] not in linear]
                bent.update(one_by_one or moved)
        for link in reversed(self.links):
            law = link.link.formula
            if link.slot in bent or law is None or not law.is_linear(law.order):
                bent.update(link.sources)
        return tuple(self.names[s] for s in sorted(bent & slots))

    def follow(self, row: Array) -> Array:
        """Fill in the slots that follow others, in place, and return the row."""
        for link in self.links:
            row[link.slot] = link.link.value(row[list(link.sources)])
        return row

    def spread(self, row: Array, slots: NDArray[np.intp]) -> Array:
        """Derivatives of all slots by the free ones: the chain rule of the links.

        Parameters
        ----------
        row : ndarray, (..., slot)
        slots : ndarray of int, (free,)

        Returns
        -------
        ndarray, (..., slot, free)
        """
        by_free = np.zeros((*row.shape, len(slots)))
        by_free[..., slots, np.arange(len(slots))] = 1.0
        for link in self.links:
            sources = list(link.sources)
            slopes = np.moveaxis(link.link.slopes(np.moveaxis(row[..., sources], -1, 0)), 0, -1)
            by_free[..., link.slot, :] = np.einsum(
                "...k,...kf->...f", slopes, by_free[..., sources, :]
            )
        return by_free

    def deviations(self, row: Array, slots: NDArray[np.intp], covar: Array) -> Array:
        """Standard deviations of all slots from the covariance of the free ones.

        Followers get theirs by propagation.

        Parameters
        ----------
        row : ndarray, (..., slot)
        slots : ndarray of int, (free,)
        covar : ndarray, (..., free, free)

        Returns
        -------
        ndarray, (..., slot)
            NaN for what does not move, or depends on what is not known.

        Source
        ------
        Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., eq. 3.13.
        """
        if not self.links:
            std = np.full(row.shape, np.nan)
            std[..., slots] = np.sqrt(covar.diagonal(axis1=-2, axis2=-1))
            return std
        by_free = self.spread(row, slots)
        not_known = np.isnan(covar.diagonal(axis1=-2, axis2=-1))[..., np.newaxis, :]
        known = np.where(np.isnan(covar), 0.0, covar)
        variance = np.einsum("...sf,...fg,...sg->...s", by_free, known, by_free, optimize=True)
        used = by_free != 0
        good = used.any(axis=-1) & ~(used & not_known).any(axis=-1)
        return np.sqrt(np.where(good, variance, np.nan))

    def value(self, row: Array, active: Flags, low_loss: Array | None = None) -> Array:
        """The model, (channel,), in units of the data.

        Parameters
        ----------
        row : ndarray, (slot,)
        active : ndarray of bool, (component,)
        low_loss : ndarray, (low,), optional
            The pixel's, where there is a convolution.
        """
        total = np.zeros(self.coords[0].shape)
        for c in np.flatnonzero(active).tolist():
            p = row[self.owners == c]
            total += self._spread(c, self.shapes[c].value(self._coords_of(c), p), low_loss)
        return total if self.widths is None else total * self.widths

    def jacobian(self, row: Array, active: Flags, low_loss: Array | None = None) -> Array:
        """Derivatives by the free slots, (free slot, channel); arguments as `value`."""
        rows = np.zeros((len(row), *self.coords[0].shape))
        moves = self.free.copy()
        moves[[link.slot for link in self.links]] = True
        for c in np.flatnonzero(active).tolist():
            mine = self.owners == c
            if moves[mine].any():
                lines = self.shapes[c].derivatives(self._coords_of(c), row[mine])
                rows[mine] = self._spread(c, lines, low_loss)
        slots = self.free_slots(active)
        chosen = self.spread(row, slots).T @ rows if self.links else rows[slots]
        return chosen if self.widths is None else chosen * self.widths

    def _is_convolved(self, c: int) -> bool:
        return self.convolved is not None and bool(self.convolved[c])

    def _coords_of(self, c: int) -> tuple[Array, ...]:
        if self.convolution is not None and self._is_convolved(c):
            return (self.convolution.axis,)
        return self.coords

    def _spread(self, c: int, lines: Array, low_loss: Array | None) -> Array:
        if self.convolution is None or low_loss is None or not self._is_convolved(c):
            return lines
        spread: Array = self.convolution(lines, low_loss)[..., self.channels]
        return spread


_FOUND_OUT = ("known", "_free_slots")


def make_plan(model: BaseModel, *, bounded: bool = True) -> Plan:
    """Freeze a model at its working values, for a fit.

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
    plan = freeze(model, bounded=bounded)
    may_be_active = plan.active
    if not may_be_active.all():
        elsewhere = [c.active_is_multidimensional for c in model]
        may_be_active = may_be_active | np.array(elsewhere, bool)
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


def freeze(model: BaseModel, *, bounded: bool = True) -> Plan:
    """The plan of any model, also of one that cannot be fitted; arguments as `make_plan`."""
    model.fidelity.check(model)
    components = tuple(model)
    start, *rest = _slots(components)
    shapes = tuple(c.freeze() for c in components)
    labels = [c.labels for c in components]
    flags = [c.active for c in components], [c.convolved for c in components]
    coords, widths = model.signal.signal_coordinates(), model.signal.binned_widths
    switches, spread_by = model.channel_switches, model.spread_by
    links = tuple(_slot_links(model))
    arrays = [x.tobytes() for x in (*coords, switches)]
    arrays += [] if widths is None else [widths.tobytes()]
    says = (bounded, rest, list(map(id, shapes)), labels, flags, arrays)
    # Fits come one after another of a model that is the same but for its working values.
    plain = spread_by is None and not links and all(isinstance(s, FormulaShape) for s in shapes)
    last = _LAST.get(model) if plain else None
    if last is not None and last.says == says:
        return last.plan.begun_at(np.array(start, dtype=np.float64))
    lower, upper, free = rest
    plan = Plan(
        coords=tuple(x[switches] for x in coords),
        widths=None if widths is None else widths[switches],
        channels=np.flatnonzero(switches),
        shapes=shapes,
        owners=np.repeat(np.arange(len(labels)), list(map(len, labels))),
        names=tuple(chain.from_iterable(labels)),
        start=np.array(start, dtype=np.float64),
        lower=np.array(lower) if bounded else np.full(len(lower), -np.inf),
        upper=np.array(upper) if bounded else np.full(len(upper), np.inf),
        free=np.array(free, dtype=bool),
        active=np.array(flags[0], dtype=bool),
        links=links,
        convolution=None if spread_by is None else make_convolution(model.signal, spread_by),
        convolved=np.array(flags[1], dtype=bool),
    )
    if plain:
        _LAST[model] = _Last(says, plan)
    return plan


class _Last(NamedTuple):
    """The plan that was made last of a model, and what it was made of; it knows no model."""

    says: tuple[Any, ...]
    plan: Plan


_LAST: WeakKeyDictionary[BaseModel, _Last] = WeakKeyDictionary()


def _slots(components: Iterable[Component]) -> tuple[list[Any], ...]:
    """Of every slot its value, bounds and whether it is free."""
    start: list[Any] = []
    lower: list[Any] = []
    upper: list[Any] = []
    free: list[Any] = []
    for component in components:
        for p in component.parameters:
            row, low, high, is_free = p.frozen()
            n = len(row)
            start += row
            lower += (low,) * n
            upper += (high,) * n
            free += (is_free,) * n
    return start, lower, upper, free


def _slot_links(model: BaseModel) -> Iterator[SlotLink]:
    for p in following_order(model.parameters):
        if p.link is not None:
            for element in range(p.size):
                slot = model.maps.slot(p).start + element
                sources = tuple(model.maps.slot(q).start + element for q in p.link.sources)
                yield SlotLink(slot, sources, p.link.law)
