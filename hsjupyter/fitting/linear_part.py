"""The numbers in which a model is linear, solved for at once: variable projection.

After an evaluation the best linear numbers, inside their bounds, are known without another one:
the Gram matrix of Jacobian and residual is that of a linear problem in them. Rows of nonlinear
numbers, each a multiple of one linear number, and the residual are then brought to the new place
by algebra alone. Translated by `hsjupyter.formula.plain_code`.

Source
------
Golub & Pereyra, SIAM J. Numer. Anal. 10, 413 (1973), doi:10.1137/0710036; Kaufman, BIT 15, 49
(1975), doi:10.1007/BF01932995; the active set of Lawson & Hanson, Solving Least Squares Problems,
ch. 23.
"""

from __future__ import annotations

from hsjupyter.fitting.layout import (
    CHANGE,
    HELD,
    LINEAR,
    LOWER,
    MATRIX,
    N_FREE,
    N_LINEAR,
    OWNER,
    RIGHT,
    SLOTS,
    STEP,
    UPPER,
    WHICH,
)
from hsjupyter.formula.memory import Floats, Integers, ahead, floats, integers, root

SINGULAR_PIVOT = 1e-14  # of a matrix with a unit diagonal


def decompose(a: Floats, n: int) -> bool:
    """Cholesky, in place in the lower triangle, (n, n); False where it is singular.

    The diagonal receives the inverse of its root.
    """
    for j in range(n):
        row = ahead(a, j * n)
        d = row[j]
        limit = SINGULAR_PIVOT * d
        for k in range(j):
            d -= row[k] * row[k]
        if not d > limit:
            return False
        d = 1.0 / root(d)
        row[j] = d
        for i in range(j + 1, n):
            other = ahead(a, i * n)
            v = other[j]
            for k in range(j):
                v -= other[k] * row[k]
            other[j] = v * d
    return True


def substitute(a: Floats, n: int, b: Floats, x: Floats) -> None:
    """Solve with what `decompose` left."""
    for i in range(n):
        v = b[i]
        for k in range(i):
            v -= a[i * n + k] * x[k]
        x[i] = v * a[i * n + i]
    for back in range(n):
        i = n - 1 - back
        v = x[i]
        for k in range(i + 1, n):
            v -= a[k * n + i] * x[k]
        x[i] = v * a[i * n + i]


def at(gram: Floats, m1: int, i: int, j: int) -> float:
    """An item of a symmetric matrix of which the upper triangle is kept."""
    return gram[min(i, j) * m1 + max(i, j)]


def wake(t: Integers, p: Floats) -> None:
    """Linear numbers that are 0 would hide the rows that are their multiples: move them off."""
    slots, linear = integers(t[SLOTS]), integers(t[LINEAR])
    lower, upper = floats(t[LOWER]), floats(t[UPPER])
    for j in range(t[N_LINEAR]):
        k = linear[j]
        if p[slots[k]] == 0.0:
            v = min(max(1.0, lower[k]), upper[k])
            if v == 0.0:
                v = max(-1.0, lower[k])
            p[slots[k]] = v


def solve_linear(t: Integers, s: Integers, p: Floats, gram: Floats) -> bool:
    """The change of the linear numbers that makes chi squared least inside their bounds.

    It goes to CHANGE, by linear number. False where the data do not determine it.
    """
    m1, n, linear, slots = t[N_FREE] + 1, t[N_LINEAR], integers(t[LINEAR]), integers(t[SLOTS])
    lower, upper = floats(t[LOWER]), floats(t[UPPER])
    a, b, x = floats(s[MATRIX]), floats(s[RIGHT]), floats(s[STEP])
    change, held, which = floats(s[CHANGE]), integers(s[HELD]), integers(s[WHICH])
    for j in range(n):
        change[j] = 0.0
        held[j] = 0
    for _ in range(3 * n + 1):
        free = 0
        for j in range(n):
            if held[j] == 0:
                which[free] = j
                free += 1
        for i in range(free):
            k = linear[which[i]]
            size_k = root(gram[k * m1 + k])
            if not size_k > 0.0:
                return False
            for j in range(i):
                other = linear[which[j]]
                size = size_k * root(gram[other * m1 + other])
                a[i * free + j] = at(gram, m1, k, other) / size
            a[i * free + i] = 1.0
            v = gram[k * m1 + m1 - 1]
            for j in range(n):
                if held[j] != 0:
                    v -= at(gram, m1, k, linear[j]) * change[j]
            b[i] = v / size_k
        if not decompose(a, free):
            return False
        substitute(a, free, b, x)
        # How far the way there stays inside of the bounds, and which is met first.
        share, met = 1.0, -1
        for i in range(free):
            j = which[i]
            k = linear[j]
            x[i] /= root(gram[k * m1 + k])
            here, way = p[slots[k]] + change[j], x[i] - change[j]
            room = upper[k] - here if way > 0.0 else lower[k] - here
            if way != 0.0 and room / way < share:
                share, met = max(room / way, 0.0), j
        for i in range(free):
            change[which[i]] += share * (x[i] - change[which[i]])
        if met >= 0:
            k = linear[met]
            up = change[met] > 0.0 or p[slots[k]] >= upper[k]
            held[met] = 1 if up else -1
            change[met] = (upper[k] if up else lower[k]) - p[slots[k]]
            continue
        # All inside: is there a bound that it would rather leave?
        worst, released = 0.0, -1
        for j in range(n):
            if held[j] != 0:
                k = linear[j]
                v = gram[k * m1 + m1 - 1]
                for i in range(n):
                    v -= at(gram, m1, k, linear[i]) * change[i]
                v = v * v / gram[k * m1 + k] if v * held[j] < 0.0 else 0.0
                if v > worst:
                    worst, released = v, j
        if released < 0 or worst <= 1e-14 * gram[m1 * m1 - 1]:
            return True
        held[released] = 0
    return True


def relax(t: Integers, s: Integers, p: Floats, gram: Floats) -> bool:
    """Bring the linear numbers, and with them the Gram matrix, to their best."""
    if not solve_linear(t, s, p, gram):
        return False
    m1, linear, slots = t[N_FREE] + 1, integers(t[LINEAR]), integers(t[SLOTS])
    change, factor = floats(s[CHANGE]), floats(s[RIGHT])
    m = m1 - 1
    last = m1 * m1 - 1
    for j in range(t[N_LINEAR]):  # the residual, by what was and what is its slope
        gram[last] -= change[j] * gram[linear[j] * m1 + m]
    for k in range(m):
        for j in range(t[N_LINEAR]):
            gram[k * m1 + m] -= at(gram, m1, k, linear[j]) * change[j]
    for j in range(t[N_LINEAR]):
        gram[last] -= change[j] * gram[linear[j] * m1 + m]
    owner = integers(t[OWNER])
    for k in range(m):
        factor[k] = 1.0
    for j in range(t[N_LINEAR]):
        before = p[slots[linear[j]]]
        p[slots[linear[j]]] = before + change[j]
        if before != 0.0:
            for k in range(m):
                if owner[k] == linear[j]:
                    factor[k] = p[slots[linear[j]]] / before
    for k in range(m):
        for j in range(k, m):
            gram[k * m1 + j] *= factor[k] * factor[j]
        gram[k * m1 + m] *= factor[k]
    return True
