"""A component from the text of a formula."""

from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import unknown_name
from hsjupyter.core.parameter import Par
from hsjupyter.formula import parse

MODULES = ("numpy", "numexpr", "scipy", None)


class Expression(Component):
    """A component from the text of a formula.

    The text is read by a parser that knows numbers, names, operators and a fixed list of
    functions; it is never run as code. Every name other than ``x`` becomes a parameter.

    Parameters
    ----------
    expression : str
        The formula, of ``x``. Substitutions may follow after semicolons: ``"a / b; b = 2 * c"``.
    name : str
        Name in the model.
    position : str, optional
        The parameter that says where the component is, and that a handle drags.
    module : {'numpy', 'numexpr', 'scipy', None}
        Accepted so that scripts run unchanged; the numbers are the same with each.
    **values : float
        Starting values by parameter name; 1 where not given.

    Raises
    ------
    FormulaError
        The text is not a formula.
    UnknownNameError
        ``position``, ``module`` or a starting value names what is not there.
    """

    def __init__(
        self,
        expression: str,
        name: str,
        position: str | None = None,
        module: str | None = "numpy",
        **values: float,
    ) -> None:
        if module not in MODULES:
            raise unknown_name(f"Expression {name!r}: module", module, map(str, MODULES))
        self.expression, self.module = expression, module
        super().__init__(name=name, **values)
        if position is not None and position not in self.slot_names:
            raise unknown_name(f"{self!r}: position", position, self.slot_names)
        self.position = position

    def _declare(self, _pars: Any, _formula: Any, values: tuple[Any, ...], named: Any) -> None:
        pars = {parameter: Par(1.0) for parameter in parse(self.expression).parameters}
        super()._declare(pars, self.expression, values, named)

    def init_arguments(self) -> dict[str, Any]:
        """What its constructor needs beside parameter values."""
        return {
            "expression": self.expression,
            "name": self.name,
            "position": self.position,
            "module": self.module,
        }
