"""The compiled driver: bounded, weighted Levenberg-Marquardt, one pixel after another.

Source
------
Marquardt, J. Soc. Indust. Appl. Math. 11, 431 (1963), doi:10.1137/0111030; Moré, Lecture Notes in
Mathematics 630, 105 (1978), doi:10.1007/BFb0067700 (scaling); Kanzow, Yamashita & Fukushima,
J. Comput. Appl. Math. 172, 375 (2004), doi:10.1016/j.cam.2004.02.013 (projection on bounds).
"""

from typing import Any, NamedTuple

import numpy as np

from hsjupyter.fitting.gram import BLOCK, Work, compiled, evaluate, follow

# Why a pixel ended; positive is good.
CONVERGED, STALLED, ON_BOUNDS = 1, 2, 3
NOT_FINITE, SINGULAR, RUNAWAY, EXHAUSTED, NOT_DONE = -1, -2, -3, -4, 0


class Limits(NamedTuple):
    """When to stop.

    Attributes
    ----------
    ftol : float
        Reduction of chi squared, relative, that is not worth an evaluation.
    max_nfev : int
        Evaluations of one pixel.
    """

    ftol: float
    max_nfev: int


@compiled
def _solve(a: Any, n: int, b: Any, x: Any) -> Any:
    """Cholesky, in place in the lower triangle of a; False where a is not positive definite."""
    for j in range(n):
        d = a[j, j]
        for k in range(j):
            d -= a[j, k] * a[j, k]
        if not d > 0.0:
            return False
        d = np.sqrt(d)
        a[j, j] = d
        for i in range(j + 1, n):
            v = a[i, j]
            for k in range(j):
                v -= a[i, k] * a[j, k]
            a[i, j] = v / d
    for i in range(n):
        v = b[i]
        for k in range(i):
            v -= a[i, k] * x[k]
        x[i] = v / a[i, i]
    for back in range(n):
        i = n - 1 - back
        v = x[i]
        for k in range(i + 1, n):
            v -= a[k, i] * x[k]
        x[i] = v / a[i, i]
    return True


@compiled
def _step(t: Any, p: Any, gram: Any, damping: Any, space: Any) -> Any:
    """The damped step inside the bounds: how many numbers move, and the predicted reduction.

    A number on a bound that would leave it stays. -1 where the matrix is singular.
    """
    a, rhs, step, scale, which = space
    m = t.slots.shape[0]
    n = 0
    for k in range(m):
        g, v = gram[k, m], p[t.slots[k]]
        held = (v <= t.lower[k] and g < 0.0) or (v >= t.upper[k] and g > 0.0)
        scale[k] = max(scale[k], gram[k, k])
        if not held and gram[k, k] > 0.0:
            which[n] = k
            n += 1
    for i in range(n):
        root_i = np.sqrt(scale[which[i]])
        for j in range(i):
            a[i, j] = gram[which[j], which[i]] / (root_i * np.sqrt(scale[which[j]]))
        a[i, i] = gram[which[i], which[i]] / (root_i * root_i) + damping
        rhs[i] = gram[which[i], m] / root_i
    if n == 0:
        return 0, 0.0
    if not _solve(a, n, rhs, step):
        return -1, 0.0
    predicted = 0.0
    for i in range(n):
        k = which[i]
        v = p[t.slots[k]]
        to = min(max(v + step[i] / np.sqrt(scale[k]), t.lower[k]), t.upper[k])
        step[i] = to - v
    for i in range(n):
        change = 2.0 * gram[which[i], m] - step[i] * gram[which[i], which[i]]
        for j in range(i):
            change -= 2.0 * step[j] * gram[which[j], which[i]]
        predicted += step[i] * change
    return n, predicted


@compiled
def _descend(t: Any, limits: Any, pixel: Any, work: Any, place: Any, space: Any, now: Any) -> Any:
    """Go down to the optimum from a place that is evaluated.

    Parameters
    ----------
    place : tuple
        Numbers here and on trial, (slot,), Gram matrices here and on trial.
    now : tuple
        Chi squared here, evaluations so far.

    Returns
    -------
    tuple
        Chi squared, why it ended, evaluations, and whether the Gram matrix of the end is the
        second one of ``place``. The numbers of the end are the first.
    """
    q, trial, here, there = place
    step, scale, which = space[2], space[3], space[4]
    cost, count = now
    damping, swapped = 1e-3, False
    scale[:] = 0.0
    while True:
        moved, predicted = _step(t, q, here, damping, space)
        if moved == 0:
            return cost, ON_BOUNDS, count, swapped
        if moved < 0:
            damping = max(10.0 * damping, 1e-8)
            if damping > 1e12:
                return cost, SINGULAR, count, swapped
            continue
        trial[:] = q
        for i in range(moved):
            trial[t.slots[which[i]]] += step[i]
        small = predicted <= limits.ftol * cost
        if small and damping <= 1e-2 and predicted >= 0.0:
            # Newton's decrement is below the tolerance: this step is the last, and its gain is
            # known without paying for another evaluation.
            q[:] = trial
            follow(t, q, work)
            return cost - predicted, CONVERGED, count, swapped
        if count >= limits.max_nfev:
            return cost, EXHAUSTED, count, swapped
        new = evaluate(t, pixel, trial, work, there)
        count += 1
        gain = cost - new
        if gain >= 0.0:
            cost = new
            q[:] = trial
            here, there = there, here
            swapped = not swapped
            if small and gain <= limits.ftol * cost:
                return cost, CONVERGED, count, swapped
            if gain > 0.75 * predicted:
                damping = max(0.1 * damping, 1e-12)
            elif gain < 0.25 * predicted:
                damping *= 4.0
            continue
        if small and -gain <= limits.ftol * cost:
            return cost, STALLED, count, swapped  # rounding hides what would still be gained
        damping = max(10.0 * damping, 1e-4)
        if damping > 1e16:
            return cost, RUNAWAY, count, swapped


class Space(NamedTuple):
    """What a thread writes to while it fits.

    Attributes
    ----------
    work : Work
        Of an evaluation.
    step : tuple of ndarray
        Matrix, right side, step, scale and chosen numbers of a step.
    place : tuple of ndarray
        Numbers here and on trial, (slot,), Gram matrices here and on trial.
    """

    work: Any
    step: Any
    place: Any


def make_space(t: Any, n_slots: int) -> Space:
    """The space of one thread for one model."""
    m = len(t.slots)
    last = max([0, *t.row_of.tolist(), *t.kernels[:, 2].tolist()])
    work = Work(
        np.zeros(last + (n_slots + 2) * BLOCK),
        np.zeros(2 * t.sources.shape[1] + 4),
        np.zeros((len(t.links) + 1, t.sources.shape[1] + 1)),
        np.zeros(BLOCK),
        np.zeros(BLOCK),
        np.zeros(1),
    )
    step = (np.zeros((m, m)), np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m, np.int64))
    gram = (m + 1, m + 1)
    return Space(work, step, (np.zeros(n_slots), np.zeros(n_slots), np.zeros(gram), np.zeros(gram)))


@compiled
def fit_pixels(
    t: Any, limits: Any, data: Any, p: Any, own: Any, found: Any, stop: Any, space: Any
) -> None:
    """Fit the pixels of a job.

    Parameters
    ----------
    t : Tables
    limits : Limits
    data : tuple
        ``x`` (coordinate, channel), ``y`` (pixel, channel), roots of the weights
        (pixel or 1, channel), and whether they are to be read.
    p : ndarray, (pixel, slot)
        In: start values. Out: where it ended.
    own : ndarray of bool, (pixel,)
        False: the start of the pixel before it is tried as well, and the better one taken.
    found : tuple of ndarray
        Out: Gram matrices at (or one last step before) the end, (pixel, free + 1, free + 1); chi
        squared, why it ended, evaluations, (pixel,).
    stop : ndarray of int64, (1,)
        Not 0: begin no further pixel.
    space : Space
    """
    x, y, s, weighted = data
    gram, chisq, status, nfev = found
    m = t.slots.shape[0]
    q, trial, here, there = space.place
    for i in range(y.shape[0]):
        if stop[0] != 0:
            status[i] = NOT_DONE
            continue
        pixel = (x, y[i], s[i if s.shape[0] > 1 else 0], weighted)
        q[:] = p[i]
        cost, count = np.inf, 0
        before = not own[i] and i > 0 and status[i - 1] > 0
        for attempt in range(2 if before else 1):
            trial[:] = p[i]
            if attempt == 1:
                for k in range(m):
                    trial[t.slots[k]] = p[i - 1, t.slots[k]]
            other = evaluate(t, pixel, trial, space.work, there)
            count += 1
            if other < cost:
                cost = other
                q[:] = trial
                here, there = there, here
        ended, swapped = NOT_FINITE, False
        if np.isfinite(cost):
            place = (q, trial, here, there)
            cost, ended, count, swapped = _descend(
                t, limits, pixel, space.work, place, space.step, (cost, count)
            )
        p[i] = q
        gram[i] = there if swapped else here
        chisq[i], status[i], nfev[i] = cost, ended, count
