"""The rules of HyperSpy's layout 3.3 for nested values, shared by reader and writer.

| a value | becomes |
| --- | --- |
| None | attribute ``'_None_'`` |
| text, number, bool | attribute |
| bytes | opaque attribute ``_bs_<key>`` |
| empty list, tuple | attribute ``_list_empty_<key>``, ``_tuple_empty_<key>`` |
| list, tuple of one kind of number, or of texts | dataset ``_list_<key>``, ``_tuple_<key>`` |
| other list, tuple | group ``_list_<n>_<key>``, members named by their place |
| array | dataset |
| dictionary | group |
| signal, as a `NestedRecord` | group ``_sig_<key>`` |
"""

import re
from typing import Any

NONE = "_None_"
RESERVED = ("_list_", "_tuple_", "_bs_", "_sig_")
SEQUENCE = re.compile(r"_(list|tuple)_(\d+)_(.*)", re.DOTALL)
SLASH, STAND_IN = "/", "\N{DIVISION SLASH}"  # a name of HDF5 cannot hold the first


class NestedRecord(dict[str, Any]):
    """The record of a signal that stands inside of metadata, such as a noise variance."""


def member_name(key: str) -> str:
    """The name of a group or dataset for a key."""
    return key.replace(SLASH, STAND_IN)


def member_key(name: str) -> str:
    """The key that the name of a group or dataset stands for."""
    return name.replace(STAND_IN, SLASH)


def looks_pickled(raw: bytes) -> bool:
    """Whether bytes are laid out as a pickle of protocol 2 to 5."""
    return len(raw) > 2 and raw[0] == 0x80 and 2 <= raw[1] <= 5 and raw.endswith(b".")
