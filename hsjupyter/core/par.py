"""`Par`: what a parameter is declared to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from hsjupyter.core.parameter import Parameter

Value = float | tuple[float, ...]


@dataclass(frozen=True)
class Par:
    """The declaration of a parameter, written once in a component's class.

    Parameters
    ----------
    value : float or tuple of float
        What it starts as; a tuple makes a vector parameter.
    bmin, bmax : float, optional
        Bounds, inclusive; None for none.
    free : bool
        Whether a fit may change it.
    unit : str
        In words of the data: ``x``, ``y``, ``y·x``, ``1/x``; empty for a pure number.
    doc : str
        What it means; shown in docs and tooltips.
    linear : bool
        Whether the line is a straight function of it, where no formula tells.
    elements : tuple of str
        For a vector parameter, the name of each element in the formula.
    """

    value: Value = 0.0
    bmin: float | None = None
    bmax: float | None = None
    free: bool = True
    unit: str = ""
    doc: str = ""
    elements: tuple[str, ...] = ()
    linear: bool = False

    @overload
    def __get__(self, owner: None, kind: type) -> Par: ...
    @overload
    def __get__(self, owner: object, kind: type) -> Parameter: ...
    def __get__(self, owner: object, kind: type) -> Par | Parameter:
        # An instance holds its Parameter under the same name and hides this declaration; the
        # method stands here so that `gaussian.sigma` has the right type for checkers.
        return self
