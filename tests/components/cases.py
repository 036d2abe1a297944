"""The table that drives the tests of every component: a new one joins by a row."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.integrate import quad


@dataclass(frozen=True)
class Case:
    """What is known of a component from outside.

    `x` and `y` come from a closed form worked by hand or from another package; `integral` is the
    area between the ends of `over`.
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

    def make(self):
        """The component, with the values of the row."""
        import hsjupyter.api as hs

        component = getattr(hs.model.components1D, self.name)(**self.init)
        for name, value in self.values.items():
            getattr(component, name).value = value
        return component

    def __str__(self) -> str:
        return self.name


def broadened_emission(x):
    """The emission of the row of SEE at one place, by scipy's quadrature."""

    def part(u):
        gauss = np.exp(-2 * (x - 4 - u) ** 2) / np.sqrt(np.pi / 2)
        return 100 * u / (u + 3) ** 4 * gauss

    return quad(part, 0, 20, points=[max(x - 4, 0.1), 1.0], epsabs=0, epsrel=1e-13, limit=400)[0]


PEAK = 2.0 / (0.5 * np.sqrt(2 * np.pi))
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
]
