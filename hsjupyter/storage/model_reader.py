"""The branches of a model in a file -> its record; nothing of them is believed or run."""

from collections.abc import Mapping
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.convolution import make_convolution
from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.core.signal import BaseSignal
from hsjupyter.formula import FormulaError, parse
from hsjupyter.storage.component_reader import Found, name_in, read_component
from hsjupyter.storage.component_trees import OWN
from hsjupyter.storage.records import Place, Record
from hsjupyter.storage.signal_records import signal_from_tree

Tree = dict[str, Any]


def component_names(tree: Tree) -> list[str]:
    """The names of the components of a model in a file, in order."""
    return [name_in(c) for c in _components(_inner(tree))]


def record_from_tree(tree: Tree, signal: BaseSignal, whose: str) -> Record:
    """A record that `records.fill_model` takes.

    Parameters
    ----------
    tree : dict
        The model as it stands in the file.
    signal : BaseSignal
        Whose model it is.
    whose : str
        The model as the person knows it, for what is told.

    Notes
    -----
    What cannot be taken over is told in one `HSJupyterWarning`; it never ends the restoring.
    """
    inner = _inner(tree)
    notes: list[str] = []
    shape = signal.axes_manager.map_shape
    dimensions = signal.axes_manager.signal_dimension
    found = [read_component(c, shape, dimensions, notes) for c in _components(inner)]
    links = _own_links(inner, found, notes)
    record = {
        "components": [f.record for f in found],
        "channel_switches": _switches(inner, signal, notes),
        "low_loss": _low_loss(inner, signal, notes),
        "maps": _maps(inner, found, shape),
        "links": _their_links(found, notes) if links is None else links,
    }
    if notes:
        many = len(notes) - 8
        warn(
            f"{whose} is restored, but for what cannot be taken over: {'; '.join(notes[:8])}"
            + (f"; and {many} more" if many > 0 else "")
            + ". Look at these before you fit",
            HSJupyterWarning,
            stacklevel=3,
        )
    return record


def _inner(tree: Tree) -> Tree:
    inner = tree.get("_dict")
    return inner if isinstance(inner, dict) else {}


def _components(inner: Tree) -> list[Tree]:
    components = inner.get("components")
    if not isinstance(components, list | tuple):
        return []
    return [c for c in components if isinstance(c, dict)]


def _switches(inner: Tree, signal: BaseSignal, notes: list[str]) -> NDArray[np.bool_]:
    shape = signal.axes_manager.signal_shape[::-1]
    given = inner.get("_channel_switches", inner.get("channel_switches"))  # the second until 1.7
    if given is None:
        return np.ones(shape, dtype=bool)
    array = np.asarray(given)
    if array.shape != shape or array.dtype.kind not in "biu" or not array.any():
        notes.append(f"the signal range, of shape {array.shape} for a signal of {shape}")
        return np.ones(shape, dtype=bool)
    return array.astype(bool)


def _low_loss(inner: Tree, signal: BaseSignal, notes: list[str]) -> BaseSignal | None:
    tree = inner.get("low_loss")
    if tree is None or inner.get("_convolved", inner.get("convolved", True)) is False:
        return None
    try:
        low_loss = signal_from_tree(tree, "its low loss")
        make_convolution(signal, low_loss)  # refused where it does not fit
    except ValueError as why:
        notes.append(f"the low loss ({why})")
        return None
    return low_loss


# -- maps ------------------------------------------------------------------------------------------


def _maps(inner: Tree, found: list[Found], shape: tuple[int, ...]) -> dict[str, Any]:
    maps: dict[str, Any] = {}
    for key, fill in (("values", np.nan), ("std", np.nan), ("is_set", False)):
        parts = [column[key] for f in found for column in f.columns.values()]
        maps[key] = np.concatenate([*parts, np.full((*shape, 0), fill)], axis=-1)
    maps["is_set"] = maps["is_set"].astype(bool)
    maps["active"] = np.ones((*shape, len(found)), dtype=bool)
    for place, f in enumerate(found):
        if f.active_array is not None:
            maps["active"][..., place] = f.active_array
    chisq = _numbers(inner.get("chisq.data"), shape)
    dof = _numbers(inner.get("dof.data"), shape)
    # HyperSpy counts zero where there was no fit.
    maps["chisq"], maps["dof"] = chisq, np.where(np.isnan(chisq), np.nan, dof)
    return maps


def _numbers(given: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = np.asarray(given)
    if array.shape != shape or array.dtype.kind not in "biuf":
        return np.full(shape, np.nan)
    return array.astype(np.float64)


# -- links -----------------------------------------------------------------------------------------


def _own_links(inner: Tree, found: list[Found], notes: list[str]) -> list[Record] | None:
    """The links as hsjupyter wrote them; None where another program wrote the model."""
    own = inner.get(OWN)
    links = own.get("links") if isinstance(own, dict) else None
    if not isinstance(links, list | tuple):
        return None
    known = {(i, name) for i, f in enumerate(found) for name in f.columns}
    taken = []
    for link in links:
        follower, twin = _place(link, ""), _place(link, "twin_")
        texts = [link.get(key) for key in ("function", "inverse")] if follower in known else []
        if twin not in {*known, None} or not all(isinstance(text, str) for text in texts):
            return None
        if not texts:
            return None  # a component came as another kind: take what HyperSpy's words say
        taken.append(_link(follower, twin, *texts))
    return [link for link in taken if _is_formula(link, notes)]


def _place(link: Any, end: str) -> Place | None:
    """The parameter at one end of a link; None for nothing that could be one."""
    if not isinstance(link, Mapping):
        return None
    place, name = link.get(f"{end}component"), link.get(f"{end}parameter")
    return (place, name) if isinstance(place, int) and isinstance(name, str) else None


def _their_links(found: list[Found], notes: list[str]) -> list[Record]:
    """The links in HyperSpy's words: each parameter names those that follow it."""
    names = {number: (i, name) for i, f in enumerate(found) for number, name in f.ids.items()}
    words = {(i, name): texts for i, f in enumerate(found) for name, texts in f.words.items()}
    leaders: dict[Place, Place] = {}
    for i, f in enumerate(found):
        for name, followers in f.followers.items():
            for number in followers:
                if number in names:
                    leaders[names[number]] = (i, name)
    links = [
        _link(follower, leader, *words.get(follower, ("", "")))
        for follower, leader in leaders.items()
        if not _is_loop(follower, leaders)
    ]
    return [link for link in links if _is_formula(link, notes)]


def _is_loop(follower: Place, leaders: Mapping[Place, Place]) -> bool:
    seen = {follower}
    here = leaders.get(follower)
    while here is not None and here not in seen:
        seen.add(here)
        here = leaders.get(here)
    return here is not None


def _link(follower: Any, twin: Any, function: str, inverse: str) -> Record:
    return {"parameter": follower, "twin": twin, "function": function, "inverse": inverse}


def _is_formula(link: Record, notes: list[str]) -> bool:
    """Whether the texts of a link can be read; it is told where they cannot."""
    try:
        for text in (link["function"], link["inverse"]):
            if text and link["twin"] is not None:
                parse(text, variables=())
    except FormulaError as why:
        notes.append(f"that {link['parameter'][1]} follows another ({why})")
        return False
    return True
