"""Nested dictionaries -> groups of an HDF5 file; what has no place there is left out and told."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from hsjupyter.storage.layout import NONE, RESERVED, NestedRecord, looks_pickled, member_name
from hsjupyter.storage.limits import DEPTH_WRITTEN, TEXT_LENGTH

KINDS = {bool: "b", int: "iu", float: "f", complex: "c", str: "U"}


class TreeWriter:
    """Writes trees into one open file; remembers what it left out.

    Parameters
    ----------
    write_signal : callable
        ``(writer, group, record, place, depth)``, for signals that stand inside of metadata.
    """

    def __init__(
        self, write_signal: Callable[["TreeWriter", Any, Mapping[str, Any], str, int], None]
    ) -> None:
        self.left_out: list[str] = []
        self._write_signal = write_signal
        self._writers: list[tuple[Any, Callable[[Any, str, Any, str, int], bool]]] = [
            (NestedRecord, self._nested),
            (Mapping, self._branch),
            (str, self._text),
            (bytes, self._bytes),
            ((bool, int, float, complex, np.floating, np.complexfloating), self._number),
            ((list, tuple), self._sequence),
            (np.ndarray, self._array),
        ]

    def tree(self, group: Any, tree: Mapping[Any, Any], place: str = "", depth: int = 0) -> None:
        """Write nested dictionaries into a group; keys become text.

        Parameters
        ----------
        group : h5py.Group
            Open for writing.
        tree : mapping
            What to write.
        place : str
            Name of the tree, for what is left out.
        depth : int
            How many branches lead here.
        """
        for key, value in tree.items():
            where = f"{place}.{key}" if place else str(key)
            if not self._value(group, str(key), value, where, depth + 1):
                self.left_out.append(where)

    def _value(self, group: Any, key: str, value: Any, where: str, depth: int) -> bool:
        """Write one value; whether it found a place."""
        if isinstance(value, np.generic):
            value = value.item()
        if key in {"", "."} or "\0" in key or len(key) > 1000 or depth > DEPTH_WRITTEN:
            return False
        if key.startswith(RESERVED) or member_name(key) in group or key in group.attrs:
            return False
        if value is None:
            group.attrs[key] = NONE
            return True
        for kinds, write in self._writers:
            if isinstance(value, kinds):
                try:
                    return write(group, key, value, where, depth)
                except (UnicodeEncodeError, TypeError):
                    # Half a letter in a text, or a kind of number that HDF5 does not have.
                    return False
        return False

    def _number(self, group: Any, key: str, value: Any, _where: str, _depth: int) -> bool:
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
            return False
        group.attrs[key] = value
        return True

    def _text(self, group: Any, key: str, value: str, _where: str, _depth: int) -> bool:
        import h5py

        # Zeros at the end carry nothing; text with one inside needs a string of fixed length.
        value = value.rstrip("\0")
        if "\0" not in value:
            group.attrs[key] = value
            return True
        raw = value.encode()
        if len(raw) > TEXT_LENGTH:
            return False
        group.attrs[key] = np.array(raw, dtype=h5py.string_dtype("utf-8", len(raw)))
        return True

    def _bytes(self, group: Any, key: str, value: bytes, _where: str, _depth: int) -> bool:
        if looks_pickled(value):
            return False
        name = f"_bs_{key}"
        opaque = np.void(value) if value else np.zeros(0, np.uint8)
        if len(value) > TEXT_LENGTH:
            group.create_dataset(member_name(name), data=opaque)
        else:
            group.attrs[name] = opaque
        return True

    def _sequence(
        self, group: Any, key: str, value: list[Any] | tuple[Any, ...], where: str, depth: int
    ) -> bool:
        kind = "list" if isinstance(value, list) else "tuple"
        if not value:
            group.attrs[f"_{kind}_empty_{key}"] = NONE
            return True
        items = [v.item() if isinstance(v, np.generic) else v for v in value]
        array = _one_kind(items)
        if array is not None:
            return self._array(group, f"_{kind}_{key}", array, where, depth)
        inside = group.create_group(member_name(f"_{kind}_{len(items)}_{key}"))
        # Padded: HyperSpy takes members in the order of their names.
        width = len(str(len(items) - 1))
        members = {f"{place:0{width}d}": item for place, item in enumerate(items)}
        self.tree(inside, members, where, depth)
        return True

    def _array(self, group: Any, key: str, value: Any, _where: str, _depth: int) -> bool:
        import h5py

        if value.dtype.kind == "O" and all(isinstance(v, str) for v in value.flat):
            value = value.astype(str)
        if value.dtype.hasobject or value.dtype.kind in "mM":
            return False
        if value.dtype.kind == "U":
            text = h5py.string_dtype()
            group.create_dataset(
                member_name(key), data=value.astype(object), dtype=text, **packed(value)
            )
        else:
            group.create_dataset(member_name(key), data=value, **packed(value))
        return True

    def _branch(
        self, group: Any, key: str, value: Mapping[Any, Any], where: str, depth: int
    ) -> bool:
        self.tree(group.create_group(member_name(key)), value, where, depth)
        return True

    def _nested(self, group: Any, key: str, value: NestedRecord, where: str, depth: int) -> bool:
        inside = group.create_group(member_name(f"_sig_{key}"))
        self._write_signal(self, inside, value, where, depth)
        return True


def packed(value: Any) -> dict[str, Any]:
    """How a dataset is compressed; HDF5 compresses nothing that has no extent."""
    return {"compression": "gzip", "shuffle": True} if value.ndim and value.size else {}


def _one_kind(items: list[Any]) -> np.ndarray[Any, Any] | None:
    """The array of a list whose items come back the same from it, else None."""
    kind = type(items[0])
    if kind not in KINDS or any(type(v) is not kind for v in items):
        return None
    if kind is str and not all(text.isprintable() for text in items):
        return None
    array = np.array(items)
    return array if array.dtype.kind in KINDS[kind] else None
