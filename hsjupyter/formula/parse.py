"""Text to checked tree: the whitelist."""

from __future__ import annotations

import ast
import gc
import math
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise

from hsjupyter.formula.errors import FormulaError, nearest, refusal
from hsjupyter.formula.functions import FUNCTIONS, TABLE, is_reserved
from hsjupyter.formula.scan import Segment, split
from hsjupyter.formula.substitute import order_parts
from hsjupyter.formula.tree import CONDITIONS, Grower, Node

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
    ast.BitAnd: "and",
    ast.BitOr: "or",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.Not: "not", ast.Invert: "not"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
_BLANK = str.maketrans("\t\r\n\f\v", "     ")


def read_tree(text: str, variables: tuple[str, ...]) -> Node:
    """Read a text.

    Parameters
    ----------
    text : str
        A formula, and after semicolons the parts it speaks of: ``"a * x ; a = 2 * b"``.
    variables : tuple of str
        Names of the coordinates, which no part may define.

    Returns
    -------
    Node
        The checked tree, parts put in their places.

    Raises
    ------
    FormulaError
        Where the text is not a formula; nothing else is raised, and nothing in it is run.
    """
    segments = split(text)
    if not segments:
        raise refusal(text, 0, "an empty text", "a formula was wanted", "write one, as in a*x + b")
    grower = Grower(text)
    parts: dict[str, _Reader] = {}
    for segment in segments[1:]:
        _check_target(text, segment, parts, variables)
        parts[segment.target] = _Reader(grower, segment)
    needs = {name: part.names() for name, part in parts.items()}
    positions = {name: part.segment.position for name, part in parts.items()}
    known: dict[str, Node] = {}
    for name in order_parts(needs, positions, text):
        known[name] = parts[name].read(known)
    return _as_number(grower, _Reader(grower, segments[0]).read(known))


def _check_target(
    text: str, segment: Segment, parts: Container[str], variables: tuple[str, ...]
) -> None:
    name = segment.target
    wanted = "after a ';' a part is defined, as in a*x ; a = 2*b"
    if not name:
        came = "a second formula"
        advice = "give it a name and '=', or take it away"
    elif name in parts:
        came = f"{name!r} is defined twice"
        advice = "take one of them away"
    elif name in variables:
        came = f"{name!r} is the coordinate and cannot be defined"
        advice = "use another name for the part"
    elif is_reserved(name):
        came = f"{name!r} has its own meaning and cannot be defined"
        advice = f"use another name, such as {name}_0"
    else:
        return
    raise refusal(text, segment.position, came, wanted, advice)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep garbage from being collected meanwhile.

    CPython 3.11 counts the depth of a syntax tree in one place for all: where a collection in
    between ends an object that parses as well (to print a traceback, say), it raises SystemError.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_segment(text: str, segment: Segment) -> tuple[ast.expr, int]:
    """Give Python's own syntax tree of one segment, and where in the text it begins."""
    source = text[segment.start : segment.stop].translate(_BLANK)
    stripped = source.lstrip(" ")
    offset = segment.start + len(source) - len(stripped)
    try:
        with _no_collection():
            return ast.parse(stripped, mode="eval").body, offset
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # The scan leaves nothing that Python's parser refuses; thousands of signs in a row may
        # still exhaust its stack.
        came = "a text that is too deep to be read"
        advice = "write it in smaller parts: a + b ; b = ..."
        raise refusal(text, offset, came, "a flatter formula", advice) from None


def _as_number(grower: Grower, node: Node) -> Node:
    """Give a condition the value 1 where it holds and 0 elsewhere."""
    if not node.is_condition:
        return node
    one, zero = grower.number(1.0, node.position), grower.number(0.0, node.position)
    return grower.make("where", (node, one, zero), node.position)


class _Reader:
    """Turns the syntax tree of one segment into checked nodes, without recursion."""

    def __init__(self, grower: Grower, segment: Segment) -> None:
        self.grower = grower
        self.segment = segment
        self.root, self.offset = _read_segment(grower.text, segment)
        self.known: Mapping[str, Node] = {}
        # From the top down; read backwards, what is below comes before what is above.
        self.order: list[ast.expr] = []
        stack = [self.root]
        while stack:
            node = stack.pop()
            self.order.append(node)
            stack.extend(self._below(node))

    def names(self) -> set[str]:
        """Give the names that stand in the segment, functions left out."""
        return {node.id for node in self.order if isinstance(node, ast.Name)}

    def read(self, known: Mapping[str, Node]) -> Node:
        """Give the checked tree; a condition stays a condition.

        Parameters
        ----------
        known : dict of str to Node
            What some names stand for.
        """
        self.known = known
        made: dict[int, Node] = {}
        for node in reversed(self.order):
            below = [made[id(child)] for child in self._below(node)]
            made[id(node)] = self._make(node, below)
        return made[id(self.root)]

    def _below(self, node: ast.expr) -> list[ast.expr]:
        below: list[ast.expr] = []
        match node:
            case ast.BinOp():
                below = [node.left, node.right]
            case ast.UnaryOp():
                below = [node.operand]
            case ast.Compare():
                below = [node.left, *node.comparators]
            case ast.BoolOp():
                below = node.values
            case ast.Call(func=ast.Name(id="Piecewise")):
                below = [part for pair in node.args for part in self._pair(pair)]
            case ast.Call():
                below = node.args
        return below

    def _make(self, node: ast.expr, below: list[Node]) -> Node:
        position = node.col_offset + self.offset
        match node:
            case ast.Constant(value=bool()):
                made = self.grower.make("true" if node.value else "false", (), position)
            case ast.Constant():
                # Real numbers only come through the scan, and of at most 60 characters.
                made = self.grower.number(float(str(node.value)), position)
            case ast.Name():
                made = self._name(node.id, position)
            case ast.BinOp():
                made = self._operation(_BINARY[type(node.op)], below, position)
            case ast.UnaryOp(op=ast.UAdd()):
                (made,) = self._numbers(below)
            case ast.UnaryOp():
                made = self._operation(_UNARY[type(node.op)], below, position)
            case ast.Compare():
                made = self._compare(node.ops, self._numbers(below), position)
            case ast.BoolOp():
                op = "and" if isinstance(node.op, ast.And) else "or"
                made = self._join(op, self._conditions(below), position)
            case ast.Call(func=ast.Name(id=name)):
                made = self._call(name, below, position)
            case _:
                came = "several values" if isinstance(node, ast.Tuple) else type(node).__name__
                advice = "a comma stands only between the arguments of a function"
                raise self._refusal(position, came, "one value", advice)
        return made

    def _refusal(self, position: int, came: str, wanted: str, advice: str) -> FormulaError:
        return refusal(self.grower.text, position, came, wanted, advice)

    def _numbers(self, nodes: list[Node]) -> list[Node]:
        return [_as_number(self.grower, node) for node in nodes]

    def _conditions(self, nodes: list[Node]) -> list[Node]:
        for node in nodes:
            if not node.is_condition:
                came = "a value where a condition stands"
                advice = "compare it, each comparison in brackets: (x > 0) & (x < a)"
                raise self._refusal(node.position, came, "a condition such as x > 0", advice)
        return nodes

    def _operation(self, op: str, below: list[Node], position: int) -> Node:
        args = self._conditions(below) if op in CONDITIONS else self._numbers(below)
        return self.grower.make(op, tuple(args), position)

    def _join(self, op: str, nodes: list[Node], position: int) -> Node:
        joined = nodes[0]
        for node in nodes[1:]:
            joined = self.grower.make(op, (joined, node), position)
        return joined

    def _name(self, name: str, position: int) -> Node:
        if name in self.known:
            return self.known[name]
        if name == "pi":
            return self.grower.number(math.pi, position)._replace(name="pi")
        if is_reserved(name):
            came = f"{name!r} without brackets"
            advice = f"write its brackets, or another name for a parameter, such as {name}_0"
            raise self._refusal(position, came, FUNCTIONS[name].usage, advice)
        return Node("name", (), position, name=name)

    def _compare(self, ops: list[ast.cmpop], sides: list[Node], position: int) -> Node:
        made = [
            self.grower.make(_COMPARE[type(op)], pair, position)
            for op, pair in zip(ops, pairwise(sides), strict=True)
        ]
        return self._join("and", made, position)

    def _pair(self, node: ast.expr) -> list[ast.expr]:
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            return node.elts
        came = "an argument of Piecewise that is not a pair"
        advice = "put each value and its condition in brackets"
        position = node.col_offset + self.offset
        raise self._refusal(position, came, FUNCTIONS["Piecewise"].usage, advice)

    def _call(self, name: str, below: list[Node], position: int) -> Node:
        function = FUNCTIONS.get(name)
        if function is None:
            known = nearest(name, FUNCTIONS, [row.op for row in TABLE])
            advice = f"use one of these; to multiply, write {name}*(...)"
            raise self._refusal(position, f"unknown function {name!r}", known, advice)
        count = len(below) // 2 if function.op == "Piecewise" else len(below)
        if not function.fewest <= count <= function.most:
            came = f"{name} with {count} argument{'s' * (count != 1)}"
            raise self._refusal(position, came, function.usage, "give it what stands there")
        build = _BUILDERS.get(function.op)
        if build is None:
            return self._operation(function.op, below, position)
        return build(self, below, position)

    def build_all(self, below: list[Node], position: int) -> Node:
        return self._join("and", self._conditions(below), position)

    def build_any(self, below: list[Node], position: int) -> Node:
        return self._join("or", self._conditions(below), position)

    def build_opposite(self, below: list[Node], position: int) -> Node:
        return self._operation("not", below, position)

    def build_smallest(self, below: list[Node], position: int) -> Node:
        return self._join("min", self._numbers(below), position)

    def build_largest(self, below: list[Node], position: int) -> Node:
        return self._join("max", self._numbers(below), position)

    def build_log(self, below: list[Node], position: int) -> Node:
        logs = [self._operation("log", [node], position) for node in below]
        return self._join("div", logs, position)

    def build_heaviside(self, below: list[Node], position: int) -> Node:
        half = self.grower.number(0.5, position)
        return self._operation("heaviside", [*below, half][:2], position)

    def build_where(self, below: list[Node], position: int) -> Node:
        args = (*self._conditions(below[:1]), *self._numbers(below[1:]))
        return self.grower.make("where", args, position)

    def build_piecewise(self, below: list[Node], position: int) -> Node:
        made = self.grower.make("nan", (), position)
        values = self._numbers(below[::2])
        conditions = self._conditions(below[1::2])
        for value, condition in reversed(list(zip(values, conditions, strict=True))):
            if condition.op == "true":
                made = value
            else:
                made = self.grower.make("where", (condition, value, made), position)
        return made


# What is more than an operation on numbers.
_BUILDERS: dict[str, Callable[[_Reader, list[Node], int], Node]] = {
    "And": _Reader.build_all,
    "Or": _Reader.build_any,
    "Not": _Reader.build_opposite,
    "min": _Reader.build_smallest,
    "max": _Reader.build_largest,
    "log": _Reader.build_log,
    "heaviside": _Reader.build_heaviside,
    "where": _Reader.build_where,
    "Piecewise": _Reader.build_piecewise,
}
