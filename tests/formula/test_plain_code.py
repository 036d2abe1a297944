"""Plain functions as machine code: what Python says, the machine says."""

import ctypes

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hsjupyter.formula.machine_code import compile_kept
from hsjupyter.formula.memory import (
    Floats,
    Integers,
    Singles,
    address_of,
    ahead,
    ahead_whole,
    call,
    finite,
    floats,
    integers,
    root,
    singles,
)
from hsjupyter.formula.plain_code import print_functions

LIMIT = 5


def count_down(n: int, x: float) -> float:
    """Loops, branches and their ends."""
    total = 0.0
    for k in range(2, n):
        if k == 4 or (k > 6 and k % 2 != 0):
            continue
        if total > 1e3:
            break
        total += x * float(k) / 3.0 if k // 2 < LIMIT else -x
    while n > LIMIT:
        n -= 2
        total -= root(abs(x)) * n
    return max(total, -1e6) if finite(total) else 0.0


def gather(places: Integers, numbers: Floats, few: Singles, to: Floats, n: int) -> None:
    """Pointers, and what stands further on."""
    for k in range(n):
        here, other = ahead(numbers, places[k]), ahead_whole(places, k)
        to[k] = here[0] + few[other[0]]
        to[k], to[n] = to[k] * 2.0, min(to[n], to[k])
    again = floats(address_of(to))
    again[0] -= float(integers(address_of(places))[0])
    call(places[n], to, n)


def halve(to: Floats, n: int) -> None:
    """Called by its address."""
    for k in range(n):
        to[k] *= 0.5


def fourth(x: float) -> float:
    """Calls another."""
    return square(square(x))


def square(x: float) -> float:
    """Called by another."""
    return x * x


FUNCTIONS = (count_down, gather, halve, fourth, square)
NAMES = tuple(f.__name__ for f in FUNCTIONS)


@pytest.fixture(scope="module")
def code():
    return compile_kept("a test", lambda: print_functions(FUNCTIONS, NAMES), NAMES)


def made(code, name, result, *kinds):
    return ctypes.CFUNCTYPE(result, *kinds)(code.addresses[name])


@given(st.integers(-3, 40), st.floats(-1e4, 1e4))
def test_loops_and_branches_do_as_in_python(code, n, x):
    compiled = made(code, "count_down", ctypes.c_double, ctypes.c_int64, ctypes.c_double)
    assert_allclose(compiled(n, x), count_down(n, x), rtol=1e-12, atol=1e-9)


def test_pointers_do_as_in_python(code):
    number = ctypes.c_int64
    compiled = made(code, "gather", None, *([ctypes.c_void_p] * 4), number)
    found = []
    for function in (compiled, None):
        places = np.array([2, 0, 1, code.addresses["halve"]])
        numbers, few = np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.25, 0.125], np.float32)
        to = np.zeros(4)
        where = [a.ctypes.data for a in (places, numbers, few, to)]
        if function is None:
            gather(integers(where[0]), floats(where[1]), singles(where[2]), floats(where[3]), 3)
        else:
            function(*where, 3)
        found.append(to)
    assert_allclose(found[0], found[1])
    assert_allclose(found[0], [4.125 - 1, 1.5, 2.25, 0.0])


def test_functions_call_each_other(code):
    assert made(code, "fourth", ctypes.c_double, ctypes.c_double)(3.0) == fourth(3.0) == 81.0


def with_a_list(n: int) -> int:
    """Has what is not translated."""
    return len([n])


def of_text(word: str) -> None:
    """Has a type that is not translated."""


def with_a_mix(x: float) -> int:
    """Gives another type than it says."""
    return x


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (with_a_list, "with_a_list, line 3: .*is not translated"),
        (of_text, "the type 'str' is not translated; known: int"),
        (with_a_mix, "with_a_mix: float came where int is wanted"),
    ],
)
def test_what_is_not_translated_is_refused(function, wanted):
    with pytest.raises(SyntaxError, match=wanted):
        print_functions([function], [])
