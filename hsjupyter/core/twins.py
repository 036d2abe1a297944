"""Links between parameters: a follower's value is an expression of other parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.errors import TwinError, unknown_name
from hsjupyter.formula import Formula, parse
from hsjupyter.formula.inverse import inverse as inverse_of

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.parameter import Parameter

_DOTTED = re.compile(r"\b([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)\b")

LINK_TRAITS = ("twin", "twin_function_expr", "twin_inverse_function_expr")


@dataclass(frozen=True)
class LinkLaw:
    """How a number follows others; what of a link travels to a fit.

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


def make_link(follower: Parameter) -> Link | None:
    """The link that the twin words of a parameter describe; None where there is none.

    Raises
    ------
    TwinError
        A word that cannot be: not a parameter, another size, a loop, no variable or too many.
    FormulaError
        An expression that is not a formula.
    """
    twin, text = follower.twin, follower.twin_function_expr
    if twin is None:
        if _DOTTED.search(text):
            return _named_link(follower, text)
        for word in LINK_TRAITS[1:]:
            if getattr(follower, word):  # refused now, not when a twin is set
                _of_one(follower, word, getattr(follower, word))
        return None
    if twin.size != follower.size:
        raise TwinError(
            f"{follower} has {follower.size} numbers, {twin} has {twin.size}; parameters of the "
            "same size can be coupled"
        )
    formula = _of_one(follower, "twin_function_expr", text or "x")
    inverse_text = follower.twin_inverse_function_expr
    back: Callable[[float], float] | None
    if inverse_text:
        back = LinkLaw(_of_one(follower, "twin_inverse_function_expr", inverse_text)).number
    else:
        back = inverse_of(formula)
    link = Link(LinkLaw(formula), (twin,), back)
    _refuse_loops(follower, link)
    return link


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
    link = Link(LinkLaw(formula.ordered(tuple(sources))), tuple(sources.values()), None)
    _refuse_loops(follower, link)
    return link


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
        set_link_words(
            q,
            twin=None if p.twin is None else copies[p.twin],
            function=p.twin_function_expr,
            inverse=p.twin_inverse_function_expr,
        )


def set_link_words(
    parameter: Parameter, *, twin: Parameter | None, function: str, inverse: str
) -> None:
    """Set the three words of a link at once."""
    parameter.twin_inverse_function_expr = inverse
    parameter.twin_function_expr = function
    parameter.twin = twin
