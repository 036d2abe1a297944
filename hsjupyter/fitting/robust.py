"""Huber's loss over a block of channels.

Arguments as of the Poisson deviance in `hsjupyter.fitting.counts`: r holds the weighted data less
model; out[3] is where squares become absolute values. Translated by `hsjupyter.formula.plain_code`.
The same terms as `hsjupyter.fitting.losses.Huber`.
"""

from __future__ import annotations

from hsjupyter.formula.memory import Floats, root


def huber(_y: Floats, r: Floats, weights: Floats, n: int, out: Floats) -> None:
    """Roots of what holds large residuals, so that their squares touch the loss from above."""
    delta, total, squares = out[3], 0.0, 0.0
    for i in range(n):
        size = abs(r[i])
        outside = max(size, delta)
        hold = root(delta / outside)
        total += min(size, delta) * (2.0 * size - min(size, delta))
        squares += size * size
        weights[i] = hold
        r[i] *= hold
    out[0] += total
    out[1] += squares


def huber_end(_y: Floats, r: Floats, weights: Floats, n: int, out: Floats) -> None:
    """What errors come from: the curvature, which is 0 for large residuals, and those held."""
    delta, total, squares, inside = out[3], 0.0, 0.0, 0.0
    for i in range(n):
        size = abs(r[i])
        held = min(size, delta)
        one = 1.0 if size <= delta else 0.0
        total += held * held
        squares += size * size
        inside += one
        weights[i] = one
        r[i] *= one
    out[0] += total
    out[1] += squares
    out[2] += inside
