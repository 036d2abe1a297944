"""A formula as the rest of the package holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.formula.errors import FormulaError, nearest
from hsjupyter.formula.functions import is_reserved
from hsjupyter.formula.javascript import print_javascript
from hsjupyter.formula.latex import print_latex
from hsjupyter.formula.linear import bends
from hsjupyter.formula.lower import make_tape
from hsjupyter.formula.numpy_code import Evaluator
from hsjupyter.formula.parse import read_tree
from hsjupyter.formula.scan import is_name
from hsjupyter.formula.tape import Tape
from hsjupyter.formula.tree import Node, names_in

Array = NDArray[np.float64]

_CACHED = 512


def parse(text: object, variables: tuple[str, ...] = ("x",)) -> Formula:
    """Read a text as a formula; nothing in it is run.

    Parameters
    ----------
    text : str
        Numbers, names, ``+ - * / **``, comparisons, ``pi`` and the functions of
        `hsjupyter.formula.functions.TABLE`; after semicolons the parts that names stand for:
        ``"a * x ; a = 2 * b"``.
    variables : tuple of str
        Names of the coordinates; every other name but ``pi`` is a parameter, ``E`` and ``I`` too.

    Raises
    ------
    FormulaError
        Where the text is not a formula; it knows the column and what is allowed there.

    Examples
    --------
    >>> parse("height * exp(-(x - x0) ** 2 * 4 * log(2) / fwhm ** 2)").parameters
    ('fwhm', 'height', 'x0')
    """
    if not isinstance(text, str):
        came = type(text).__name__
        message = f"formula: a {came} came; a text was wanted; write it between quotation marks"
        raise FormulaError(message)
    return _read(text, _checked_variables(variables))


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked text with its value, derivatives and printed forms; made by `parse`.

    Formulas of the same text, variables and order are equal. One travels as its text, which is
    checked again on arrival.

    Attributes
    ----------
    text : str
        As it was written.
    variables : tuple of str
        Names of the coordinates.
    order : tuple of str
        Names of the parameters as their values are handed in and derivatives handed out.
    parameters : tuple of str
        The same names, sorted.
    tree : Node
        What was read.
    """

    text: str
    variables: tuple[str, ...]
    order: tuple[str, ...]
    parameters: tuple[str, ...] = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)

    def __reduce__(self) -> tuple[Callable[..., Formula], tuple[Any, ...]]:
        return _restore, (self.text, self.variables, self.order)

    def ordered(self, names: Iterable[str]) -> Formula:
        """Give the formula with its parameters in another order.

        Parameters
        ----------
        names : iterable of str
            Each parameter once.

        Raises
        ------
        FormulaError
            Where a name is missing, too many, or foreign.
        """
        order = tuple(names)
        if tuple(sorted(order)) != self.parameters:
            wanted = ", ".join(self.parameters) or "none"
            message = (
                f"formula {self.text!r}: the order {', '.join(order) or 'none'} came; its "
                f"parameters are {wanted}; name each of them once"
            )
            raise FormulaError(message, self.text)
        return Formula(self.text, self.variables, order, self.parameters, self.tree)

    def value(
        self, coordinates: Sequence[Array], parameters: Sequence[Any] | NDArray[Any]
    ) -> Array:
        """Value of the formula.

        Parameters
        ----------
        coordinates : sequence of ndarray, (channel,)
            One for each variable.
        parameters : sequence of float or of ndarray, (pixel, 1)
            One for each name of ``order``; arrays broadcast against the coordinates.

        Returns
        -------
        ndarray, (channel,) or (pixel, channel)
            NaN or infinite, without a warning, where the formula has no value.

        Raises
        ------
        FormulaError
            Where the number of coordinates or parameters is wrong.
        """
        self._check_counts(coordinates, parameters)
        value: Array = _evaluator(self, None)(coordinates, parameters)[0]
        return value

    def derivatives(
        self,
        coordinates: Sequence[Array],
        parameters: Sequence[Any] | NDArray[Any],
        names: tuple[str, ...] | None = None,
    ) -> Array:
        """Derivatives by the parameters.

        Parameters
        ----------
        coordinates, parameters
            As of `value`.
        names : tuple of str, optional
            Only these parameters, in this order.

        Returns
        -------
        ndarray, (parameter, channel) or (parameter, pixel, channel)
            What jumps (sign, heaviside, a condition) is taken as level.
        """
        return self.evaluate_all(coordinates, parameters, names)[1]

    def evaluate_all(
        self,
        coordinates: Sequence[Array],
        parameters: Sequence[Any] | NDArray[Any],
        names: tuple[str, ...] | None = None,
    ) -> tuple[Array, Array]:
        """Value and derivatives in one pass.

        Parameters
        ----------
        coordinates, parameters, names
            As of `derivatives`.

        Returns
        -------
        value : ndarray, (channel,) or (pixel, channel)
        derivatives : ndarray, (parameter, channel) or (parameter, pixel, channel)
        """
        self._check_counts(coordinates, parameters)
        wanted = self.order if names is None else self._known(names)
        both = _evaluator(self, wanted)(coordinates, parameters)
        return both[0], both[1:]

    def value_tape(self) -> Tape:
        """Operations of the value, for kernels and printers."""
        return _evaluator(self, None).tape

    def derivative_tape(self, names: tuple[str, ...] | None = None) -> Tape:
        """Operations of the value and of the derivatives by some parameters, by default all."""
        return _evaluator(self, self.order if names is None else self._known(names)).tape

    def javascript(self) -> str | None:
        """Body of ``new Function("coords", "out", "n", "p", "hs", body)``, which fills ``out``.

        ``coords`` is an array of one Float64Array for each variable, ``p`` the parameters in
        ``order``, ``hs`` the library of ``js/src/special.ts``. None where a browser lacks a
        function.
        """
        return print_javascript(self.value_tape())

    def latex(self) -> str:
        """LaTeX for math mode, with the parts of the text put in their places."""
        return print_latex(self.tree)

    @property
    def linear(self) -> frozenset[str]:
        """Parameters that enter linearly, each while the others stay: value = a + b * parameter."""
        bent = _bends(self)
        return frozenset(name for s, name in enumerate(self.order) if not bent[s] >> s & 1)

    def is_linear(self, names: Iterable[str]) -> bool:
        """Tell whether the value is linear in some parameters together: no product of two."""
        chosen = [self.order.index(name) for name in self._known(tuple(names))]
        bent = _bends(self)
        return not any(bent[s] >> r & 1 for s in chosen for r in chosen)

    def _known(self, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in self.order:
                known = nearest(name, self.order)
                message = f"formula {self.text!r}: no parameter {name!r}; {known}; use one of these"
                raise FormulaError(message, self.text)
        return names

    def _check_counts(
        self, coordinates: Sequence[Array], parameters: Sequence[Any] | NDArray[Any]
    ) -> None:
        if len(coordinates) == len(self.variables) and len(parameters) == len(self.order):
            return
        for came, names, what in (
            (coordinates, self.variables, "coordinates"),
            (parameters, self.order, "parameters"),
        ):
            if len(came) != len(names):
                wanted = f"{len(names)} ({', '.join(names)})" if names else "none"
                message = (
                    f"formula {self.text!r}: {len(came)} {what} came; {wanted} were wanted; "
                    "hand in one for each, in this order"
                )
                raise FormulaError(message, self.text)


@lru_cache(maxsize=_CACHED)
def _read(text: str, variables: tuple[str, ...]) -> Formula:
    tree = read_tree(text, variables)
    parameters = tuple(sorted(names_in(tree).difference(variables)))
    return Formula(text, variables, parameters, parameters, tree)


@lru_cache(maxsize=_CACHED)
def _evaluator(formula: Formula, wanted: tuple[str, ...] | None) -> Evaluator:
    return Evaluator(make_tape(formula.tree, formula.variables, formula.order, wanted))


@lru_cache(maxsize=_CACHED)
def _bends(formula: Formula) -> tuple[int, ...]:
    return bends(formula.value_tape())


def _restore(text: str, variables: tuple[str, ...], order: tuple[str, ...]) -> Formula:
    return parse(text, variables).ordered(order)


def _checked_variables(variables: object) -> tuple[str, ...]:
    names = tuple(variables) if isinstance(variables, (tuple, list)) else ()
    good = [name for name in names if is_name(name) and not is_reserved(name)]
    if (not names and variables != ()) or len(set(good)) != len(names):
        message = (
            f"formula: the variables {variables!r} came; a tuple of different names was wanted, "
            "none of them a function; write ('x',) or ('x', 'y')"
        )
        raise FormulaError(message)
    return names
