"""What a person gets wrong with components, numbers and links: deed, error, words that help."""

import numpy as np

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    BoundsError,
    FormulaError,
    ModelError,
    ParameterError,
    TwinError,
    UnknownNameError,
)

c1, c2 = hs.model.components1D, hs.model.components2D


def put(thing, name, value):
    setattr(thing, name, value)


def other(m):
    o = m.signal.create_model()
    o.append(c1.Gaussian())
    return o


def circle(m):
    m[0].centre.twin = m[1].centre


def expression(text):
    return lambda m: put(m[0].A, "twin_function_expr", text)


def add_image_component(m):
    m.append(c2.Gaussian2D())


CONTAINERS = {
    "append a text": (lambda m: m.append("Gaussian"), ModelError, "a component is wanted, e.g. hs"),
    "append nothing": (lambda m: m.insert(0, None), ModelError, "None came; a component is wanted"),
    "append twice": (lambda m: m.append(m[0]), ModelError, r"in this model already.*copy\(\)"),
    "append of another": (lambda m: m.append(other(m)[0]), ModelError, "in another model already"),
    "append of an image": (add_image_component, ModelError, "take it from hs.model.components1D"),
    "extend by a bad one": (
        lambda m: m.extend([c1.Offset(), m[0]]),
        ModelError,
        "in this model already",
    ),
    "extend by one twice": (lambda m: m.extend(2 * [c1.Offset()]), ModelError, "came twice"),
    "remove unknown": (lambda m: m.remove("Gausian"), UnknownNameError, "did you mean 'Gaussian"),
    "remove beyond": (lambda m: m.remove(7), ModelError, "there are 3, counted from 0"),
    "remove a list with a bad one": (
        lambda m: m.remove([0, "Gausian"]),
        UnknownNameError,
        "did you mean",
    ),
    "remove a stranger": (lambda m: m.remove(c1.Offset()), ModelError, "is not in"),
    "no such name": (lambda m: m["Polynom"], UnknownNameError, "did you mean 'Polynomial'"),
    "no such index": (lambda m: m[3], ModelError, "component 3 was asked for; there are 3"),
    "a float as index": (lambda m: m[0.5], ModelError, "a name, a whole number or a slice"),
    "pop unknown": (lambda m: m.pop("nope"), UnknownNameError, "known: Gaussian, Gaussian_0"),
    "place of a stranger": (lambda m: m.index(c1.Offset()), ModelError, "append it first"),
    "replace by its neighbour": (
        lambda m: m.__setitem__(0, m[1]),
        ModelError,
        r"wanted, such as a copy\(\)",
    ),
    "replace by a number": (lambda m: m.__setitem__(0, 3), ModelError, "a component that is in no"),
    "order of some": (lambda m: m.arrange([0, 1]), ModelError, "each of its components is wanted"),
    "name taken": (
        lambda m: put(m[0], "name", "Polynomial"),
        ModelError,
        "Another component already has the name Polynomial",
    ),
    "name of the same attribute": (
        lambda m: put(m[0], "name", "Gaussian 0"),
        ModelError,
        "already has the name",
    ),
    "empty name": (lambda m: put(m[0], "name", "  "), ModelError, "one that people can read"),
    "a number as name": (lambda m: put(m[0], "name", 3), ParameterError, "a text is wanted"),
    "active of a word": (
        lambda m: put(m[0], "active", "yes"),
        ParameterError,
        "'yes' came; True or False is wanted",
    ),
    "activity by pixel of a number": (
        lambda m: put(m[0], "active_is_multidimensional", 2),
        ParameterError,
        "True or False is wanted",
    ),
    "sum with a number": (lambda m: m + {3}, ModelError, "3 came; a component is wanted"),
}

NUMBERS = {
    "value of a word": (lambda m: put(m[0].A, "value", "3"), ParameterError, "a number is wanted"),
    "value of nothing": (lambda m: put(m[0].A, "value", None), ParameterError, "None came; a numb"),
    "value nan": (lambda m: put(m[0].A, "value", np.nan), ParameterError, "that is finite"),
    "value infinite": (lambda m: put(m[0].A, "value", np.inf), ParameterError, "that is finite"),
    "value of two": (lambda m: put(m[0].A, "value", (1, 2)), ParameterError, "a number is wanted"),
    "vector of one": (
        lambda m: put(m[2].coefficients, "value", 1.0),
        ParameterError,
        "a tuple of 2 numbers is wanted",
    ),
    "vector of three": (
        lambda m: put(m[2].coefficients, "value", (1, 2, 3)),
        ParameterError,
        "a tuple of 2 numbers is wanted",
    ),
    "error of a word": (lambda m: put(m[0].A, "std", "big"), ParameterError, "a number is wanted"),
    "free of a word": (lambda m: put(m[0].A, "free", "no"), ParameterError, "True or False is w"),
    "bound of a word": (lambda m: put(m[0].A, "bmin", "0"), ParameterError, "or None for no bound"),
    "bound nan": (lambda m: put(m[0].A, "bmax", np.nan), BoundsError, "a number or None is wanted"),
    "bounds turned round": (
        lambda m: m[0].centre.set_bounds(3, 2),
        BoundsError,
        "give the smaller one first",
    ),
    "units of a number": (lambda m: put(m[0].A, "units", 3), ParameterError, "a text is wanted"),
    "a trait that is none": (
        lambda m: put(m[0].A, "bmn", 0),
        UnknownNameError,
        "did you mean 'bmin'",
    ),
    "a number for a parameter": (lambda m: put(m[0], "A", 3.0), ParameterError, r"\.A\.value = "),
    "constructor: unknown": (
        lambda _: c1.Gaussian(centr=3),
        UnknownNameError,
        "did you mean 'centre'",
    ),
    "constructor: twice": (lambda _: c1.Gaussian(1, A=2), ParameterError, "A came twice"),
    "constructor: too many": (lambda _: c1.Gaussian(1, 2, 3, 4), ParameterError, "it has 3 param"),
}

LINKS = {
    "twin of itself": (
        lambda m: put(m[0].A, "twin", m[0].A),
        TwinError,
        "would follow itself: Gaussian.A -> Gaussian.A; break the chain",
    ),
    "twins in a circle": (circle, TwinError, "would follow itself"),
    "twin of a component": (
        lambda m: put(m[0].A, "twin", m[1]),
        TwinError,
        "such as gaussian.sigma, or None",
    ),
    "twin of a word": (lambda m: put(m[0].A, "twin", "A"), TwinError, "a parameter is wanted"),
    "twin of another size": (
        lambda m: put(m[0].A, "twin", m[2].coefficients),
        TwinError,
        "parameters of the same size can be coupled",
    ),
    "law without a variable": (expression("3"), TwinError, "an expression of one variable"),
    "law of two variables": (expression("x * y"), TwinError, "with 2 variables"),
    "law that is no formula": (expression("x +* 2"), FormulaError, "column|expected|syntax"),
    "law that is code": (
        expression("__import__('os').system('ls')"),
        FormulaError,
        "the name '__import__'",
    ),
    "law of an unknown component": (
        expression("Gaussian_7.A + 1"),
        UnknownNameError,
        "did you mean 'Gaussian_0'",
    ),
    "law of an unknown parameter": (
        expression("Gaussian_0.sgima"),
        UnknownNameError,
        "did you mean 'sigma'",
    ),
    "law of itself": (expression("Gaussian.A + 1"), TwinError, "would follow itself"),
    "law of a number": (
        lambda m: put(m[0].A, "twin_function_expr", 3),
        ParameterError,
        "a text is wanted",
    ),
    "a follower set free": (
        lambda m: put(m[1].centre, "free", True),
        TwinError,
        "free what it follows, or set its twin = None",
    ),
    "a function that is none": (
        lambda m: put(m[0].A, "twin_callable", 3),
        TwinError,
        "a function of one number is wanted",
    ),
}
