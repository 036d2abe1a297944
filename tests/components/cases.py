"""The table that drives the tests of every component: a new one joins by a row."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


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


PEAK = 2.0 / (0.5 * np.sqrt(2 * np.pi))

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
]
