"""A map of two peaks, what may be done to it, and its fit by other ways than the drivers."""

import numpy as np

import hsjupyter.api as hs
from hsjupyter.fitting import alone, objective, solve
from hsjupyter.fitting.jobs import Job
from hsjupyter.fitting.losses import LOSSES

c1 = hs.model.components1D


def peaks(n=24, *, seed=0, channels=150, offset=3.0):
    """A map of two overlapping peaks on a constant; the truth is smooth."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 30, channels)
    k = (np.arange(n) % 24)[:, np.newaxis]
    y = 40 * np.exp(-((x - 10 - 0.1 * k) ** 2) / 8) + (20 + k) * np.exp(-((x - 17) ** 2) / 5)
    s = hs.signals.Signal1D(y + offset + rng.normal(0, 1, y.shape))
    s.axes_manager[-1].scale = x[1]
    m = s.create_model()
    m.extend([c1.Gaussian(A=150, sigma=2.5, centre=10), c1.Gaussian(A=100, sigma=2, centre=17.5)])
    m.append(c1.Offset(1))
    return m


def weighted(m):
    m.signal.set_noise_variance(1.7)


def weighted_by_channel(m):
    m.signal.set_noise_variance(hs.signals.Signal1D(np.linspace(0.5, 2, 150)))


def weighted_by_pixel(m):
    v = np.abs(m.signal.data) * 0.1 + 1
    m.signal.set_noise_variance(hs.signals.Signal1D(v))


def bounded(m):
    m[0].centre.set_bounds(9, 11)
    m[1].sigma.set_bounds(1.7, 5)


def fixed(m):
    m[0].sigma.free = False
    m[2].offset.free = False


def twinned(m):
    m[1].sigma.twin_function_expr = "x / 1.26"
    m[1].sigma.twin = m[0].sigma
    m[1].centre.twin_function_expr = "Gaussian.centre + 2 * Gaussian.sigma + Offset.offset"


def chained(m):
    third = c1.Gaussian(A=60, sigma=1.4, centre=25)
    m.signal.data = m.signal.data + third.function(m.axes_manager[-1].axis)
    m.append(third)
    m[1].sigma.twin = m[0].sigma
    m[3].sigma.twin_function_expr = "sqrt(x)"
    m[3].sigma.twin = m[1].sigma


def binned(m):
    m.signal.axes_manager[-1].is_binned = True


def ranged(m):
    m.set_signal_range(4.0, 26.0)
    m.remove_signal_range(12.0, 13.0)


def by_pixel(m):
    m[1].active_is_multidimensional = True
    m[1]._active_array[::3] = False


def other_shapes(m):
    m.remove("Offset")
    line = c1.Lorentzian(A=60, gamma=0.8, centre=24)
    law = c1.PowerLaw(A=90, r=1.5, origin=-3)
    step = c1.Expression("h / (1 + exp(-(x - c) / w))", "step", h=12, c=4, w=0.4)
    x = m.axes_manager[-1].axis
    m.signal.data = m.signal.data + sum(c.function(x) for c in (line, law, step))
    law.r.set_bounds(1, 3)
    step.w.free = False
    m.extend([line, law, step, c1.Polynomial(order=2)])
    m["Polynomial"].coefficients.free = False


def narrow_numbers(m):
    m.signal.data = m.signal.data.astype(np.float32)


def counts(m):
    m.signal.data = np.maximum(m.signal.data, 0).round().astype(np.uint16)


def voigts(m):
    line = c1.Voigt(area=80, sigma=0.8, gamma=0.5, centre=24)
    m.signal.data = m.signal.data + line.function(m.axes_manager[-1].axis)
    m.append(line)


KINDS = [
    voigts,
    weighted,
    weighted_by_channel,
    weighted_by_pixel,
    bounded,
    fixed,
    twinned,
    chained,
    binned,
]
KINDS += [ranged, by_pixel, other_shapes, narrow_numbers, counts]


def without_kernels(monkeypatch):
    """From now on one pixel after another, by numpy and MINPACK."""
    monkeypatch.setattr(solve, "BATCHED", {})
    for room in (alone, objective):
        monkeypatch.setattr(room, "is_compiled", lambda _plan: False)


def job_of(m, plan, optimizer="leastsq", loss="ls", **options):
    n = int(np.prod(m.maps.shape))
    many = np.array([c.active_is_multidimensional for c in m])
    active = np.where(many, m.maps.active.reshape(n, -1), plan.active)
    starts = np.full((n, len(plan.start)), np.nan)
    return Job(np.arange(n), starts, active, optimizer, options, LOSSES.get(loss, loss))
