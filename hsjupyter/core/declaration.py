"""What a component's class says of its parameters and formula, checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import traitlets as t

from hsjupyter.core.errors import ModelError, ParameterError, unknown_name
from hsjupyter.core.parameter import Par, Parameter
from hsjupyter.formula import Formula, parse

_NEAR = 0.8
"""Names that are at least so like each other are taken for a slip of the pen."""
_OF_INSTANCES = frozenset({"formula_object", "model", "parameters"})


def check_names(whose: str, names: Iterable[str], taken: Collection[str]) -> None:
    """Refuse names of parameters that a component has in use.

    Parameters
    ----------
    whose : str
        The component, as the person knows it.
    names : iterable of str
    taken : collection of str
        The attributes that its class has anyway.

    Raises
    ------
    ModelError
        It says which.
    """
    for name in names:
        if name in _OF_INSTANCES or name in taken:
            raise ModelError(
                f"{whose}: a parameter {name!r} came, but every component has something of that "
                f"name; call it otherwise, in an Expression with rename_pars={{{name!r}: "
                f"'{name}_0'}}"
            )


def check_attribute(component: Any, name: str, value: Any) -> None:
    """Refuse to set what a component has under another name, or has as a parameter.

    Parameters
    ----------
    component : Component
    name : str
        Of the attribute that is to be set.
    value : object
        What it is to be.

    Raises
    ------
    ParameterError
        It is a parameter, whose number is meant.
    UnknownNameError
        Nothing is called so, but something nearly.
    """
    if isinstance(component.__dict__.get(name), Parameter):
        # `gaussian.sigma = 3` would silently replace the parameter by a number.
        raise ParameterError(
            f"{component.name}.{name} is a parameter, {value!r} came; set its number with "
            f".{name}.value = ..."
        )
    kind = type(component)
    if name.startswith("_") or name in component.__dict__ or hasattr(kind, name):
        return
    # `gaussian.actve = False` would silently set nothing. A person's own class may have what it
    # likes.
    if kind.__module__.startswith("hsjupyter.") and "parameters" in component.__dict__:
        settable = (t.TraitType, property)
        of_class = [each for each in dir(kind) if isinstance(getattr(kind, each, None), settable)]
        own = [parameter.name for parameter in component.parameters]
        known = [each for each in (*own, *of_class) if not each.startswith("_")]
        if get_close_matches(name, known, n=1, cutoff=_NEAR):
            raise unknown_name(repr(component), name, known)


def starting_values(
    kind: str, pars: Mapping[str, Par], values: tuple[Any, ...], named: Mapping[str, Any]
) -> dict[str, Any]:
    """What a constructor was given, by parameter.

    Raises
    ------
    UnknownNameError
        A name that is not a parameter.
    ParameterError
        Too many values, or one of them twice.
    """
    if len(values) > len(pars):
        raise ParameterError(
            f"{kind}: {len(values)} values came; it has {len(pars)} parameters: {', '.join(pars)}"
        )
    start = dict(zip(pars, values, strict=False))
    for key in named:
        if key not in pars:
            raise unknown_name(kind, key, pars)
        if key in start:
            raise ParameterError(f"{kind}: {key} came twice, by place and by name; give one")
    return {**start, **named}


def formula_of(kind: str, text: str, dimensions: int, pars: Mapping[str, Par]) -> Formula:
    """The formula of a component, its numbers in the order of the parameters.

    Raises
    ------
    FormulaError
        The text is not a formula.
    ModelError
        The formula and the parameters do not speak of the same names.
    """
    slots = [name for key, par in pars.items() for name in Parameter(key, par).slot_names]
    formula = parse(text, variables=("x", "y")[:dimensions])
    strange = sorted(set(formula.parameters) - set(slots))
    unused = sorted(set(slots) - set(formula.parameters))
    if strange or unused:
        raise ModelError(
            f"{kind}'s formula speaks of {', '.join(map(repr, strange or formula.parameters))}, "
            f"but its parameters are {', '.join(slots) or '(none)'}; use the same names in both"
        )
    return formula.ordered(tuple(slots))
