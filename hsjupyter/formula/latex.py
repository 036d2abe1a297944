"""Checked tree to LaTeX, for docs and notebooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from hsjupyter.formula.tree import Node, walk

_GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
    ]
)
_FUNCTIONS = {
    "exp": r"\exp",
    "log": r"\ln",
    "log10": r"\log_{10}",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "gamma": r"\Gamma",
    "loggamma": r"\ln \Gamma",
    "heaviside": r"\theta",
    "voigt": r"\mathrm{V}",
    "min": r"\min",
    "max": r"\max",
}
_INFIX = {
    "lt": "<",
    "le": r"\le",
    "gt": ">",
    "ge": r"\ge",
    "eq": "=",
    "ne": r"\ne",
    "and": r"\land",
    "or": r"\lor",
}

# How tightly a text holds together: a part that holds less than its place asks for gets brackets.
_LOGIC, _SUM, _PRODUCT, _POWER, _ATOM = range(5)


class _Text(NamedTuple):
    text: str
    hold: int

    def within(self, least: int) -> str:
        return self.text if self.hold >= least else rf"\left({self.text}\right)"


def print_latex(tree: Node) -> str:
    r"""Give LaTeX for math mode.

    Examples
    --------
    >>> from hsjupyter.formula import parse
    >>> print(parse("A * exp(-x / tau)").latex())
    A \, \exp\left(\frac{-x}{\tau}\right)
    """
    made: dict[int, _Text] = {}
    for node in walk(tree):
        printer = _PRINTERS.get(node.op, _call)
        made[id(node)] = printer(node, [made[id(arg)] for arg in node.args])
    return made[id(tree)].text


def print_name(name: str) -> str:
    """Give LaTeX for a name: Greek letters as such, digits and what follows ``_`` below."""
    head, *below = [part for part in name.split("_") if part]
    numbered = re.fullmatch(r"([A-Za-z]+)([0-9]+)", head)
    if numbered:
        head = numbered[1]
        below.insert(0, numbered[2])
    subscript = ",".join(_word(part) for part in below)
    return _word(head) + (f"_{{{subscript}}}" if subscript else "")


def _word(word: str) -> str:
    if word in _GREEK:
        return f"\\{word}"
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word}}}"


def _bracketed(arg: _Text, least: int) -> str:
    """Give a right-hand side: no sign may follow a sign."""
    text = arg.within(least)
    return rf"\left({text}\right)" if text.startswith("-") else text


def _number(node: Node, _args: list[_Text]) -> _Text:
    if node.name:
        return _Text(_word(node.name), _ATOM)
    digits, _, exponent = f"{node.value!r}".removesuffix(".0").partition("e")
    if not exponent:
        return _Text(digits, _ATOM)
    return _Text(rf"{digits} \times 10^{{{int(exponent)}}}", _PRODUCT)


def _leaf(node: Node, _args: list[_Text]) -> _Text:
    return _Text(print_name(node.name) if node.name else rf"\mathrm{{{node.op}}}", _ATOM)


def _sum(node: Node, args: list[_Text]) -> _Text:
    sign, least = ("+", _SUM) if node.op == "add" else ("-", _PRODUCT)
    return _Text(f"{args[0].within(_SUM)} {sign} {_bracketed(args[1], least)}", _SUM)


def _product(node: Node, args: list[_Text]) -> _Text:
    left = args[0].within(_PRODUCT)
    right = _bracketed(args[1], _PRODUCT)
    sign = r"\cdot" if right[0].isdigit() else r"\,"
    if node.args[0].op in {"neg", "mul"} and args[0].text.startswith("-"):
        return _Text(f"{args[0].text} {sign} {right}", _SUM)
    return _Text(f"{left} {sign} {right}", _PRODUCT)


def _fraction(_node: Node, args: list[_Text]) -> _Text:
    return _Text(rf"\frac{{{args[0].text}}}{{{args[1].text}}}", _PRODUCT)


def _negative(_node: Node, args: list[_Text]) -> _Text:
    return _Text(f"-{_bracketed(args[0], _PRODUCT)}", _SUM)


def _power(_node: Node, args: list[_Text]) -> _Text:
    return _Text(f"{args[0].within(_ATOM)}^{{{args[1].text}}}", _POWER)


def _root(_node: Node, args: list[_Text]) -> _Text:
    return _Text(rf"\sqrt{{{args[0].text}}}", _POWER)


def _size(_node: Node, args: list[_Text]) -> _Text:
    return _Text(rf"\left|{args[0].text}\right|", _ATOM)


def _infix(node: Node, args: list[_Text]) -> _Text:
    left, right = (arg.within(_SUM) for arg in args)
    return _Text(f"{left} {_INFIX[node.op]} {right}", _LOGIC)


def _opposite(_node: Node, args: list[_Text]) -> _Text:
    return _Text(rf"\lnot {args[0].within(_ATOM)}", _LOGIC)


def _call(node: Node, args: list[_Text]) -> _Text:
    name = _FUNCTIONS.get(node.op, rf"\operatorname{{{node.op}}}")
    half = node.op == "heaviside" and node.args[1].value == 0.5
    inside = ", ".join(arg.text for arg in (args[:1] if half else args))
    return _Text(rf"{name}\left({inside}\right)", _POWER)


_BEGIN = r"\begin{cases} "


def _cases(node: Node, args: list[_Text]) -> _Text:
    condition, value, other = (arg.text for arg in args)
    rows = rf"{_BEGIN}{value} & \text{{for }} {condition}"
    match node.args[2].op:
        case "nan":
            rows += r" \end{cases}"
        case "where":
            rows += rf" \\ {other.removeprefix(_BEGIN)}"
        case _:
            rows += rf" \\ {other} & \text{{otherwise}} \end{{cases}}"
    return _Text(rows, _PRODUCT)


_PRINTERS: dict[str, Callable[[Node, list[_Text]], _Text]] = {
    "number": _number,
    "name": _leaf,
    "nan": _leaf,
    "true": _leaf,
    "false": _leaf,
    "add": _sum,
    "sub": _sum,
    "mul": _product,
    "div": _fraction,
    "neg": _negative,
    "pow": _power,
    "sqrt": _root,
    "abs": _size,
    "where": _cases,
    "not": _opposite,
    **dict.fromkeys(_INFIX, _infix),
}
