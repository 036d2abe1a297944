"""Reckon with signals as with numbers."""

from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from hsjupyter.core.arithmetic import apply_ufunc, is_operand, plain
from hsjupyter.core.errors import DataError
from hsjupyter.core.signal import BaseSignal as SignalNoun


class ArithmeticVerbs(NDArrayOperatorsMixin, SignalNoun):
    """``s + 1``, ``s * t``, ``-s``, ``s > 5``, ``np.exp(s)``, ``s += 1``.

    Navigation axes meet navigation axes and signal axes signal axes; comparisons give signals of
    True and False.
    """

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What numpy's functions and the operators call."""
        outs = options.pop("out", ())
        ours = all(isinstance(each, SignalNoun) for each in outs) and len(outs) <= 1
        fits = all(is_operand(each) for each in inputs)
        if method != "__call__" or ufunc.signature is not None or not ours or not fits:
            return NotImplemented
        return apply_ufunc(ufunc, inputs, outs[0] if outs else None, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """What numpy's other functions, such as ``np.mean``, call: they get the data."""
        del types
        return function(*plain(args), **plain(kwargs))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """The data as numpy reads them."""
        data = np.asarray(self.data, dtype=dtype)
        return data.copy() if copy and data is self.data else data

    def __eq__(self, other: object) -> Any:
        return self.__array_ufunc__(np.equal, "__call__", self, other)

    def __ne__(self, other: object) -> Any:
        return self.__array_ufunc__(np.not_equal, "__call__", self, other)

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        if self.axes_manager.navigation_size <= 1 and self.axes_manager.signal_size == 1:
            return bool(np.asarray(self.data).all())
        raise DataError(
            f"{self!r}: is it true? It holds many numbers; ask s.data.any() or s.data.all(), or "
            "'s is not None'"
        )
