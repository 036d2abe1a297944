"""A checked formula as the text that sympy, and so HyperSpy, reads in the same sense."""

import re
from collections.abc import Callable
from typing import NamedTuple

from hsjupyter.formula import Formula
from hsjupyter.formula.tree import Node, walk

# Letters and words that name nothing in sympy; any other name gets an ending that nothing has.
_FREE = re.compile(r"[a-zA-DF-HJ-MPRT-Z]|[A-Za-z]\d\w*")
_WORDS = frozenset(
    [
        "amp",
        "amplitude",
        "area",
        "centre",
        "center",
        "fwhm",
        "FWHM",
        "height",
        "intensity",
        "offset",
        "origin",
        "position",
        "rate",
        "scale",
        "shift",
        "slope",
        "step",
        "tau",
        "width",
        "sigma",
        "alpha",
        "delta",
        "theta",
        "phi",
        "omega",
        "kappa",
        "eta",
        "mu",
        "nu",
    ]
)
_ENDING = "_p"
_TAKEN_LETTER = re.compile(r"E1")

# What sympy cannot differentiate into something that numpy has.
_NO_GRADIENT = frozenset(
    {"abs", "sign", "min", "max", "heaviside", "where", "voigt", "gamma", "loggamma", "atan2"}
)
_OF_SCIPY = frozenset({"erf", "erfc", "gamma", "loggamma", "voigt"})

_INFIX = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "pow": "**",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_WRITTEN = {
    "neg": "(-{0})",
    "abs": "Abs({0})",
    "min": "Min({all})",
    "max": "Max({all})",
    "log10": "log({0}, 10)",
    "expm1": "(exp({0}) - 1)",
    "log1p": "log(1 + {0})",
    "heaviside": "Heaviside({0}, {1})",
    "where": "Piecewise(({1}, {0}), ({2}, True))",
    "eq": "Eq({0}, {1})",
    "ne": "Ne({0}, {1})",
    "and": "And({all})",
    "or": "Or({all})",
    "not": "Not({0})",
    "true": "True",
    "false": "False",
    "nan": "nan",
    "voigt": "(real(wofz(({0} + I*{2}) / (sqrt(2)*{1}))) / (sqrt(2*pi)*{1}))",
}


class SympyText(NamedTuple):
    """A formula as HyperSpy's Expression takes it.

    Attributes
    ----------
    text : str
    renamed : dict of str to str
        From the names in the text to the parameters' names, where these mean something in sympy.
    has_gradients : bool
        Whether sympy can differentiate it.
    needs_scipy : bool
        Whether it has functions that numpy has not.
    """

    text: str
    renamed: dict[str, str]
    has_gradients: bool
    needs_scipy: bool


def sympy_text(formula: Formula, names: dict[str, str] | None = None) -> SympyText:
    """Print a formula in sympy's spelling.

    Parameters
    ----------
    formula : Formula
    names : dict of str to str, optional
        How parameters shall be called in the text; names of their own where not given.

    Returns
    -------
    SympyText
        Its text is that of the formula where that means the same to sympy.
    """
    taken = {*formula.parameters, *formula.variables}
    chosen = names or {name: _free_name(name, taken) for name in formula.parameters}
    chosen = {**chosen, **{v: v for v in formula.variables}}
    ops = {node.op for node in walk(formula.tree)}
    same = all(name == new for name, new in chosen.items()) and _same_words(formula.text, taken)
    return SympyText(
        formula.text if same else _printed(formula.tree, chosen),
        {new: name for name, new in chosen.items() if new != name},
        not ops & _NO_GRADIENT,
        bool(ops & _OF_SCIPY),
    )


def is_free_in_sympy(name: str) -> bool:
    """Whether a name means nothing of its own to sympy."""
    if name in _WORDS or name.endswith(_ENDING):
        return True
    return _FREE.fullmatch(name) is not None and _TAKEN_LETTER.fullmatch(name) is None


def _free_name(name: str, taken: set[str]) -> str:
    new = name
    while not is_free_in_sympy(new) or (new != name and new in taken):
        new += _ENDING
    return new


def _same_words(text: str, names: set[str]) -> bool:
    """Whether a text has nothing but names, numbers, sums, products, powers and plain functions."""
    words = set(re.findall(r"[A-Za-z_]\w*", text)) - names
    known = {"exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "pi"}
    plain = re.fullmatch(r"[\w\s.+\-*/()]*", text) is not None
    return plain and words <= known and not re.search(r"\d[eE]", text)


def _printed(tree: Node, names: dict[str, str]) -> str:
    made: dict[int, str] = {}
    for node in walk(tree):
        made[id(node)] = _PRINTERS.get(node.op, _call)(
            node, [made[id(arg)] for arg in node.args], names
        )
    return made[id(tree)]


def _number(node: Node, _args: list[str], _names: dict[str, str]) -> str:
    if node.name:  # pi
        return node.name
    return f"{node.value!r}".removesuffix(".0")


def _name(node: Node, _args: list[str], names: dict[str, str]) -> str:
    return names[node.name]


def _infix(node: Node, args: list[str], _names: dict[str, str]) -> str:
    return f"({args[0]} {_INFIX[node.op]} {args[1]})"


def _call(node: Node, args: list[str], _names: dict[str, str]) -> str:
    inside = ", ".join(args)
    form = _WRITTEN.get(node.op)
    return f"{node.op}({inside})" if form is None else form.format(*args, all=inside)


_PRINTERS: dict[str, Callable[[Node, list[str], dict[str, str]], str]] = {
    "number": _number,
    "name": _name,
    **dict.fromkeys(_INFIX, _infix),
}
