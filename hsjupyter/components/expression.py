"""A component from the text of a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from hsjupyter.core.component import Component
from hsjupyter.core.declaration import check_names
from hsjupyter.core.errors import ParameterError, unknown_name
from hsjupyter.core.parameter import Par
from hsjupyter.formula import parse, rename
from hsjupyter.formula.functions import is_reserved

ANGLE = "rotation_angle"
TURN = Par(0.0, unit="rad", doc="counter-clockwise in an image, whose y points down")
Center = tuple[float | str, float | str]


class Expression(Component):
    """A component from the text of a formula.

    The text is read by a parser that knows numbers, names, operators and a fixed list of
    functions; it is never run as code. Every name other than ``x`` becomes a parameter. A text
    that speaks of ``y`` makes a two-dimensional component.

    Parameters
    ----------
    expression : str
        The formula, of ``x``, or ``x`` and ``y``. Substitutions may follow after semicolons:
        ``"a / b; b = 2 * c"``.
    name : str
        Name in the model.
    position : str or (str, str), optional
        The parameter that says where the component is, and that a handle drags; of a
        two-dimensional one the two for x and y.
    module : {'numpy', 'numexpr', 'scipy', None}
        Accepted so that scripts run unchanged; the numbers are the same with each.
    autodoc : bool
        The component gets a docstring with its formula.
    add_rotation : bool
        Of a two-dimensional component: adds the parameter ``rotation_angle`` in rad, by which it is
        turned counter-clockwise as seen in an image, whose y points down.
    rotation_center : (float or str, float or str), optional
        What it is turned around, numbers or names; ``position`` where not given, else the origin.
    rename_pars : dict of str to str, optional
        From a name in the text to the parameter's name, where that would mean something else in a
        formula.
    compute_gradients, linear_parameter_list, check_parameter_linearity
        Accepted so that scripts run unchanged: derivatives and linearity come from the formula.
    **values : float
        Starting values by parameter name; 1 where not given.

    Raises
    ------
    FormulaError
        The text is not a formula.
    ModelError
        A parameter would hide something that every component has.
    UnknownNameError
        ``position``, ``module``, a list or a starting value names what is not there.
    """

    any_dimension: ClassVar[bool] = True

    def __init__(  # noqa: PLR0917 - HyperSpy's signature
        self,
        expression: str,
        name: str,
        position: str | Sequence[str] | None = None,
        module: str | Sequence[str] | None = "numpy",
        autodoc: bool = True,
        add_rotation: bool = False,
        rotation_center: Center | None = None,
        rename_pars: Mapping[str, str] | None = None,
        compute_gradients: bool = True,
        linear_parameter_list: Sequence[str] | None = None,
        check_parameter_linearity: bool = True,
        **values: Any,
    ) -> None:
        self._given: dict[str, Any] = {
            "expression": expression,
            "name": name,
            "position": position,
            "module": module,
            "autodoc": autodoc,
            "add_rotation": add_rotation,
            "rotation_center": rotation_center,
            "rename_pars": dict(rename_pars or {}),
            "compute_gradients": compute_gradients,
            "linear_parameter_list": linear_parameter_list,
            "check_parameter_linearity": check_parameter_linearity,
        }
        self.expression = expression
        super().__init__(name=name, module=module, **values)
        for what in ("position", "linear_parameter_list"):
            given = self._given[what]
            for each in [given] if isinstance(given, str) else given or ():
                if each not in self.slot_names:
                    raise unknown_name(f"{self!r}: {what}", each, self.slot_names)
        if position is not None:
            self.position = position if isinstance(position, str) else _pair(self, position)
        if autodoc:
            self.__doc__ = self._document()

    def _declare(self, _pars: Any, _formula: Any, values: Any, named: Any) -> None:
        given = self._given
        whose = f"Expression {given['name']!r}"
        text, shown = _renamed(self.expression, given["rename_pars"], whose)
        # Kept as a formula can hold it, so that the text alone can be read again.
        given["expression"] = self.expression = text
        given["rename_pars"] = {word: name for word, name in shown.items() if word != name}
        self.dimensions = 2 if "y" in parse(text).parameters else 1
        if given["add_rotation"]:
            center: Sequence[Any] = given["rotation_center"] or given["position"] or (0.0, 0.0)
            words: dict[Any, Any] = {new: old for old, new in shown.items()}
            text = _turned(text, [words.get(c, c) for c in center], whose, self.dimensions)
        formula = parse(text, variables=("x", "y")[: self.dimensions])
        inner = {shown.get(word, word): word for word in formula.parameters}
        order = sorted(inner)
        check_names(whose, order, {*dir(self), *given})
        angle = TURN if given["add_rotation"] else Par(0.0)
        pars = {name: angle if inner[name] == ANGLE else Par(1.0) for name in order}
        super()._declare(pars, formula.ordered(inner[name] for name in order), values, named)

    def _document(self) -> str:
        formula = self.formula_object
        latex = "" if formula is None else formula.latex()
        names = ", ".join(self.slot_names) or "none"
        return (
            f"{self.name} component (created with Expression).\n\n.. math::\n\n"
            f"    f({', '.join(('x', 'y')[: self.dimensions])}) = {latex}\n\n"
            f"Parameters: {names}.\n"
        )

    def _repr_latex_(self) -> str:
        formula = self.formula_object
        return "" if formula is None else f"${formula.latex()}$"

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return dict(self._given)


def _pair(whose: Component, names: Sequence[str]) -> tuple[str, str]:
    if len(names) != 2:
        raise ParameterError(
            f"{whose!r}: position={names!r} came; the name of one parameter is wanted, or of two "
            "in two dimensions"
        )
    return names[0], names[1]


def _renamed(text: str, rename_pars: Mapping[str, str], whose: str) -> tuple[str, dict[str, str]]:
    """The text with other words for what is renamed, and from these words to the names.

    The word is the wanted name itself, unless a formula would take that for a function.
    """
    words = {old: f"{new}_0" if is_reserved(new) else new for old, new in rename_pars.items()}
    for old in words:
        if rename(text, {old: f"{old}_"}) == text:
            raise ParameterError(
                f"{whose}: rename_pars speaks of {old!r}, which is no name in {text!r}; give names "
                "that stand there"
            )
    return rename(text, words), {word: rename_pars[old] for old, word in words.items()}


def _turned(text: str, center: Sequence[Any], whose: str, dimensions: int) -> str:
    """The text in coordinates that are turned around a center."""
    if dimensions != 2 or len(center) != 2:
        raise ParameterError(
            f"{whose}: add_rotation came with a formula of {dimensions} dimension(s) and a center "
            f"{tuple(center)!r}; a formula of x and y is wanted, and position or rotation_center "
            "as a pair"
        )
    x, y = (c if isinstance(c, str) else repr(float(c)) for c in center)
    u, v = f"(x - ({x}))", f"(y - ({y}))"
    turned = rename(text, {"x": "x_turned", "y": "y_turned"})
    return (
        f"{turned}; x_turned = {x} + {u} * cos({ANGLE}) - {v} * sin({ANGLE})"
        f"; y_turned = {y} + {u} * sin({ANGLE}) + {v} * cos({ANGLE})"
    )
