"""Problems for every optimizer: a model of ours, and the same line in plain numpy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import hsjupyter.api as hs

c1, c2 = hs.model.components1D, hs.model.components2D
X = np.linspace(0, 20, 60)
ROOT = np.sqrt(2 * np.pi)


def gauss(x, A, sigma, centre):
    return A / (sigma * ROOT) * np.exp(-((x - centre) ** 2) / (2 * sigma**2))


@dataclass(frozen=True, eq=False)
class Problem:
    """A model ready to fit, and what scipy needs to solve it by itself.

    Attributes
    ----------
    model : Model1D or Model2D
    line : callable
        ``line(p)`` -> (channel,), in plain numpy.
    start : list of float
        In the order of ``p``, which is that of the free parameters.
    roots : ndarray or float
        Roots of the weights.
    bounds : list of (float, float)
        Every one is wide, so that searches know where to look and nothing is cut off.
    loss : str
    """

    model: object
    line: Callable
    start: list
    bounds: list
    roots: object = 1.0
    loss: str = "ls"

    @property
    def data(self):
        return np.asarray(self.model.signal.data, dtype=float).ravel()


def spectrum(clean, *, seed=0, noise=1.0, counts=False, **axis):
    rng = np.random.default_rng(seed)
    y = rng.poisson(clean) if counts else clean + rng.normal(0, noise, clean.shape)
    return hs.signals.Signal1D(y.astype(float), axes=[{"axis": X, **axis}])


def bound(model, bounds):
    for p, (low, high) in zip([p for p in model.parameters if p.free], bounds, strict=True):
        p.set_bounds(low, high)
    return model


def peak(loss="ls"):
    clean = gauss(X, 400, 1.5, 9) + 12
    m = spectrum(clean, counts=True).create_model()
    m.extend([c1.Gaussian(A=330, sigma=1.8, centre=8.6), c1.Offset(8.0)])
    bounds = [(10, 2000), (0.5, 5), (5, 15), (0.1, 50)]
    return Problem(
        bound(m, bounds),
        lambda p: gauss(X, *p[:3]) + p[3],
        [330, 1.8, 8.6, 8.0],
        bounds,
        loss=loss,
    )


def weighted_decay():
    variance = np.linspace(0.5, 2, len(X))
    s = spectrum(12 * np.exp(-X / 3) + 1)
    s.set_noise_variance(hs.signals.Signal1D(variance))
    m = s.create_model()
    m.append(c1.Expression("A*exp(-x/tau)+b", "Decay", A=10.0, tau=2.0, b=0.5))
    bounds = [(1, 100), (-5, 5), (0.5, 20)]  # A, b, tau: by name
    named = [m[0].A, m[0].b, m[0].tau]
    for p, (low, high) in zip(named, bounds, strict=True):
        p.set_bounds(low, high)
    names = [p.name for p in m[0].parameters]
    order = [["A", "b", "tau"].index(n) for n in names]

    def line(p):
        q = dict(zip(names, p, strict=True))
        return q["A"] * np.exp(-X / q["tau"]) + q["b"]

    start = [p.value for p in m[0].parameters]
    return Problem(m, line, start, [bounds[k] for k in order], roots=variance**-0.5)


def twinned_pair():
    clean = gauss(X, 300, 1.0, 7) + gauss(X, 150, 2.0, 11)
    m = spectrum(clean, noise=2.0).create_model()
    m.extend([c1.Gaussian(A=250, sigma=1.2, centre=7.2), c1.Gaussian(A=120, centre=11.3)])
    m[1].sigma.twin_function_expr = "2*x"
    m[1].sigma.twin = m[0].sigma
    m[1].sigma.free = False
    bounds = [(10, 2000), (0.3, 4), (4, 9), (10, 2000), (9.5, 15)]
    free = [m[0].A, m[0].sigma, m[0].centre, m[1].A, m[1].centre]
    for p, (low, high) in zip(free, bounds, strict=True):
        p.set_bounds(low, high)

    def line(p):
        return gauss(X, *p[:3]) + gauss(X, p[3], 2 * p[1], p[4])

    return Problem(m, line, [250, 1.2, 7.2, 120, 11.3], bounds)


def binned():
    width = X[1] - X[0]
    m = spectrum(width * gauss(X, 3000, 2.0, 10), counts=True, is_binned=True).create_model()
    m.append(c1.Gaussian(A=2500, sigma=2.4, centre=9.5))
    bounds = [(10, 20000), (0.5, 6), (5, 15)]
    return Problem(bound(m, bounds), lambda p: width * gauss(X, *p), [2500, 2.4, 9.5], bounds)


def image():
    y, x = np.mgrid[:12, :14].astype(float)

    def line(p):
        A, sx, sy, cx, cy = p
        peak = A / (2 * np.pi * sx * sy)
        return (peak * np.exp(-((x - cx) ** 2) / (2 * sx**2) - (y - cy) ** 2 / (2 * sy**2))).ravel()

    data = line([200, 2.0, 1.5, 6, 5]) + np.random.default_rng(0).normal(0, 0.5, x.size)
    m = hs.signals.Signal2D(data.reshape(x.shape)).create_model()
    m.append(c2.Gaussian2D(A=150, sigma_x=2.5, sigma_y=1.8, centre_x=6.5, centre_y=5.3))
    free = [m[0].A, m[0].sigma_x, m[0].sigma_y, m[0].centre_x, m[0].centre_y]
    assert [p for p in m.parameters if p.free] == free
    bounds = [(10, 1000), (0.5, 6), (0.5, 6), (2, 10), (2, 10)]
    return Problem(bound(m, bounds), line, [150, 2.5, 1.8, 6.5, 5.3], bounds)


def straight():
    clean = 3 * X + 5
    m = spectrum(clean).create_model()
    m.append(c1.Expression("a*x+b", "Line", a=1.0, b=1.0))
    bounds = [(-10, 10), (-50, 50)]
    return Problem(bound(m, bounds), lambda p: p[0] * X + p[1], [1.0, 1.0], bounds)


PROBLEMS = {
    "peak": peak,
    "decay, weighted": weighted_decay,
    "twins": twinned_pair,
    "binned": binned,
    "image": image,
    "line": straight,
    "counts": lambda: peak("ML-poisson"),
    "outliers": lambda: peak("huber"),
}
LINEAR = {"line"}
