"""When two trees, axes or signals count as the same."""

from typing import Any

import numpy as np


def same(a: Any, b: Any) -> bool:
    """Equal in kind and value; NaN equals NaN, arrays are compared with their dtype."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return _same_array(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(np.array_equal(a, b, equal_nan=isinstance(a, float | complex)))


def _same_array(a: Any, b: Any) -> bool:
    if a.shape != b.shape or a.dtype.kind != b.dtype.kind or a.dtype.names != b.dtype.names:
        return False
    if a.dtype.kind in "biufc":
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    return bool(np.all(a == b))


def axis_of(axis: Any) -> dict[str, Any]:
    """An axis of ours or of HyperSpy's in the words that both know."""
    unnamed = "<undefined>"
    name, units = str(axis.name or ""), str(axis.units or "")
    return {
        "name": "" if name == unnamed else name,
        "units": "" if units == unnamed else units,
        "navigate": bool(axis.navigate),
        "is_binned": bool(axis.is_binned),
        "size": int(axis.size),
    }


def assert_same_signal(ours: Any, theirs: Any) -> None:
    """Data, axes and title of one of our signals and one of HyperSpy's."""
    assert ours.data.dtype == theirs.data.dtype.newbyteorder("=")
    np.testing.assert_array_equal(ours.data, theirs.data)
    assert ours.metadata.General.title == theirs.metadata.General.title
    axes = list(zip(ours.axes_manager._axes, theirs.axes_manager._axes, strict=True))
    for mine, other in axes:
        assert axis_of(mine) == axis_of(other)
        np.testing.assert_allclose(mine.axis, other.axis, rtol=1e-12)
        if other.is_uniform:
            assert (mine.scale, mine.offset) == (other.scale, other.offset)
