"""The table of the two-dimensional components: a new one joins by a row."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import multivariate_normal

import hsjupyter.api as hs


@dataclass(frozen=True)
class Case2D:
    """What is known of a component of two coordinates; as `cases.Case`.

    `points` are pairs of x and y, `volume` is that under the surface over -60 ... 60.
    """

    name: str
    values: dict[str, float]
    points: list[tuple[float, float]]
    z: list[float]
    volume: float
    init: dict[str, Any] = field(default_factory=dict)

    def make(self):
        """The component, with the values of the row."""
        component = getattr(hs.model.components2D, self.name)(**self.init)
        for name, value in self.values.items():
            getattr(component, name).value = value
        return component

    def __str__(self) -> str:
        return self.name


def turned(angle, sigma_x, sigma_y):
    """The covariance of a Gaussian whose first axis points to (cos, -sin) of an angle."""
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return axes @ np.diag([sigma_x**2, sigma_y**2]) @ axes.T


POINTS = [(0.5, -1.0), (2.0, 0.3), (-1.0, 1.5), (4.0, -4.0)]
NORMAL = multivariate_normal([0.5, -1.0], turned(0.4, 2.0, 0.8)).pdf(POINTS)

CASES_2D = [
    Case2D(
        "Gaussian2D",
        {
            "A": 3.0,
            "sigma_x": 2.0,
            "sigma_y": 0.8,
            "centre_x": 0.5,
            "centre_y": -1.0,
            "rotation_angle": 0.4,
        },
        points=POINTS,
        z=list(3.0 * NORMAL),
        volume=3.0,
        init={"add_rotation": True},
    ),
    Case2D(
        "Expression",
        {"k": 3.0, "sx": 2.0, "sy": 0.8, "x0": 0.5, "y0": -1.0, "rotation_angle": 0.4},
        points=POINTS,
        z=list(3.0 * NORMAL / NORMAL[0]),
        volume=3.0 * 2 * np.pi * 2.0 * 0.8,
        init={
            "expression": "k * exp(-((x-x0)**2 / (2 * sx ** 2) + (y-y0)**2 / (2 * sy ** 2)))",
            "name": "Gaussian2d",
            "add_rotation": True,
            "position": ("x0", "y0"),
        },
    ),
]
