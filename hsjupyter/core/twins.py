"""Links between parameters: a follower's value is an expression of other parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import TwinError, unknown_name
from hsjupyter.core.shape import central_differences
from hsjupyter.formula import Formula, parse
from hsjupyter.formula.inverse import inverse as inverse_of

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.parameter import Parameter

_DOTTED = re.compile(r"\b([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)\b")

LINK_TRAITS = (
    "twin",
    "twin_function_expr",
    "twin_inverse_function_expr",
    "twin_callable",
    "twin_inverse_callable",
)


class LinkLaw(Protocol):
    """How a number follows others; what of a link travels to a fit."""

    @property
    def formula(self) -> Formula | None:
        """Its parameters are the sources, in order; None where there is no formula."""

    def value(self, numbers: Iterable[float]) -> float:
        """The follower's number for the sources' numbers."""

    def slopes(self, numbers: Sequence[Any] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivatives of the follower's number by each source, (source, ...)."""


@dataclass(frozen=True)
class FormulaLaw:
    """A law that is a formula.

    Attributes
    ----------
    formula : Formula
        Its parameters are the sources, in order.
    """

    formula: Formula

    def value(self, numbers: Iterable[float]) -> float:
        """The follower's number for the sources' numbers."""
        return float(self.formula.value((), list(numbers)))

    def number(self, number: float) -> float:
        """The follower's number for the number of its one source."""
        return self.value([number])

    def slopes(self, numbers: Sequence[Any] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivatives of the follower's number by each source, (source, ...)."""
        return self.formula.derivatives((), list(numbers))


@dataclass(frozen=True)
class FunctionLaw:
    """A law that is a Python function of one number: HyperSpy's `twin_function` before 1.2.

    Attributes
    ----------
    function : callable
    """

    function: Callable[[float], Any]

    def value(self, numbers: Iterable[float]) -> float:
        """The follower's number for the sources' numbers."""
        return self.number(*numbers)

    def number(self, number: float) -> float:
        """The follower's number for the number of its one source.

        Raises
        ------
        TwinError
            The function gives something that is not a number.
        """
        found = self.function(number)
        if isinstance(found, int | float | np.integer | np.floating):
            return float(found)
        raise TwinError(
            f"the twin function {self.function!r} gave {found!r} for {number:g}; a number is "
            "wanted; or write it as twin_function_expr"
        )

    @property
    def formula(self) -> None:
        """There is none."""
        return

    def slopes(self, numbers: Sequence[Any] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Derivatives of the follower's number by its source, (1, ...): central differences."""
        sources = np.asarray(numbers[0], dtype=np.float64)
        slopes = [
            central_differences(lambda _, p: np.array(self.number(p[0])), (np.zeros(()),), [each])[
                0
            ]
            for each in sources.ravel().tolist()
        ]
        return np.array(slopes).reshape(1, *sources.shape)


@dataclass(frozen=True, eq=False)
class Link:
    """What a parameter follows.

    Attributes
    ----------
    law : LinkLaw
    sources : tuple of Parameter
    inverse : callable or None
        Of one source: from the follower's value back to the source's.
    """

    law: LinkLaw
    sources: tuple[Parameter, ...]
    inverse: Callable[[float], float] | None

    def back(self, number: float) -> float | None:
        """The source's number that gives the follower this number; None where not known."""
        if self.inverse is None:
            return None
        found = self.inverse(number)
        return found if np.isfinite(found) else None

    def numbers(self, columns: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
        """The follower's numbers, from one tuple of numbers a source."""
        return tuple(self.law.value(row) for row in zip(*columns, strict=True))


def make_link(follower: Parameter) -> Link | None:
    """The link that the twin words of a parameter describe; None where there is none.

    Raises
    ------
    TwinError
        A word that cannot be: not a parameter, another size, a loop, no variable or too many, a
        value that is not finite.
    FormulaError
        An expression that is not a formula.
    """
    twin, text = follower.twin, follower.twin_function_expr
    _refuse_two_ways(follower)
    if twin is None:
        if _DOTTED.search(text):
            return _named_link(follower, text)
        for word in ("twin_function_expr", "twin_inverse_function_expr"):
            if getattr(follower, word):  # refused now, not when a twin is set
                _of_one(follower, word, getattr(follower, word))
        return None
    if twin.size != follower.size:
        raise TwinError(
            f"{follower} has {follower.size} numbers, {twin} has {twin.size}; parameters of the "
            "same size can be coupled"
        )
    law: LinkLaw
    back: Callable[[float], float] | None = None
    inverse_text = follower.twin_inverse_function_expr
    if follower.twin_callable is not None:
        law = FunctionLaw(follower.twin_callable)
    else:
        law = FormulaLaw(_of_one(follower, "twin_function_expr", text or "x"))
        back = None if inverse_text else inverse_of(law.formula)
    if follower.twin_inverse_callable is not None:
        back = FunctionLaw(follower.twin_inverse_callable).number
    elif inverse_text:
        back = FormulaLaw(_of_one(follower, "twin_inverse_function_expr", inverse_text)).number
    return _checked(follower, Link(law, (twin,), back))


def _refuse_two_ways(follower: Parameter) -> None:
    for text, function in (
        (follower.twin_function_expr, follower.twin_callable),
        (follower.twin_inverse_function_expr, follower.twin_inverse_callable),
    ):
        if text and function is not None:
            raise TwinError(
                f"{follower} follows both the expression {text!r} and the function {function!r}; "
                "set one of them, and the other to '' or None"
            )


def _checked(follower: Parameter, link: Link) -> Link:
    """The link, if it neither loops nor gives what is no number."""
    _refuse_loops(follower, link)
    _finite(follower, link, [source.flat() for source in link.sources])
    return link


def _finite(follower: Parameter, link: Link, columns: list[tuple[float, ...]]) -> tuple[float, ...]:
    numbers = link.numbers(columns)
    if not np.isfinite(numbers).all():
        came = ", ".join(
            f"{p} = {', '.join(f'{number:g}' for number in column)}"
            for p, column in zip(link.sources, columns, strict=True)
        )
        raise TwinError(
            f"{follower} would follow to {numbers[0]:g} for {came}; a finite number is wanted; "
            f"set another value, or change the law {follower.twin_function_expr or 'x'!r} first"
        )
    return numbers


def refuse_what_followers_cannot(source: Parameter, value: tuple[float, ...]) -> None:
    """Refuse a value of a parameter for which what follows it would not be a number.

    Raises
    ------
    TwinError
        It says which follower.
    """
    for follower in source.followers:
        link = follower.link
        if link is not None:
            columns = [value if p is source else p.flat() for p in link.sources]
            refuse_what_followers_cannot(follower, _finite(follower, link, columns))


def _of_one(follower: Parameter, word: str, text: str) -> Formula:
    formula = parse(text, variables=())
    if len(formula.parameters) != 1:
        raise TwinError(
            f"{follower}.{word}: {text!r} came, with {len(formula.parameters)} variables; an "
            "expression of one variable is wanted, such as '2 * x', or of named parameters of the "
            "model, such as '2 * Gaussian_0.sigma + 0.1'"
        )
    return formula


def _named_link(follower: Parameter, text: str) -> Link:
    model = None if follower.component is None else follower.component.model
    if model is None:
        raise TwinError(
            f"{follower}: {text!r} names parameters of a model, but its component is in none; "
            "append it first"
        )
    sources: dict[str, Parameter] = {}

    def placeholder(found: re.Match[str]) -> str:
        source = _named(model.components.__dict__, found[1], found[2])
        for name, known in sources.items():
            if known is source:
                return name
        name = f"source_{len(sources)}"
        sources[name] = source
        return name

    formula = parse(_DOTTED.sub(placeholder, text), variables=())
    strange = sorted(set(formula.parameters) - set(sources))
    if strange:
        raise TwinError(
            f"{follower}: {text!r} speaks of {strange[0]!r}; name parameters with their component, "
            f"such as {next(iter(sources.values()))}"
        )
    for source in sources.values():
        if source.size != 1 or follower.size != 1:
            raise TwinError(
                f"{follower}: {text!r} came; an expression of named parameters couples single "
                "numbers, not vectors"
            )
    law = FormulaLaw(formula.ordered(tuple(sources)))
    return _checked(follower, Link(law, tuple(sources.values()), None))


def _named(components: Mapping[str, Any], component: str, parameter: str) -> Parameter:
    known = {k: c for k, c in components.items() if not k.startswith("_")}
    if component not in known:
        raise unknown_name("the model", component, known)
    parameters: dict[str, Parameter] = {p.name: p for p in known[component].parameters}
    if parameter not in parameters:
        raise unknown_name(repr(known[component]), parameter, parameters)
    return parameters[parameter]


def _refuse_loops(follower: Parameter, link: Link) -> None:
    def walk(here: Parameter, chain: list[str]) -> None:
        if here is follower:
            raise TwinError(
                f"{follower} would follow itself: {' -> '.join(chain)}; break the chain with "
                "twin = None on one of them"
            )
        for source in () if here.link is None else here.link.sources:
            walk(source, [*chain, str(source)])

    for source in link.sources:
        walk(source, [str(follower), str(source)])


def attribute_name(name: str) -> str:
    """A component name as a Python attribute, which is also its name in expressions."""
    return re.sub(r"\W|^(?=\d)", "_", name)


def following_order(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """The parameters that follow others, each after all that it follows."""
    seen: set[Parameter] = set()

    def visit(p: Parameter) -> Iterator[Parameter]:
        if p in seen or p.link is None:
            return
        seen.add(p)
        for source in p.link.sources:
            yield from visit(source)
        yield p

    for parameter in parameters:
        if parameter.link is not None:
            yield from visit(parameter)


def copy_links(old: Iterable[Component], new: Iterable[Component]) -> None:
    """Couple copies of components as the originals are, where all they follow was copied."""
    copies = {
        p: q
        for a, b in zip(old, new, strict=True)
        for p, q in zip(a.parameters, b.parameters, strict=True)
    }
    for p in following_order(copies):
        q = copies[p]
        if p.link is None or not all(source in copies for source in p.link.sources):
            continue
        q.free = p.free_when_unlinked
        set_link_words(
            q,
            twin=None if p.twin is None else copies[p.twin],
            function=p.twin_function_expr,
            inverse=p.twin_inverse_function_expr,
            callables=(p.twin_callable, p.twin_inverse_callable),
        )


def set_link_words(
    parameter: Parameter,
    *,
    twin: Parameter | None,
    function: str,
    inverse: str,
    callables: tuple[Callable[[float], Any] | None, Callable[[float], Any] | None] = (None, None),
) -> None:
    """Set all words of a link."""
    parameter.twin = None
    parameter.twin_inverse_function_expr = inverse
    parameter.twin_function_expr = function
    parameter.twin_callable, parameter.twin_inverse_callable = callables
    parameter.twin = twin


def cut_links(parameters: Iterable[Parameter], component: Component) -> None:
    """Let nothing in or out of a component follow across its border; values stay."""
    for parameter in parameters:
        link = parameter.link
        if link is None:
            continue
        ends = {source.component is component for source in link.sources}
        if ends != {parameter.component is component}:
            set_link_words(parameter, twin=None, function="", inverse="")


def rename_in_links(parameters: Iterable[Parameter], old: str, new: str) -> None:
    """Let expressions that name a component of a model name it by its new name."""
    was, now = attribute_name(old), attribute_name(new)
    for parameter in parameters:
        text = parameter.twin_function_expr
        if parameter.link is not None and parameter.twin is None:
            parameter.twin_function_expr = _DOTTED.sub(
                lambda found: f"{now}.{found[2]}" if found[1] == was else found[0], text
            )
