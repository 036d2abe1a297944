"""Maps with a known truth, the same rough start at every pixel, Poisson noise, fixed seeds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOT = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True)
class Workload:
    """A map, the component types of its model with their parameters, and bounds.

    Attributes
    ----------
    name : str
    axes : tuple of ndarray
        Positions of the channels; one axis for spectra, x and y for images.
    data : ndarray, (ny, nx, sig...)
    components : list of (str, dict)
        Type and starting values, as both hsjupyter and HyperSpy know them.
    bounds : dict
        ``(component, parameter)`` to a pair.
    """

    name: str
    axes: tuple[Array, ...]
    data: Array
    components: list[tuple[str, dict[str, float]]]
    bounds: dict[tuple[int, str], tuple[float, float]]

    def model(self, api: Any, pixels: NDArray[np.intp] | None = None) -> Any:
        """The model in hsjupyter, or in HyperSpy, of some pixels (flat indices) or of all."""
        data = self.data
        if pixels is not None:
            data = data.reshape(-1, *data.shape[2:])[pixels]
        kind = api.signals.Signal1D if len(self.axes) == 1 else api.signals.Signal2D
        signal = kind(data.copy())
        for axis, positions in zip(signal.axes_manager.signal_axes, self.axes, strict=True):
            axis.offset, axis.scale = float(positions[0]), float(positions[1] - positions[0])
        model = signal.create_model()
        space = api.model.components1D if len(self.axes) == 1 else api.model.components2D
        for k, (name, values) in enumerate(self.components):
            order = {"order": len(values) - 1} if name == "Polynomial" else {}
            component = getattr(space, name)(**order)
            model.append(component)
            _start(component, name, values)
            for (which, parameter), (low, high) in self.bounds.items():
                if which == k:
                    getattr(component, parameter).bmin = low
                    getattr(component, parameter).bmax = high
        return model


def _start(component: Any, name: str, values: dict[str, float]) -> None:
    if name == "Polynomial" and hasattr(component, "coefficients"):
        component.coefficients.value = tuple(reversed(list(values.values())))
        return
    for parameter, value in values.items():
        getattr(component, parameter).value = value
    if name == "PowerLaw":
        for fixed in ("origin", "left_cutoff"):
            getattr(component, fixed).free = False
    if name == "Gaussian2D" and hasattr(component, "rotation_angle"):
        component.rotation_angle.free = False


def _gauss(x: Array, A: Array, s: Array, c: Array) -> Array:
    return A / (s * ROOT) * np.exp(-0.5 * ((x - c) / s) ** 2)


def _places(n: int) -> tuple[Array, Array]:
    v, u = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij")
    return u[..., np.newaxis], v[..., np.newaxis]


def one_gaussian(n: int = 64) -> Workload:
    """W1: a Gaussian on a constant; 4 free numbers, 1024 channels."""
    u, v = _places(n)
    x = np.arange(1024.0)
    s, c = 30 + 8 * np.sin(2 * u + v), 512 + 60 * np.cos(1.5 * v) * u
    h, o = 150 + 60 * np.cos(2 * u) * np.cos(v), 20 + 6 * np.sin(3 * v)
    data = np.random.default_rng(1).poisson(_gauss(x, h * s * ROOT, s, c) + o).astype(float)
    start = [("Gaussian", {"A": 4500 * ROOT, "sigma": 45.0, "centre": 500.0})]
    start.append(("Offset", {"offset": 10.0}))
    bounds = {(0, "A"): (0.0, 1e9), (0, "sigma"): (1.0, 500.0), (0, "centre"): (0.0, 1023.0)}
    return Workload("W1 Gaussian + Offset", (x,), data, start, bounds)


def three_gaussians(n: int = 64) -> Workload:
    """W2: three overlapping Gaussians on a power law; 11 free numbers with bounds."""
    u, v = _places(n)
    x = 200 + np.arange(1024.0)
    f = 600 * (1 + 0.2 * v) * (x / 200) ** -(2.0 + 0.15 * u)
    start, bounds = [], {}
    lines = ((220, 28, 520, 510), (160, 22, 585, 590), (260, 35, 660, 670))
    for k, (h, s, c, begin) in enumerate(lines):
        width = s * (1 + 0.12 * np.sin(u + 2 * v + c))
        height = h * (1 + 0.3 * np.cos(2 * u + v + s))
        f = f + _gauss(x, height * width * ROOT, width, c + 8 * np.cos(2 * u - v + c))
        start.append(("Gaussian", {"A": 150 * 25 * ROOT, "sigma": 25.0, "centre": float(begin)}))
        bounds[k, "A"], bounds[k, "sigma"] = (0.0, 1e6), (5.0, 80.0)
        bounds[k, "centre"] = ((480.0, 560.0), (550.0, 625.0), (620.0, 720.0))[k]
    start.append(("PowerLaw", {"A": 400 * 200**1.8, "r": 1.8}))
    bounds[3, "A"], bounds[3, "r"] = (0.0, 1e12), (0.5, 5.0)
    data = np.random.default_rng(2).poisson(f).astype(float)
    return Workload("W2 3 Gaussians + PowerLaw", (x,), data, start, bounds)


def gaussian_images(n: int = 32) -> Workload:
    """W3: a Gaussian spot in images of 24 x 24; 5 free numbers."""
    u, v = (a[..., np.newaxis] for a in _places(n))
    x = np.arange(24.0)
    cx, cy = 11.5 + 2 * np.sin(2 * u + v), 11.5 + 2 * np.cos(u - 2 * v)
    sx, sy, h = 3 + 0.6 * u, 2.4 + 0.5 * v, 300 * (1 + 0.3 * u * v)
    f = h * np.exp(-0.5 * ((x - cx) / sx) ** 2 - 0.5 * ((x[:, np.newaxis] - cy) / sy) ** 2)
    data = np.random.default_rng(3).poisson(f).astype(float)
    values = {"A": 200 * 2 * np.pi * 16, "centre_x": 10.5, "centre_y": 12.5}
    start = [("Gaussian2D", {**values, "sigma_x": 4.0, "sigma_y": 4.0})]
    bounds = {(0, "A"): (0.0, 1e9), (0, "sigma_x"): (0.3, 30.0), (0, "sigma_y"): (0.3, 30.0)}
    bounds |= {(0, "centre_x"): (-5.0, 30.0), (0, "centre_y"): (-5.0, 30.0)}
    return Workload("W3 Gaussian2D", (x, x), data, start, bounds)


def four_lines(n: int = 64) -> Workload:
    """W4: a Lorentzian and two Gaussians on a parabola; 12 free numbers, 2048 channels."""
    u, v = _places(n)
    x = 0.01 * np.arange(2048)
    g, c = 0.5 * (1 + 0.15 * v), 6 + 0.3 * np.sin(u + v)
    f = 60 * 0.5 * (1 + 0.2 * u) * g / ((x - c) ** 2 + g**2)
    s1, s2 = 0.8 * (1 + 0.1 * u), 0.6 * (1 + 0.1 * v)
    f = f + _gauss(x, 200 * 0.8 * ROOT * (1 + 0.2 * v), s1, 10.5 + 0.3 * np.cos(v))
    f = f + _gauss(x, 120 * 0.6 * ROOT * (1 + 0.2 * u * v), s2, 14 + 0.25 * np.sin(2 * u))
    f = f + 0.08 * (1 + 0.1 * u) * x**2 + (-2.2 + 0.2 * v) * x + 60 + 5 * u
    data = np.random.default_rng(4).poisson(f).astype(float)
    start = [("Lorentzian", {"A": 50 * np.pi * 0.7, "gamma": 0.7, "centre": 5.8})]
    start.append(("Gaussian", {"A": 150 * ROOT, "sigma": 1.0, "centre": 10.3}))
    start.append(("Gaussian", {"A": 100 * 0.8 * ROOT, "sigma": 0.8, "centre": 14.2}))
    start.append(("Polynomial", {"a0": 40.0, "a1": -1.0, "a2": 0.0}))
    bounds = {(k, "A"): (0.0, 1e5) for k in range(3)}
    bounds |= {(0, "gamma"): (0.05, 5.0), (1, "sigma"): (0.1, 5.0), (2, "sigma"): (0.1, 5.0)}
    bounds |= {(0, "centre"): (4.0, 8.0), (1, "centre"): (8.5, 12.5), (2, "centre"): (12.5, 16.0)}
    return Workload("W4 Lorentzian + 2 Gaussians + parabola", (x,), data, start, bounds)


def many_lines(n: int = 16, lines: int = 12) -> Workload:
    """W5: narrow X-ray lines on a parabola; 39 free numbers with 12 lines, 2048 channels."""
    u, v = _places(n)
    x = 0.01 * np.arange(2048)
    f = 30 + 2 * u + 0.5 * x - 0.02 * x**2
    start = []
    for k in range(lines):
        c, s = 0.8 + 18.8 * k / lines + 0.2 * np.sin(3.0 * k), 0.04 + 0.0025 * k
        height = 250 * (1 + 0.3 * np.cos(u * (1 + k % 3) + v + k))
        width = s * (1 + 0.05 * u)
        f = f + _gauss(x, height * width * ROOT, width, c + 0.01 * v)
        values = {"A": 200 * s * ROOT, "sigma": 1.15 * s, "centre": float(c) + 0.015}
        start.append(("Gaussian", values))
    start.append(("Polynomial", {"a0": 25.0, "a1": 0.0, "a2": 0.0}))
    data = np.random.default_rng(5).poisson(f).astype(float)
    return Workload(f"W5 {lines} lines + parabola", (x,), data, start, {})


WORKLOADS: dict[str, Callable[[], Workload]] = {
    "W1": one_gaussian,
    "W2": three_gaussians,
    "W3": gaussian_images,
    "W4": four_lines,
    "W5": many_lines,
}
