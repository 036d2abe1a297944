"""Plain Python functions over numbers and pointers, as LLVM code.

What the fitting driver is written in. A function is translated from its source; its arguments and
its result are annotated ``int``, ``float``, ``bool``, ``Floats``, ``Singles``, ``Integers`` or
``None``. It may use ``while``, ``for ... in range``, ``if``, assignments to names and
``pointer[place]``, arithmetic, comparisons, the words of `hsjupyter.formula.memory`, whole and real
constants of its module and other functions that are translated with it. ``/`` is a processor's:
1 / 0 is infinite. A variable keeps the type it was first given.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from llvmlite import ir

_TYPES = {
    "int": ir.IntType(64),
    "float": ir.DoubleType(),
    "bool": ir.IntType(1),
    "Floats": ir.PointerType(),
    "Integers": ir.PointerType(),
    "Singles": ir.PointerType(),
    "None": ir.VoidType(),
}
_SINGLE = ir.FloatType()
_ITEM = {"Floats": "float", "Integers": "int"}
_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_INT = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "sdiv", ast.Mod: "srem"}
_INT |= {ast.BitAnd: "and_", ast.RShift: "ashr", ast.LShift: "shl"}
_FLOAT = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}


class Value(NamedTuple):
    """A value of LLVM and the word for its type."""

    kind: str
    at: Any


def print_functions(functions: Iterable[Callable[..., Any]], exported: Iterable[str]) -> str:
    """The code of some functions.

    Parameters
    ----------
    functions : iterable of callable
    exported : iterable of str
        Names that are to be called from outside.

    Raises
    ------
    SyntaxError
        A function holds something that is not translated.
    """
    module, chosen, shown = ir.Module(name="hsjupyter_plain"), list(functions), set(exported)
    trees = [_tree(function) for function in chosen]
    made = {tree.name: _declare(module, tree) for tree in trees}
    for tree, function in zip(trees, chosen, strict=True):
        made[tree.name].linkage = "" if tree.name in shown else "internal"
        _Translator(made, tree, function.__globals__).write()
    return str(module)


def _tree(function: Callable[..., Any]) -> ast.FunctionDef:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    if isinstance(tree, ast.FunctionDef):
        return tree
    raise SyntaxError(f"{function!r} is not a plain function")


def _kind(annotation: ast.expr | None) -> str:
    word = "None" if annotation is None else ast.unparse(annotation)
    if word not in _TYPES:
        raise SyntaxError(f"the type {word!r} is not translated; known: {', '.join(_TYPES)}")
    return word


def _declare(module: ir.Module, tree: ast.FunctionDef) -> Any:
    arguments = [_TYPES[_kind(a.annotation)] for a in tree.args.args]
    kind = ir.FunctionType(_TYPES[_kind(tree.returns)], arguments)
    function = ir.Function(module, kind, tree.name)
    function.kinds = [_kind(a.annotation) for a in tree.args.args]
    function.result = _kind(tree.returns)
    return function


class _Translator:
    """Writes the body of one function."""

    def __init__(self, made: dict[str, Any], tree: ast.FunctionDef, known: dict[str, Any]) -> None:
        self._made, self._tree, self._known = made, tree, known
        self._function = made[tree.name]
        self._b = ir.IRBuilder(self._function.append_basic_block("entry"))
        self._names: dict[str, Value] = {}
        self._loops: list[tuple[Any, Any]] = []  # where continue and break go

    def write(self) -> None:
        """Translate all statements."""
        for argument, value in zip(self._tree.args.args, self._function.args, strict=True):
            kind = _kind(argument.annotation)
            self._store(argument.arg, Value(kind, value))
        self._body(self._tree.body)
        if self._b.block.is_terminated:
            return
        if self._function.result == "None":
            self._b.ret_void()
        else:
            self._b.unreachable()

    # --- statements

    def _body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self._b.block.is_terminated:
                return
            getattr(self, f"_on_{type(statement).__name__.lower()}", self._refuse)(statement)

    def _refuse(self, node: ast.AST) -> Any:
        place = f"{self._tree.name}, line {getattr(node, 'lineno', 0)}"
        raise SyntaxError(f"{place}: {ast.unparse(node)!r} is not translated")

    def _on_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):  # the docstring
            return
        self._value(node.value)

    def _on_assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            self._refuse(node)
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            values = [self._value(v) for v in node.value.elts]
            for one, value in zip(target.elts, values, strict=True):
                self._set(one, value)
            return
        self._set(target, self._value(node.value))

    def _on_augassign(self, node: ast.AugAssign) -> None:
        old = ast.parse(ast.unparse(node.target), mode="eval").body
        self._set(node.target, self._arithmetic(node.op, self._value(old), self._value(node.value)))

    def _set(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self._store(target.id, value)
        elif isinstance(target, ast.Subscript):
            place, kind = self._place(target)
            self._b.store(self._as(kind, value), place)
        else:
            self._refuse(target)

    def _store(self, name: str, value: Value) -> None:
        if name not in self._names:
            with self._b.goto_entry_block():
                self._names[name] = Value(value.kind, self._b.alloca(_TYPES[value.kind], name=name))
        kind, at = self._names[name]
        self._b.store(self._as(kind, value), at)

    def _on_if(self, node: ast.If) -> None:
        then, other, after = (self._b.append_basic_block() for _ in range(3))
        self._b.cbranch(self._truth(node.test), then, other)
        for block, statements in ((then, node.body), (other, node.orelse)):
            self._b.position_at_end(block)
            self._body(statements)
            self._go(after)
        self._b.position_at_end(after)

    def _go(self, block: Any) -> None:
        if not self._b.block.is_terminated:
            self._b.branch(block)

    def _on_while(self, node: ast.While) -> None:
        head, body, after = (self._b.append_basic_block() for _ in range(3))
        self._b.branch(head)
        self._b.position_at_end(head)
        self._b.cbranch(self._truth(node.test), body, after)
        self._loop(node.body, body, head, after)
        self._go(head)
        self._b.position_at_end(after)

    def _loop(self, statements: list[ast.stmt], body: Any, again: Any, after: Any) -> None:
        self._b.position_at_end(body)
        self._loops.append((again, after))
        self._body(statements)
        self._loops.pop()

    def _on_for(self, node: ast.For) -> None:
        if not (isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Call)):
            self._refuse(node)
        limits = [self._value(a) for a in node.iter.args]  # type: ignore[attr-defined]
        low = limits[0] if len(limits) == 2 else Value("int", ir.Constant(_TYPES["int"], 0))
        name = node.target.id  # type: ignore[attr-defined]
        head, body, step, after = (self._b.append_basic_block() for _ in range(4))
        before = self._b.block
        self._b.branch(head)
        self._b.position_at_end(head)
        i = self._b.phi(_TYPES["int"])
        i.add_incoming(low.at, before)
        self._b.cbranch(self._b.icmp_signed("<", i, limits[-1].at), body, after)
        self._b.position_at_end(body)
        self._store(name, Value("int", i))
        self._loop(node.body, body, step, after)
        self._go(step)
        self._b.position_at_end(step)
        i.add_incoming(self._b.add(i, ir.Constant(_TYPES["int"], 1)), step)
        self._b.branch(head)
        self._b.position_at_end(after)

    def _on_break(self, _node: ast.Break) -> None:
        self._b.branch(self._loops[-1][1])

    def _on_continue(self, _node: ast.Continue) -> None:
        self._b.branch(self._loops[-1][0])

    def _on_return(self, node: ast.Return) -> None:
        if node.value is None:
            self._b.ret_void()
        else:
            self._b.ret(self._as(self._function.result, self._value(node.value)))

    # --- expressions

    def _value(self, node: ast.expr) -> Value:
        found: Value = getattr(self, f"_of_{type(node).__name__.lower()}", self._refuse)(node)
        return found

    def _of_constant(self, node: ast.Constant) -> Value:
        return self._number(node.value)

    def _number(self, value: Any) -> Value:
        kind = {bool: "bool", int: "int", float: "float"}.get(type(value))
        if kind is None:
            raise SyntaxError(f"{self._tree.name}: the constant {value!r} is not translated")
        return Value(kind, ir.Constant(_TYPES[kind], value))

    def _of_name(self, node: ast.Name) -> Value:
        if node.id in self._names:
            kind, at = self._names[node.id]
            return Value(kind, self._b.load(at, typ=_TYPES[kind]))
        if node.id not in self._known:
            self._refuse(node)
        return self._number(self._known[node.id])

    def _of_subscript(self, node: ast.Subscript) -> Value:
        if (single := self._value(node.value)).kind == "Singles":
            place = self._b.gep(single.at, [self._value(node.slice).at], source_etype=_SINGLE)
            number = self._b.load(place, typ=_SINGLE)
            return Value("float", self._b.fpext(number, _TYPES["float"]))
        place, kind = self._place(node)
        return Value(kind, self._b.load(place, typ=_TYPES[kind]))

    def _place(self, node: ast.Subscript) -> tuple[Any, str]:
        pointer, place = self._value(node.value), self._value(node.slice)
        item = _ITEM[pointer.kind]
        at = self._b.gep(pointer.at, [place.at], source_etype=_TYPES[item], inbounds=True)
        return at, item

    def _of_binop(self, node: ast.BinOp) -> Value:
        return self._arithmetic(node.op, self._value(node.left), self._value(node.right))

    def _arithmetic(self, op: ast.operator, a: Value, b: Value) -> Value:
        if a.kind == b.kind == "int" and type(op) in _INT:
            return Value("int", getattr(self._b, _INT[type(op)])(a.at, b.at))
        if type(op) not in _FLOAT:
            self._refuse(op)
        make = getattr(self._b, _FLOAT[type(op)])
        return Value("float", make(self._as("float", a), self._as("float", b), flags=("contract",)))

    def _of_unaryop(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.op, ast.Not):
            return Value("bool", self._b.not_(self._truth(node.operand)))
        value = self._value(node.operand)
        if not isinstance(node.op, ast.USub):
            self._refuse(node)
        made = self._b.neg(value.at) if value.kind == "int" else self._b.fneg(value.at)
        return Value(value.kind, made)

    def _of_compare(self, node: ast.Compare) -> Value:
        (op,), (right,) = node.ops, node.comparators
        a, b, sign = self._value(node.left), self._value(right), _SIGNS[type(op)]
        if a.kind == b.kind == "int":
            return Value("bool", self._b.icmp_signed(sign, a.at, b.at))
        compare = self._b.fcmp_unordered if sign == "!=" else self._b.fcmp_ordered
        return Value("bool", compare(sign, self._as("float", a), self._as("float", b)))

    def _truth(self, node: ast.expr) -> Any:
        return self._as("bool", self._value(node))

    def _of_boolop(self, node: ast.BoolOp) -> Value:
        """As Python: what comes later is looked at only where it counts."""
        with self._b.goto_entry_block():
            found = self._b.alloca(_TYPES["bool"])
        after = self._b.append_basic_block()
        for k, one in enumerate(node.values):
            value = self._truth(one)
            self._b.store(value, found)
            if k < len(node.values) - 1:
                more = self._b.append_basic_block()
                ways = (more, after) if isinstance(node.op, ast.And) else (after, more)
                self._b.cbranch(value, *ways)
                self._b.position_at_end(more)
        self._b.branch(after)
        self._b.position_at_end(after)
        return Value("bool", self._b.load(found, typ=_TYPES["bool"]))

    def _of_ifexp(self, node: ast.IfExp) -> Value:
        """Both sides are worked out, as numbers without side effects."""
        test, a, b = self._truth(node.test), self._value(node.body), self._value(node.orelse)
        kind = a.kind if a.kind == b.kind else "float"
        return Value(kind, self._b.select(test, self._as(kind, a), self._as(kind, b)))

    def _of_call(self, node: ast.Call) -> Value:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        values = [self._value(a) for a in node.args]
        word = getattr(self, f"_word_{name}", None)
        if word is not None:
            return Value(*word(*values))
        if name not in self._made:
            self._refuse(node)
        function = self._made[name]
        pairs = zip(function.kinds, values, strict=True)
        return Value(function.result, self._b.call(function, [self._as(k, v) for k, v in pairs]))

    def _as(self, kind: str, value: Value) -> Any:
        if value.kind == kind:
            return value.at
        if (value.kind, kind) == ("int", "float"):
            return self._b.sitofp(value.at, _TYPES["float"])
        raise SyntaxError(f"{self._tree.name}: {value.kind} came where {kind} is wanted")

    # --- words

    def _word_floats(self, a: Value) -> tuple[str, Any]:
        return "Floats", self._b.inttoptr(a.at, _TYPES["Floats"])

    def _word_integers(self, a: Value) -> tuple[str, Any]:
        return "Integers", self._b.inttoptr(a.at, _TYPES["Integers"])

    def _word_singles(self, a: Value) -> tuple[str, Any]:
        return "Singles", self._b.inttoptr(a.at, _TYPES["Singles"])

    def _word_address_of(self, a: Value) -> tuple[str, Any]:
        return "int", self._b.ptrtoint(a.at, _TYPES["int"])

    def _word_ahead(self, a: Value, k: Value) -> tuple[str, Any]:
        return a.kind, self._b.gep(a.at, [k.at], source_etype=_TYPES[_ITEM[a.kind]], inbounds=True)

    _word_ahead_whole = _word_ahead

    def _word_root(self, a: Value) -> tuple[str, Any]:
        return "float", self._intrinsic("llvm.sqrt.f64", a)

    def _word_abs(self, a: Value) -> tuple[str, Any]:
        return "float", self._intrinsic("llvm.fabs.f64", a)

    def _intrinsic(self, name: str, a: Value) -> Any:
        kind, module = _TYPES["float"], self._function.module
        known = module.globals.get(name) or ir.Function(module, ir.FunctionType(kind, [kind]), name)
        return self._b.call(known, [self._as("float", a)])

    def _word_finite(self, a: Value) -> tuple[str, Any]:
        zero = ir.Constant(_TYPES["float"], 0.0)
        return "bool", self._b.fcmp_ordered("==", self._b.fsub(a.at, a.at), zero)

    def _word_int(self, a: Value) -> tuple[str, Any]:
        return "int", self._b.fptosi(a.at, _TYPES["int"]) if a.kind == "float" else a.at

    def _word_float(self, a: Value) -> tuple[str, Any]:
        return "float", self._as("float", a)

    def _word_min(self, a: Value, b: Value) -> tuple[str, Any]:
        return self._pick("<", a, b)

    def _word_max(self, a: Value, b: Value) -> tuple[str, Any]:
        return self._pick(">", a, b)

    def _pick(self, sign: str, a: Value, b: Value) -> tuple[str, Any]:
        if a.kind == b.kind == "int":
            return "int", self._b.select(self._b.icmp_signed(sign, b.at, a.at), b.at, a.at)
        x, y = self._as("float", a), self._as("float", b)
        return "float", self._b.select(self._b.fcmp_ordered(sign, y, x), y, x)

    def _word_call(self, function: Value, *arguments: Value) -> tuple[str, Any]:
        kind = ir.FunctionType(ir.VoidType(), [_TYPES[a.kind] for a in arguments])
        pointer = self._b.inttoptr(function.at, kind.as_pointer())
        return "None", self._b.call(pointer, [a.at for a in arguments])
