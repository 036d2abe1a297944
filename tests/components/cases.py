"""The table that drives the tests of every component: a new one joins by a row."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.special import erf, erfc, voigt_profile
from scipy.stats import norm, skewnorm


@dataclass(frozen=True)
class Case:
    """What is known of a component from outside.

    `x` and `y` come from a closed form worked by hand or from another package; `integral` is the
    area between the ends of `over`. Parameters of `fixed` cannot be told from data, `window` is
    where the others can, and `hyperspy` the names that HyperSpy has for ours; None where its
    component cannot be made or is another (`test_differences.py` says how).
    """

    name: str
    values: dict[str, Any]
    x: list[float]
    y: list[float]
    init: dict[str, Any] = field(default_factory=dict)
    integral: float | None = None
    over: tuple[float, float] = (-50.0, 50.0)
    rtol: float = 1e-6
    hyperspy: dict[str, str] | None = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    window: tuple[float, float] | None = None

    def make(self):
        """The component, with the values of the row."""
        import hsjupyter.api as hs

        component = getattr(hs.model.components1D, self.name)(**self.init)
        for name, value in self.values.items():
            getattr(component, name).value = value
        for name in self.fixed:
            getattr(component, name).free = False
        return component

    def axis(self) -> np.ndarray:
        """Channels over the middle of the case, off the ends where a shape may be steep."""
        return np.linspace(*(self.window or (min(self.x) - 2.03, max(self.x) + 2.01)), 160)

    def __str__(self) -> str:
        return self.name


def broadened_emission(x):
    """The emission of the row of SEE at one place, by scipy's quadrature."""

    def part(u):
        gauss = np.exp(-2 * (x - 4 - u) ** 2) / np.sqrt(np.pi / 2)
        return 100 * u / (u + 3) ** 4 * gauss

    return quad(part, 0, 20, points=[max(x - 4, 0.1), 1.0], epsabs=0, epsrel=1e-13, limit=400)[0]


def pseudo_voigt(x, sigma):
    """Half of the row of SplitVoigt, of area 1 on both sides."""
    gauss, cauchy = np.exp(-(x**2) / 2 / sigma**2), 1 / (1 + (x / sigma) ** 2)
    return (0.7 * gauss / np.sqrt(2 * np.pi) + 0.3 * cauchy / np.pi) / sigma


def asymmetric(u, power):
    """The complex line of the row of Doniach: its real part for -0.8, of its integral for 0.2."""
    return np.exp(0.1j * np.pi) * (1.5 - 1j * u) ** power


PEAK = 2.0 / (0.5 * np.sqrt(2 * np.pi))
CORE = 3.0 * np.sqrt(np.pi / np.log(2))  # the area of the row of PESCoreLineShape
DRUDE = np.sqrt(256.0**2 - (256 - 4.5) ** 2)  # the root in the integral of 1 / (u² - 2bu + c)

CASES = [
    Case(
        "Gaussian",
        {"A": 2.0, "sigma": 0.5, "centre": 1.0},
        x=[1.0, 1.5, 0.0],
        y=[PEAK, PEAK * np.exp(-0.5), PEAK * np.exp(-2.0)],
        integral=2.0,
    ),
    Case(
        "Lorentzian",
        {"A": 2.0, "gamma": 0.5, "centre": 1.0},
        x=[1.0, 1.5, 0.5],
        y=[4 / np.pi, 2 / np.pi, 2 / np.pi],
        integral=2.0,
        over=(-2000, 2002),
        rtol=1e-3,
    ),
    Case(
        "PowerLaw",
        {"A": 8.0, "r": 3.0, "origin": 1.0, "left_cutoff": 2.0},
        x=[0.0, 1.0, 2.0, 3.0, 5.0],
        y=[0.0, 0.0, 0.0, 1.0, 0.125],
        integral=8.0 / 2 * (1.0 - 1 / 400**2),
        over=(2.0, 401.0),
    ),
    Case("Offset", {"offset": -3.5}, x=[0.0, 7.0], y=[-3.5, -3.5], integral=-350.0),
    Case(
        "Polynomial",
        {"coefficients": (2.0, -1.0, 0.5, 3.0)},
        init={"order": 3},
        x=[0.0, 1.0, -2.0],
        y=[3.0, 4.5, -18.0],
        integral=100 * 3.0 - 2 * 50.0**3 / 3,
        hyperspy=None,
    ),
    Case(
        "Exponential",
        {"A": 4.0, "tau": 2.0},
        x=[0.0, 2.0, -2.0],
        y=[4.0, 4 / np.e, 4 * np.e],
        integral=8.0 * (1 - np.exp(-25.0)),
        over=(0.0, 50.0),
    ),
    Case(
        "Expression",
        {"height": 3.0, "x0": 1.0, "fwhm": 2.0},
        init={
            "expression": "height * exp(-(x - x0) ** 2 * 4 * log(2)/ fwhm ** 2)",
            "name": "GaussianHF",
            "position": "x0",
        },
        x=[1.0, 2.0, 0.0],
        y=[3.0, 1.5, 1.5],
        integral=3.0 * 2.0 * np.sqrt(np.pi / np.log(2)) / 2,
        hyperspy=None,
    ),
    Case(
        "EELSCLEdge",
        # Splines that are all alike are their common value: over the fine structure the line is
        # intensity times coefficient.
        {"intensity": 2.0, "fine_structure_coeff": (100.0,) * 7},
        init={
            "element_subshell": "C_K",
            "E0": 200.0,
            "convergence_angle": 5.0,
            "collection_angle": 10.0,
            "fine_structure_active": True,
            "fine_structure_width": 10.0,
        },
        x=[285.0, 288.5, 293.0],
        y=[200.0, 200.0, 200.0],
        integral=2000.0,
        over=(280.0, 293.8),
        hyperspy=None,
    ),
    Case(
        "VolumePlasmonDrude",
        {"intensity": 2.0, "plasmon_energy": 16.0, "fwhm": 3.0},
        x=[-1.0, 0.0, 16.0, 8.0],
        y=[0.0, 0.0, 2 * 16 / 3, 2 * 256 * 24 / ((256 - 64) ** 2 + 24**2)],
        integral=2 * 256 * 3 / (2 * DRUDE) * (np.pi / 2 + np.arctan((256 - 4.5) / DRUDE)),
        over=(-10.0, 2e4),
    ),
    Case(
        "DoublePowerLaw",
        {"A": 8e3, "r": 3.0, "ratio": 0.5},
        x=[30.0, 40.0, 60.0],
        y=[8e3 * (a**-3 + 0.5 * b**-3) for a, b in ((30.0, 10.0), (40.0, 20.0), (60.0, 40.0))],
        integral=4e3 * (30.0**-2 - 500.0**-2) + 2e3 * (10.0**-2 - 480.0**-2),
        over=(30.0, 500.0),
    ),
    Case(
        "EELSArctan",
        {"A": 2.0, "k": 0.5, "x0": 3.0},
        x=[3.0, 5.0, 1.0],
        y=[np.pi, np.pi * 3 / 2, np.pi / 2],
        integral=2.0 * 100 * np.pi / 2,
        over=(-47.0, 53.0),
    ),
    Case(
        "SEE",
        {"A": 100.0, "Phi": 4.0, "B": 3.0, "sigma": 0.5},
        x=[3.0, 4.0, 5.0, 7.0],
        y=[broadened_emission(x) for x in (3.0, 4.0, 5.0, 7.0)],
        integral=100 / (6 * 3.0**2),
        over=(-1.0, 4e3),
        rtol=1e-5,
        hyperspy=None,
    ),
    Case(
        "GaussianHF",
        {"height": 3.0, "fwhm": 2.0, "centre": 1.0},
        x=[1.0, 2.0, 0.0],
        y=[3.0, 1.5, 1.5],
        integral=3.0 * 2.0 * np.sqrt(np.pi / np.log(2)) / 2,
    ),
    Case(
        "Voigt",
        {"centre": 1.0, "area": 2.0, "gamma": 0.5, "sigma": 0.7},
        x=[1.0, 2.0, -4.0, 7.0],
        y=[2 * voigt_profile(x - 1, 0.7, 0.5) for x in (1.0, 2.0, -4.0, 7.0)],
        integral=2.0,
        over=(-2000, 2002),
        rtol=1e-3,
    ),
    Case(
        "SplitVoigt",
        {"A": 2.0, "sigma1": 0.5, "sigma2": 1.2, "fraction": 0.3, "centre": 1.0},
        x=[1.0, 0.5, -3.0, 2.2, 6.0],
        y=[4 * 0.5 / 1.7 * pseudo_voigt(x - 1, 0.5) for x in (1.0, 0.5, -3.0)]
        + [4 * 1.2 / 1.7 * pseudo_voigt(x - 1, 1.2) for x in (2.2, 6.0)],
        integral=2.0,
        over=(-2000, 2002),
        rtol=1e-3,
    ),
    Case(
        "SkewNormal",
        {"x0": 1.0, "A": 2.0, "scale": 0.8, "shape": 3.0},
        x=[0.5, 1.0, 1.7, 3.0],
        y=[1.6 * skewnorm.pdf(x, 3, 1, 0.8) for x in (0.5, 1.0, 1.7, 3.0)],
        integral=1.6,
    ),
    Case(
        "Doniach",
        {"centre": 0.5, "A": 2.0, "sigma": 1.5, "alpha": 0.2},
        x=[0.5, 0.5 + 1.5 * np.tan(np.pi / 18), -8.0, 9.0],
        y=[2 * 1.5**-0.8 * np.cos(np.pi / 18) ** 1.8, 2 * 1.5**-0.8 * np.cos(0.1 * np.pi)]
        + [2 * asymmetric(x - 0.5 - 1.5 * np.tan(np.pi / 18), -0.8).real for x in (-8.0, 9.0)],
        integral=2 / 0.2 * (1j * (asymmetric(50.0, 0.2) - asymmetric(-50.0, 0.2))).real,
        over=tuple(0.5 + 1.5 * np.tan(np.pi / 18) + np.array([-50.0, 50.0])),
        hyperspy=None,
    ),
    Case(
        "Erf",
        {"A": 3.0, "sigma": 0.8, "origin": 1.0},
        x=[1.0, 1.8, -1.0],
        y=[0.0, 1.5 * erf(np.sqrt(0.5)), 1.5 - 3 * norm.cdf(2.5)],
        integral=1.5 * (50 - 0.8 * np.sqrt(2 / np.pi)),
        over=(1.0, 51.0),
    ),
    Case(
        "Arctan",
        {"A": 2.0, "k": 0.5, "x0": 3.0},
        x=[3.0, 5.0, 1.0],
        y=[0.0, np.pi / 2, -np.pi / 2],
        integral=2.0 * (10 * np.arctan(5.0) - np.log(26.0)),
        over=(3.0, 13.0),
    ),
    Case(
        "HeavisideStep",
        {"A": 3.0, "n": 1.0},
        x=[0.5, 1.0, 1.5],
        y=[0.0, 1.5, 3.0],
        integral=30.0,
        over=(-9.0, 11.0),
        fixed=("n",),
    ),
    Case(
        "Logistic",
        {"a": 3.0, "b": 2.0, "c": 1.5, "origin": 0.5},
        x=[0.5, 0.5 + np.log(2) / 1.5, -2.0, 3.0],
        y=[1.0, 1.5, 3 / (1 + 2 * np.exp(3.75)), 3 / (1 + 2 * np.exp(-3.75))],
        integral=2.0 * np.log((2 + np.exp(7.5)) / (2 + np.exp(-7.5))),
        over=(-4.5, 5.5),
        fixed=("b",),
    ),
    Case(
        "Bleasdale",
        {"a": 1.0, "b": 0.4, "c": 2.0},
        x=[0.0, 7.5, -2.5, -9.0],
        y=[1.0, 0.5, 0.0, 0.0],
        integral=2 / 0.4 * (2 - 1),
        over=(0.0, 7.5),
        window=(-1.0, 30.0),
        hyperspy=None,
    ),
    Case(
        "RC",
        {"Vmax": 2.0, "V0": 0.5, "tau": 3.0},
        x=[0.0, 3.0, 12.0],
        y=[0.5, 2.5 - 2 / np.e, 2.5 - 2 * np.exp(-4)],
        integral=3.0 + 2 * (6 - 3 * (1 - np.exp(-2))),
        over=(0.0, 6.0),
    ),
    Case(
        "PESCoreLineShape",
        {"A": 3.0, "FWHM": 2.0, "origin": 1.0, "ab": 0.5, "shirley": 0.1},
        x=[0.5, 1.5, -2.0],
        y=[
            3 * 0.5 ** ((x - 0.5) ** 2) + 0.1 * CORE * erfc(np.sqrt(np.log(2)) * (x - 0.5)) / 2
            for x in (0.5, 1.5, -2.0)
        ],
        integral=CORE * (1 + 0.1 * (0.5 + 10)),
        over=(-10.0, 30.0),
        hyperspy=None,
    ),
    Case(
        "PESVoigt",
        {
            "area": 2.0,
            "centre": 1.0,
            "FWHM": 1.2,
            "gamma": 0.4,
            "resolution": 0.9,
            "non_isochromaticity": 0.3,
            "transmission_function": 0.5,
        },
        x=[0.7, 2.0, -4.0, 6.0],
        y=[
            voigt_profile(x - 0.7, 1.5 / np.sqrt(8 * np.log(2)), 0.4) for x in (0.7, 2.0, -4.0, 6.0)
        ],
        integral=1.0,
        over=(-2000, 2002),
        rtol=1e-3,
    ),
    Case(
        "Vignetting",
        {
            "optical_center": 5.0,
            "height": 3.0,
            "period": 8.0,
            "left_slope": 0.01,
            "right_slope": 0.02,
            "left": -30.0,
            "right": 40.0,
            "sigma": 1.5,
        },
        x=[5.0, -30.0, -50.0, 60.0],
        y=[
            3 * np.cos((x - 5) / (16 * np.pi)) ** 4 * light
            for x, light in (
                (5.0, 1.0),
                (-30.0, 1 - 0.015 / np.sqrt(2 * np.pi)),
                (-50.0, 0.8),
                (60.0, 0.6),
            )
        ],
        integral=2 * 3 * (60 / 8 + 4 * np.pi * np.sin(2.5 / np.pi) + np.pi / 2 * np.sin(5 / np.pi)),
        over=(-15.0, 25.0),
        hyperspy=None,
    ),
    Case(
        "ScalableFixedPattern",
        {"yscale": 2.0, "xscale": 0.5, "shift": -1.0},
        init={
            "signal1D": {
                "data": norm.pdf(np.arange(-10, 10.25, 0.25)),
                "axes": [{"size": 81, "scale": 0.25, "offset": -10.0}],
            },
            "kind": "cubic",
        },
        x=[-2.0, 0.5, -25.0],
        y=[2 * norm.pdf(0.0), 2 * norm.pdf(1.25), 0.0],
        integral=4.0,
        over=(-21.9, 17.9),
        hyperspy=None,
        window=(-8.0, 5.0),
    ),
]
