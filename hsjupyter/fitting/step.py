"""The step of a descent, and what steps tell of the second derivatives.

Translated by `hsjupyter.formula.plain_code`; the words of the arguments are in
`hsjupyter.fitting.layout`.

Source
------
Conn, Gould & Toint, Math. Program. 50, 177 (1991), doi:10.1007/BF01594934 (the symmetric change of
rank one); Dennis, Gay & Welsch, ACM Trans. Math. Softw. 7, 348 (1981), doi:10.1145/355958.355965
(that it is only what a Gram matrix lacks).
"""

from __future__ import annotations

from hsjupyter.fitting.layout import (
    BEND,
    CHANGE,
    HELD,
    LOWER,
    MATRIX,
    N_FREE,
    N_LINEAR,
    N_SLOTS,
    OWNER,
    RIGHT,
    RISE,
    SCALE,
    SLOTS,
    STEP,
    UPPER,
    WAY,
    WHICH,
)
from hsjupyter.fitting.linear_part import at, decompose, substitute
from hsjupyter.formula.memory import Floats, Integers, finite, floats, integers, root

NAN = float("nan")
LEADS_UP = -2.0  # of a step: what the bounds left of it
OWNED_LINEAR = -2  # what OWNER says of the linear numbers themselves


def find_step(t: Integers, s: Integers, p: Floats, gram: Floats, damping: float) -> float:
    """The damped step inside the bounds, and the reduction that it promises.

    STEP holds it, by place in WHICH, whose first word is how many numbers move. A number on a
    bound that would leave it stays. -1 where the matrix is singular; LEADS_UP where bounds cut the
    step, and what is left promises nothing.
    """
    m1, slots = t[N_FREE] + 1, integers(t[SLOTS])
    m = m1 - 1
    scale, which, held = floats(s[SCALE]), integers(s[WHICH]), integers(s[HELD])
    lower, upper, n = floats(t[LOWER]), floats(t[UPPER]), 0
    for k in range(m):
        g, v, d = gram[k * m1 + m], p[slots[k]], gram[k * m1 + k]
        stays = (v <= lower[k] and g < 0.0) or (v >= upper[k] and g > 0.0)
        # Rows of a projected problem change with their linear numbers: what was tells nothing.
        scale[k] = d if t[N_LINEAR] != 0 else max(scale[k], d)
        if not stays and d > 0.0:
            which[1 + n] = k
            n += 1
    which[0] = n
    if n == 0:
        return 0.0
    for i in range(n):
        held[i] = 0
    if not solve(t, s, gram, damping):
        return -1.0
    cut = clip(t, s, p)
    predicted = promised(t, s, gram)
    # What a bound left of a step that numbers make together may lead up: then the others make
    # theirs with those that were cut where these are.
    for _ in range(n):
        if cut == 0 or predicted > 0.0:
            break
        if not solve(t, s, gram, damping):
            return LEADS_UP
        cut = clip(t, s, p)
        predicted = promised(t, s, gram)
    return LEADS_UP if cut != 0 and predicted <= 0.0 else max(predicted, 0.0)


def solve(t: Integers, s: Integers, gram: Floats, damping: float) -> bool:
    """The damped step of the numbers in WHICH, those HELD excepted; whether there is one.

    CHANGE has it, in units of the roots of SCALE.
    """
    m1 = t[N_FREE] + 1
    m, n, free = m1 - 1, integers(s[WHICH])[0], 0
    a, rhs, step, scale = floats(s[MATRIX]), floats(s[RIGHT]), floats(s[STEP]), floats(s[SCALE])
    which, held, owner = integers(s[WHICH]), integers(s[HELD]), integers(t[OWNER])
    bend, size, change = floats(s[BEND]), floats(s[RISE]), floats(s[CHANGE])
    for i in range(n):
        size[i] = 1.0 / root(scale[which[1 + i]])
        free += 1 if held[i] == 0 else 0
    f = 0
    for i in range(n):
        if held[i] != 0:
            continue
        k, column = which[1 + i], 0
        rhs[f] = gram[k * m1 + m]
        for j in range(n):
            low, high = min(k, which[1 + j]), max(k, which[1 + j])
            bent = gram[low * m1 + high] + bend[high * m + low]
            if held[j] != 0:
                rhs[f] -= bent * step[j]
            elif j < i:
                a[f * free + column] = bent * size[i] * size[j]
                column += 1
            elif j == i:
                more = 1e-3 * damping if t[N_LINEAR] != 0 and owner[k] == OWNED_LINEAR else damping
                a[f * free + f] = bent * size[i] * size[i] + more
        rhs[f] *= size[i]
        f += 1
    if not decompose(a, free):
        return False
    substitute(a, free, rhs, change)
    return True


def clip(t: Integers, s: Integers, p: Floats) -> int:
    """Write what the bounds leave of a step; how many more of its numbers they cut."""
    which, held, slots = integers(s[WHICH]), integers(s[HELD]), integers(t[SLOTS])
    step, scale, change = floats(s[STEP]), floats(s[SCALE]), floats(s[CHANGE])
    lower, upper = floats(t[LOWER]), floats(t[UPPER])
    cut, f = 0, 0
    for i in range(which[0]):
        if held[i] != 0:
            continue
        k = which[1 + i]
        v = p[slots[k]]
        whole = v + change[f] / root(scale[k])
        to = min(max(whole, lower[k]), upper[k])
        step[i] = to - v
        f += 1
        if to != whole:
            held[i] = 1
            cut += 1
    return cut


def promised(t: Integers, s: Integers, gram: Floats) -> float:
    """The reduction that a step promises."""
    m1, which = t[N_FREE] + 1, integers(s[WHICH])
    m, step, bend, predicted = m1 - 1, floats(s[STEP]), floats(s[BEND]), 0.0
    for i in range(which[0]):
        k = which[1 + i]
        change = 2.0 * gram[k * m1 + m] - step[i] * (gram[k * m1 + k] + bend[k * m + k])
        for j in range(i):
            other = which[1 + j]
            change -= 2.0 * step[j] * (gram[other * m1 + k] + bend[k * m + other])
        predicted += step[i] * change
    return predicted


def straighten(t: Integers, s: Integers) -> None:
    """Forget what was learnt of second derivatives."""
    bend = floats(s[BEND])
    for k in range(t[N_FREE] * t[N_FREE]):
        bend[k] = 0.0


def learn(t: Integers, s: Integers, p: Floats, old: Floats, gram: Floats) -> None:
    """What a step says of the second derivatives that the Gram matrix lacks.

    The slope at its end is not what the matrix led to expect; the symmetric change of rank one
    that explains it is added. WAY and RISE are overwritten.
    """
    m1, slots = t[N_FREE] + 1, integers(t[SLOTS])
    m = m1 - 1
    bend, way, rest = floats(s[BEND]), floats(s[WAY]), floats(s[RISE])
    for k in range(m):
        way[k] = p[slots[k]] - way[k]
    product, length, size = 0.0, 0.0, 0.0
    for k in range(m):
        v = old[k * m1 + m] - gram[k * m1 + m]
        for j in range(m):
            v -= (at(gram, m1, k, j) + bend[k * m + j]) * way[j]
        rest[k] = v
        product += v * way[k]
        if gram[k * m1 + k] > 0.0:
            length += way[k] * way[k] * gram[k * m1 + k]
            size += v * v / gram[k * m1 + k]
    # In units of deviations; a step that says little is not listened to.
    if not abs(product) < 0.5 * length:
        straighten(t, s)
        return
    if not abs(product) > 1e-2 * root(length * size):
        return
    for k in range(m):
        for j in range(m):
            bend[k * m + j] += rest[k] * rest[j] / product


def move(t: Integers, s: Integers, p: Floats, to: Floats) -> None:
    """Write the place that a step leads to."""
    which, slots, step = integers(s[WHICH]), integers(t[SLOTS]), floats(s[STEP])
    copy(t, p, to)
    for i in range(which[0]):
        to[slots[which[1 + i]]] += step[i]


def copy(t: Integers, p: Floats, to: Floats) -> None:
    """Write the numbers of one place to another."""
    for k in range(t[N_SLOTS]):
        to[k] = p[k]


def deviations(t: Integers, s: Integers, p: Floats, gram: Floats, out: Floats) -> None:
    """Roots of the diagonal of the inverse of J^T J; NaN on a bound and where it is singular."""
    m1, slots = t[N_FREE] + 1, integers(t[SLOTS])
    a, size, which = floats(s[MATRIX]), floats(s[RIGHT]), integers(s[WHICH])
    x, lower, upper = floats(s[STEP]), floats(t[LOWER]), floats(t[UPPER])
    n = 0
    for k in range(m1 - 1):
        out[k] = NAN
        v, d = p[slots[k]], gram[k * m1 + k]
        near = 1e-9 * max(abs(v), 1e-300)
        if v - lower[k] > near and upper[k] - v > near and d > 0.0 and finite(d):
            which[n] = k
            size[n] = 1.0 / root(d)
            n += 1
    for i in range(n):
        for j in range(i):
            a[i * n + j] = at(gram, m1, which[i], which[j]) * size[i] * size[j]
        a[i * n + i] = 1.0
    if not decompose(a, n):
        return
    # Columns of the inverse of the triangle; their squares are the diagonal that is wanted.
    for j in range(n):
        total = 0.0
        for i in range(j, n):
            u = 1.0 if i == j else 0.0
            for k in range(j, i):
                u -= a[i * n + k] * x[k]
            x[i] = u * a[i * n + i]
            total += x[i] * x[i]
        out[which[j]] = root(total) * size[j]
