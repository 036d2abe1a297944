"""Part of a model, and copies: components, maps and links of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hsjupyter.core.slicing import Index
from hsjupyter.core.twins import copy_links

if TYPE_CHECKING:
    from hsjupyter.core.model import BaseModel
    from hsjupyter.core.signal import BaseSignal

M = TypeVar("M", bound="BaseModel")


def part_of(model: M, index: tuple[Index, ...], *, navigation: bool) -> M:
    """A model of part of the signal, with the stored values of its pixels.

    Parameters
    ----------
    model : BaseModel
    index : tuple of int or slice
        One for each navigation axis, or each signal axis, natural order.
    navigation : bool
        Which of the two.
    """
    part = type(model)(model.signal.part(index, navigation=navigation))
    key = index[::-1] if navigation and index else (slice(None),) * len(model.maps.shape)
    _fill(part, model, key)
    if navigation:
        part.channel_switches = model.channel_switches
    else:
        keep = tuple(slice(k, k + 1) if isinstance(k, int) else k for k in index[::-1])
        if model.channel_switches[keep].any():
            part.channel_switches = model.channel_switches[keep]
    part.low_loss = _low_loss_of(model, index, navigation=navigation)
    part.convolved = model.convolved
    if not navigation:
        part.axes_manager.indices = model.axes_manager.indices
    part.load()
    return part


def copy_of(model: M, signal: BaseSignal) -> M:
    """A model of another signal of the same axes, with all that is stored and set."""
    twin = type(model)(signal)
    _fill(twin, model, (slice(None),) * len(model.maps.shape))
    twin.channel_switches = model.channel_switches
    twin.low_loss, twin.convolved = model.low_loss, model.convolved
    twin.axes_manager.indices = model.axes_manager.indices
    return twin


def _fill(new: M, old: M, key: tuple[Any, ...]) -> None:
    """Give an empty model copies of the components, of some rows of the maps and of the links."""
    new.extend(component.copy() for component in old)
    copy_links(old, new)
    new.maps.fill_from(old.maps, key)
    for mine, theirs in zip(new, old, strict=True):
        # Set after the maps are filled: setting it first would overwrite the stored states.
        mine.active_is_multidimensional = False
        if theirs.active_is_multidimensional:
            kept = new.maps.active_of(mine).copy()
            mine.active_is_multidimensional = True
            new.maps.active_of(mine)[...] = kept


def _low_loss_of(model: Any, index: tuple[Index, ...], *, navigation: bool) -> BaseSignal | None:
    low_loss: BaseSignal | None = model.low_loss
    if low_loss is None or not navigation or not low_loss.axes_manager.navigation_dimension:
        return low_loss
    return low_loss.part(index, navigation=True)
