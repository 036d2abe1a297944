"""The last steps of a fit to rounding, and the lines of a model at one place.

Near an optimum chi squared changes by the square of a step, so that half of the digits are lost in
it; its slope is known to all of them, and steps count while that shrinks. Translated by
`hsjupyter.formula.plain_code`; the words of the arguments are in `hsjupyter.fitting.layout`.

Source
------
Dennis & Schnabel, Numerical Methods for Unconstrained Optimization, ch. 10,
doi:10.1137/1.9781611971200.
"""

from __future__ import annotations

from hsjupyter.fitting.gram import evaluate, evaluate_block, fold, follow
from hsjupyter.fitting.layout import (
    AWAY,
    BLOCK,
    COST,
    COUNT,
    GRAM_HERE,
    GRAM_TRIAL,
    HERE,
    LOWER,
    N_CHANNELS,
    N_FREE,
    N_LINKS,
    ROWS,
    SLOTS,
    STATE,
    SWAPPED,
    TRIAL,
    UPPER,
    WAY,
    WHICH,
    WORK,
)
from hsjupyter.fitting.step import copy, find_step, learn, move, straighten
from hsjupyter.formula.memory import Floats, Integers, ahead, finite, floats, integers, root

LEVEL = 1e-13  # the rest of the way is that part of an error, times the root of the channels
NO_HIGHER = 1e-9  # of chi squared: by how much a step towards a level place may lead up
SHRINKS = 0.2  # of what a step promised: what the next one may, where no value is looked at
INFINITY = float("inf")


def steepness(t: Integers, p: Floats, gram: Floats) -> float:
    """The greatest cosine between the residual and a number's derivative; 0 at an optimum."""
    m1, slots = t[N_FREE] + 1, integers(t[SLOTS])
    m, lower, upper = m1 - 1, floats(t[LOWER]), floats(t[UPPER])
    most = 0.0
    for k in range(m):
        g, v, d = gram[k * m1 + m], p[slots[k]], gram[k * m1 + k]
        held = (v <= lower[k] and g < 0.0) or (v >= upper[k] and g > 0.0)
        if not held and d > 0.0:
            most = max(most, abs(g) / root(d))
    return most / root(max(gram[m1 * m1 - 1], 1e-300))


def polish(t: Integers, v: Integers, s: Integers, steps: int) -> float:
    """Go from HERE to where the slope is nothing but rounding; how steep it is there.

    The Gram matrix is that of the place, and in GRAM_HERE, or in GRAM_TRIAL where it is SWAPPED.
    """
    state, slots, way = floats(s[STATE]), integers(t[SLOTS]), floats(s[WAY])
    q, trial = floats(s[HERE]), floats(s[TRIAL])
    here, there = floats(s[GRAM_HERE]), floats(s[GRAM_TRIAL])
    state[SWAPPED] = 0.0
    state[COST] = evaluate(t, v, s, q, here)
    state[COUNT] += 1.0
    steep = steepness(t, q, here)
    for _ in range(steps):
        if steep <= LEVEL:
            break
        predicted = find_step(t, s, q, here, 0.0)
        if predicted < 0.0:
            straighten(t, s)
            predicted = find_step(t, s, q, here, 0.0)
        if predicted < 0.0 or integers(s[WHICH])[0] == 0:
            break
        move(t, s, q, trial)
        new = evaluate(t, v, s, trial, there)
        state[COUNT] += 1.0
        shallow = steepness(t, trial, there)
        if not (shallow < steep and new <= state[COST] * (1.0 + NO_HIGHER)):
            break
        for k in range(t[N_FREE]):
            way[k] = q[slots[k]]
        copy(t, trial, q)
        learn(t, s, q, here, there)
        here, there = there, here
        state[SWAPPED] = 1.0 - state[SWAPPED]
        state[COST] = new
        steep = shallow
    return steep


def approach(t: Integers, v: Integers, s: Integers, enough: float) -> bool:
    """Go from HERE, near an optimum, by whole steps; whether less than ``enough`` is left to gain.

    No value of the loss is asked for: every step must promise much less than the one before it, and
    every number be free to move. One that a bound holds may be far from where it belongs. HERE
    stays what it was where that fails.
    """
    state, slots, way = floats(s[STATE]), integers(t[SLOTS]), floats(s[WAY])
    p, trial = floats(s[AWAY]), floats(s[TRIAL])
    here, there = floats(s[GRAM_HERE]), floats(s[GRAM_TRIAL])
    state[SWAPPED] = 0.0
    copy(t, floats(s[HERE]), p)
    state[COST] = evaluate(t, v, s, p, here)
    state[COUNT] += 1.0
    before = INFINITY
    while finite(state[COST]):
        predicted = find_step(t, s, p, here, 0.0)
        held = integers(s[WHICH])[0] < t[N_FREE]
        if held or predicted < 0.0 or predicted > SHRINKS * before:
            break
        if predicted <= enough:
            copy(t, p, floats(s[HERE]))
            return True
        move(t, s, p, trial)
        state[COST] = evaluate(t, v, s, trial, there)
        state[COUNT] += 1.0
        for k in range(t[N_FREE]):
            way[k] = p[slots[k]]
        copy(t, trial, p)
        learn(t, s, p, here, there)
        here, there = there, here
        state[SWAPPED] = 1.0 - state[SWAPPED]
        before = predicted
    straighten(t, s)
    return False


def write_lines(t: Integers, v: Integers, s: Integers, p: Floats, out: Floats) -> None:
    """The model and its derivatives by the free numbers, (free + 1, channel), the model last.

    Parameters
    ----------
    t, s : Integers
        Table and space.
    v : Integers
        A view whose data are 0 everywhere.
    p : Floats
        (slot,); what follows others is filled in.
    out : Floats
    """
    w, rows, m, width = floats(s[WORK]), integers(t[ROWS]), t[N_FREE], v[N_CHANNELS]
    follow(t, s, p)
    begin = 0
    while begin < width:
        n = min(t[BLOCK], width - begin)
        evaluate_block(t, v, s, p, begin, n, False)
        if t[N_LINKS] != 0:
            fold(t, s, w, n)
        for k in range(m):
            row, to = ahead(w, rows[k]), ahead(out, k * width + begin)
            for i in range(n):
                to[i] = row[i]
        model = ahead(out, m * width + begin)
        for i in range(n):
            model[i] = -w[i]
        begin += t[BLOCK]
