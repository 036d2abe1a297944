"""Whatever text comes, a formula or our own error is what leaves; nothing is run, nothing hangs."""

import ast
import gc
import inspect
import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hsjupyter.formula import FormulaError, parse
from tests.formula import texts
from tests.formula.shapes import SHAPES
from tests.formula.watch import LIMIT, Watch

WATCH = Watch()
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))


@given(st.integers(0, 2**64))
@MANY
def test_made_up_texts_give_a_formula_or_our_error(seed):
    WATCH.read(texts.text(Random(seed)))  # noqa: S311


@given(st.text(max_size=2100))
@MANY
def test_any_characters_give_a_formula_or_our_error(text):
    WATCH.read(text)


def test_the_made_up_texts_are_of_both_sorts():
    random = Random(3)  # noqa: S311
    read = [WATCH.read(texts.text(random))[0] for _ in range(300)]
    good = [formula for formula in read if formula is not None]
    assert 30 < len(good) < 270
    assert any(";" in formula.text for formula in good)


def test_what_is_read_can_be_evaluated():
    x, y = np.linspace(-2, 3, 11), np.linspace(-1, 1, 11)
    random = Random(5)  # noqa: S311
    for _ in range(150):
        formula, _ = WATCH.read(texts.with_parts(random))
        if formula is None:
            continue
        value, slopes = formula.evaluate_all((x, y), np.linspace(0.5, 1.5, len(formula.order)))
        assert value.shape == x.shape
        assert slopes.shape == (len(formula.order), *x.shape)


def test_the_watch_sees_what_it_is_there_to_see(tmp_path):
    sys.modules.pop("this_is_not_there", None)
    for evil, word in (
        (lambda: eval("1 + 1"), "exec"),  # noqa: S307
        (lambda: __import__("this_is_not_there"), "import"),
        (lambda: (tmp_path / "file").open("w").close(), "open"),
    ):
        with WATCH.looks() as seen:
            try:
                evil()
            except ImportError:
                seen.append("and was stopped")
        assert word in " ".join(seen)


BOMBS = {
    "tower of powers": "9**9**9**9",
    "huge power": "9**99999999",
    "huge product": "*".join(["1e300"] * 20),
    "power of a part": "x**p ; p = q**q ; q = 9**9",
    "brackets": "(" * 900 + "x" + ")" * 900,
    "brackets left open": "(" * 1999,
    "calls": "sin(" * 300 + "x" + ")" * 300,
    "calls that end badly": "sin(" * 45 + "x x" + ")" * 45,
    "pairs that end badly": "(((1," * 12 + "x if" + ")))" * 12,
    "minus signs": "-" * 1999 + "x",
    "tildes": "~" * 1990 + "(x>0)",
    "nots": "not " * 490 + "(x>0)",
    "long sum": "+".join(["x"] * 1000),
    "long comparison": "<".join(["x"] * 1000),
    "long tower": "**".join(["x"] * 660),
    "long number": "9" * 1999,
    "long name": "a" * 1999,
    "long text": "x+" * 50_000 + "x",
    "doubling": ";".join(["p0", *(f"p{k}=p{k + 1}+p{k + 1}" for k in range(150))]),
    "doubling powers": ";".join(["p0", *(f"p{k}=p{k + 1}**p{k + 1}" for k in range(120))]),
    "chain": ";".join(["p0", *(f"p{k}=p{k + 1}" for k in range(190))]),
    "semicolons": ";" * 1999,
    "null byte": "x\0+1",
    "surrogate": "x + \ud800",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_defused_in_milliseconds(text):
    WATCH.read(text)


def test_a_tower_of_powers_is_refused_in_under_a_millisecond():
    times = []
    for _ in range(5):
        formula, seconds = WATCH.read("9**9**9**9")
        assert formula is None
        times.append(seconds)
    assert min(times) < 1e-3
    assert LIMIT > 1e-3


@pytest.mark.parametrize("recursion", [120, 200])
def test_a_caller_deep_down_still_gets_a_formula(recursion):
    def deeper(n):
        return parse(SHAPES[0].text).parameters if n == 0 else deeper(n - 1)

    limit = sys.getrecursionlimit()
    frames = len(inspect.stack(0))
    sys.setrecursionlimit(frames + recursion + 60)
    try:
        assert deeper(recursion) == ("A", "centre", "sigma")
    finally:
        sys.setrecursionlimit(limit)


def test_a_caller_deep_down_gets_our_error_for_a_deep_text():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        with pytest.raises(FormulaError, match=r"too deep to be read|nested deeper than 400"):
            parse("-" * 1900 + "x")
    finally:
        sys.setrecursionlimit(limit)


def test_reading_imports_nothing_heavy():
    program = (
        "import sys; from hsjupyter.formula import parse; "
        f"f = parse({SHAPES[0].text!r}); f.javascript(); f.latex(); f.linear; "
        "heavy = {'sympy', 'scipy', 'numba', 'llvmlite', 'mpmath'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_another_error_is_never_let_through():
    for text in (None, 3, b"x", ["x"], object):
        with pytest.raises(FormulaError, match="a text was wanted; write it between quotation"):
            parse(text)


def test_a_collection_in_between_does_not_upset_the_parser():
    going = True

    class Parses:
        """Garbage whose end parses, as printing a traceback does, and leaves garbage again."""

        def __init__(self):
            self.me = self

        def __del__(self):
            ast.parse("1 + 1")
            if going:
                Parses()

    before = gc.get_threshold()
    gc.set_threshold(1, 1, 1)
    Parses()
    try:
        for k in range(20):
            text = f"a * (x - {k}.5)**2 + b * exp(-(x - c)) / d" + " + x * (1 + a)" * 20
            assert parse(text).parameters == ("a", "b", "c", "d")
    finally:
        going = False
        gc.set_threshold(*before)
        gc.collect()
