"""What does a text mean? Formulas: read, checked, differentiated, printed."""

from hsjupyter.formula.errors import FormulaError
from hsjupyter.formula.formula import Formula, parse
from hsjupyter.formula.scan import rename

__all__ = ["Formula", "FormulaError", "parse", "rename"]
