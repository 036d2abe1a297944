"""The compiled driver: bounded, weighted Levenberg-Marquardt, one pixel after another.

Where channels are many, the descent begins on sums of neighbouring channels, which cost a fraction,
and ends on the channels themselves. Translated by `hsjupyter.formula.plain_code`; the words of the
arguments are in `hsjupyter.fitting.layout`.

Source
------
Marquardt, J. Soc. Indust. Appl. Math. 11, 431 (1963), doi:10.1137/0111030; Moré, Lecture Notes in
Mathematics 630, 105 (1978), doi:10.1007/BFb0067700 (scaling); Kanzow, Yamashita & Fukushima,
J. Comput. Appl. Math. 172, 375 (2004), doi:10.1016/j.cam.2004.02.013 (projection on bounds).
"""

from __future__ import annotations

from hsjupyter.fitting.finish import approach, polish
from hsjupyter.fitting.first_stage import sum_up
from hsjupyter.fitting.gram import evaluate, follow
from hsjupyter.fitting.layout import (
    ALL_ROOTS,
    BEND,
    CHANNELS,
    CHISQ,
    COARSE,
    COST,
    COUNT,
    DATA,
    DEVIANCE,
    DEVIATIONS,
    EVALUATIONS,
    FACTOR,
    FINE,
    GOOD_COARSE,
    GOOD_FINE,
    GRAM_HERE,
    GRAM_TRIAL,
    GRAMS,
    HELD_SQUARES,
    HERE,
    INSIDE,
    LOSS,
    LOSS_END,
    LOSS_SLOPES,
    MAX_EVALUATIONS,
    N_CHANNELS,
    N_FREE,
    N_LINEAR,
    N_PIXELS,
    N_SLOTS,
    OWN,
    POLISH,
    ROOTS,
    ROOTS_STEP,
    SCALE,
    SINGLE,
    SLOTS,
    SQUARES,
    STATE,
    STATUS,
    STEEP,
    STOP,
    SWAPPED,
    TOLD,
    TOLERANCE,
    TRIAL,
    VALUES,
    VIEW_LOSS,
    WAY,
    WHICH,
    WIDTHS,
    Y_FINE,
    Y,
)
from hsjupyter.fitting.linear_part import relax, wake
from hsjupyter.fitting.step import LEADS_UP, copy, deviations, find_step, learn, move, straighten
from hsjupyter.formula.memory import Floats, Integers, finite, floats, integers, singles

# Why a pixel ended; positive is good.
CONVERGED, STALLED, ON_BOUNDS = 1, 2, 3
NOT_FINITE, SINGULAR, RUNAWAY, EXHAUSTED, NOT_DONE = -1, -2, -3, -4, 0

INFINITY = float("inf")

# A descent that is this slow follows a valley that the data hardly bend: after so many evaluations
# a gain this small, relative to chi squared, ends it.
SLOW, SLOW_GAIN = 30.0, 1e-10
SLOWER, SLOWER_GAIN = 90.0, 1e-8

HARDLY_WORSE = 1.5
UNKNOWN = 1e-2  # of a first step's reduction: what it may leave, as far as is known
# Of a deviance, whose unit is that of errors squared: what may be left where a fit by slopes ends.
LITTLE = 1e-6
FEW = 30  # evaluations of the first stage: one that takes more leads nowhere
ROUNDING = 1e-12  # of chi squared: less than that is not seen in it

# Places of TOLERANCE, all relative to chi squared: reductions that are not worth an evaluation.
LAST_STEP = 0  # what the last step may still gain
REST = 1  # what would be left after it, as the steps before it tell
FIRST_STAGE = 2  # the last step of the first stage


def evaluate_at(t: Integers, v: Integers, s: Integers, p: Floats, gram: Floats) -> float:
    """As `evaluate`, the linear numbers then at their best."""
    if t[N_LINEAR] == 0:
        return evaluate(t, v, s, p, gram)
    wake(t, p)
    cost = evaluate(t, v, s, p, gram)
    if finite(cost) and relax(t, s, p, gram):
        follow(t, s, p)
        m1 = t[N_FREE] + 1
        cost = max(gram[m1 * m1 - 1], 0.0)
    return cost


def descend(t: Integers, v: Integers, s: Integers, last: float, rest: float, limit: int) -> int:
    """Go down to the optimum from HERE, which is evaluated; STATE says how far it came.

    Returns
    -------
    int
        Why it ended.
    """
    state, m1 = floats(s[STATE]), t[N_FREE] + 1
    q, trial, scale = floats(s[HERE]), floats(s[TRIAL]), floats(s[SCALE])
    here, there = floats(s[GRAM_HERE]), floats(s[GRAM_TRIAL])
    if state[SWAPPED] != 0.0:
        here, there = there, here
    for k in range(m1 - 1):
        scale[k] = 0.0
    way, slots = floats(s[WAY]), integers(t[SLOTS])
    damping, before, learnt = 1e-3, 0.0, True
    # A deviance is of the size of its channels where the model is right: a hundredth of a
    # millionth of that tells nothing, however near to zero it comes.
    least = 0.0 if t[LOSS] == 0 or t[LOSS_END] != 0 else float(v[N_CHANNELS])
    while True:
        cost = max(state[COST], least)
        predicted = find_step(t, s, q, here, damping)
        if integers(s[WHICH])[0] == 0:
            return ON_BOUNDS
        if predicted < 0.0:
            straighten(t, s)
            damping = max(10.0 * damping, 1e-8)
            if damping > 1e12:
                return STALLED if predicted == LEADS_UP else SINGULAR
            continue
        move(t, s, q, trial)
        small = predicted <= last * cost
        left = predicted * (min(predicted / before, 1.0) if before > 0.0 else UNKNOWN)
        if state[COUNT] > SLOW and predicted <= SLOW_GAIN * cost:
            left = 0.0
        if state[COUNT] > SLOWER and predicted <= SLOWER_GAIN * cost:
            left = 0.0
        if small and damping <= 1e-2 and left <= rest * cost:
            # Newton's decrement is below the tolerance: this step is the last, and its gain is
            # known without paying for another evaluation.
            copy(t, trial, q)
            follow(t, s, q)
            state[COST] -= predicted
            return CONVERGED
        if state[COUNT] >= float(limit):
            return EXHAUSTED
        new = evaluate_at(t, v, s, trial, there)
        state[COUNT] += 1.0
        gain = state[COST] - new
        if gain >= 0.0:
            state[COST] = new
            for k in range(m1 - 1):
                way[k] = q[slots[k]]
            copy(t, trial, q)
            # What was learnt is kept only while it foretells gains.
            learnt = gain <= 1e-2 * cost and abs(gain - predicted) <= 0.3 * predicted
            if learnt:
                learn(t, s, q, here, there)
            else:
                straighten(t, s)
            here, there = there, here
            state[SWAPPED] = 1.0 - state[SWAPPED]
            if gain <= 1e-15 * cost and small:
                return CONVERGED
            before = predicted
            if gain > 0.75 * predicted:
                damping = max(0.1 * damping, 1e-12)
            elif gain < 0.25 * predicted:
                damping *= 4.0
            continue
        if predicted <= ROUNDING * cost:
            return STALLED  # rounding hides what would still be gained
        if learnt:  # what the steps before told may have misled this one
            straighten(t, s)
            learnt = False
            continue
        damping = max(10.0 * damping, 1e-4)
        if damping > 1e16:
            return RUNAWAY


def keep_better(t: Integers, s: Integers, cost: float) -> None:
    """TRIAL was evaluated: it is the place to begin at, if it is better than HERE."""
    state = floats(s[STATE])
    state[COUNT] += 1.0
    if cost < state[COST] or not finite(state[COST]):
        state[COST] = cost
        q, trial = floats(s[HERE]), floats(s[TRIAL])
        copy(t, trial, q)
        state[SWAPPED] = 1.0 - state[SWAPPED]


def begin(t: Integers, v: Integers, s: Integers, start: Floats, other: Floats, good: float) -> bool:
    """Evaluate the start, and another place before it; whether one of them is finite.

    The other is where the pixel before ended, ``good`` the chi squared that it had there; below 0
    there is no other. Where it is hardly worse for this pixel, the start is not looked at.
    """
    state, trial, slots = floats(s[STATE]), floats(s[TRIAL]), integers(t[SLOTS])
    state[COST] = INFINITY
    state[SWAPPED] = 0.0
    for attempt in range(0 if good >= 0.0 else 1, 2):
        if attempt == 1 and state[COST] <= HARDLY_WORSE * good:
            break
        copy(t, start, trial)
        if attempt == 0:
            for k in range(t[N_FREE]):
                trial[slots[k]] = other[slots[k]]
        gram = floats(s[GRAM_TRIAL])
        if state[SWAPPED] != 0.0:
            gram = floats(s[GRAM_HERE])
        keep_better(t, s, evaluate_at(t, v, s, trial, gram))
    return finite(state[COST])


def fit_pixel(t: Integers, j: Integers, s: Integers, i: int, before: bool) -> int:
    """Fit one pixel of a job from its start; why it ended. The end stands in HERE."""
    n_slots = t[N_SLOTS]
    fine, coarse, tolerance = integers(j[FINE]), integers(j[COARSE]), floats(j[TOLERANCE])
    start, other = floats(j[VALUES] + 8 * i * n_slots), floats(j[VALUES] + 8 * (i - 1) * n_slots)
    state, limit = floats(s[STATE]), j[MAX_EVALUATIONS]
    state[COUNT], state[TOLD] = 0.0, 0.0
    q, warm = floats(s[HERE]), False
    if j[FACTOR] > 1:
        sum_up(t, j, s, floats(fine[Y]), fine[ROOTS] != 0)
        straighten(t, s)
        if begin(t, coarse, s, start, other, state[GOOD_COARSE] if before else -1.0):
            first = tolerance[FIRST_STAGE]
            warm = descend(t, coarse, s, first, first, FEW) > 0
            state[GOOD_COARSE] = state[COST]
    ended = NOT_FINITE
    if warm:
        # What sums of channels tell of second derivatives holds for the channels.
        bend, share = (
            floats(s[BEND]),
            1.0 if fine[ROOTS] != 0 and t[LOSS] == 0 else float(j[FACTOR]),
        )
        for k in range(t[N_FREE] * t[N_FREE]):
            bend[k] *= share
    if warm and t[LOSS_SLOPES] != 0:
        fine[VIEW_LOSS] = t[LOSS_SLOPES]
        if approach(t, fine, s, LITTLE):
            state[TOLD] = 1.0
            ended = CONVERGED
        fine[VIEW_LOSS] = t[LOSS]
    if ended <= 0 and warm and begin(t, fine, s, q, q, -1.0):
        ended = descend(t, fine, s, tolerance[LAST_STEP], tolerance[REST], limit)
    if ended <= 0:
        straighten(t, s)
    if ended <= 0 and begin(t, fine, s, start, other, state[GOOD_FINE] if before else -1.0):
        ended = descend(t, fine, s, tolerance[LAST_STEP], tolerance[REST], limit)
    return ended


def find_data(j: Integers, s: Integers, i: int, width: int) -> int:
    """Where the data of a pixel are, as float64 inside the signal range."""
    source = integers(j[DATA])[i]
    if j[SINGLE] == 0 and j[CHANNELS] == 0 and j[WIDTHS] == 0:
        return source
    y, chosen, widths = floats(s[Y_FINE]), integers(j[CHANNELS]), floats(j[WIDTHS])
    long, short = floats(source), singles(source)
    if j[CHANNELS] == 0:
        if j[SINGLE] == 0:
            for k in range(width):
                y[k] = long[k]
        else:
            for k in range(width):
                y[k] = short[k]
    elif j[SINGLE] == 0:
        for k in range(width):
            y[k] = long[chosen[k]]
    else:
        for k in range(width):
            y[k] = short[chosen[k]]
    if j[WIDTHS] != 0:
        for k in range(width):
            y[k] /= widths[k]
    return s[Y_FINE]


def fit_pixels(t: Integers, j: Integers, s: Integers) -> None:
    """Fit the pixels of a job, one after another."""
    m1, n_slots = t[N_FREE] + 1, t[N_SLOTS]
    fine, own, status = integers(j[FINE]), integers(j[OWN]), integers(j[STATUS])
    width, state, stop = fine[N_CHANNELS], floats(s[STATE]), integers(j[STOP])
    q, chisq, evaluations = floats(s[HERE]), floats(j[CHISQ]), integers(j[EVALUATIONS])
    for i in range(j[N_PIXELS]):
        status[i] = NOT_DONE
        if stop[0] != 0:
            continue
        if integers(j[DATA])[i] == 0:
            status[i] = NOT_FINITE
            continue
        fine[Y] = find_data(j, s, i, width)
        fine[ROOTS] = j[ALL_ROOTS] + 8 * i * j[ROOTS_STEP] if j[ALL_ROOTS] != 0 else 0
        before = own[i] == 0 and i > 0 and status[max(i - 1, 0)] > 0
        ended = fit_pixel(t, j, s, i, before)
        state[GOOD_FINE] = state[COST]
        if j[POLISH] != 0 and ended > 0:
            floats(j[STEEP])[i] = polish(t, fine, s, j[POLISH])
        gram = floats(s[GRAM_HERE])
        if state[SWAPPED] != 0.0:
            gram = floats(s[GRAM_TRIAL])
        if t[LOSS] != 0 and ended > 0:
            if state[TOLD] == 0.0:  # what the loss does not say, at the very end
                fine[VIEW_LOSS] = t[LOSS_END] if t[LOSS_END] != 0 else t[LOSS_SLOPES]
                evaluate(t, fine, s, q, gram)
                fine[VIEW_LOSS] = t[LOSS]
            told = floats(s[DEVIANCE])
            floats(j[SQUARES])[i] = told[1]
            floats(j[HELD_SQUARES])[i] = told[0]
            floats(j[INSIDE])[i] = told[2]
        p = floats(j[VALUES] + 8 * i * n_slots)
        kept = floats(j[GRAMS] + 8 * i * m1 * m1)
        if ended > 0:
            copy(t, q, p)
        for k in range(m1 * m1):
            kept[k] = gram[k]
        deviations(t, s, p, gram, floats(j[DEVIATIONS] + 8 * i * (m1 - 1)))
        chisq[i], status[i], evaluations[i] = state[COST], ended, int(state[COUNT])
