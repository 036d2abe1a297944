"""Signals to save, and what must never be unpickled."""

from collections.abc import Callable
from typing import Any

import numpy as np

import hsjupyter.api as hs

ENERGY = {"size": 30, "scale": 3.1, "offset": 520.13, "name": "Energy", "units": "eV"}


def spectrum(**metadata: Any) -> Any:
    """One spectrum."""
    draw = np.random.default_rng(2)
    s = hs.signals.Signal1D(draw.normal(1000, 30, 30), [ENERGY])
    s.metadata.add_dictionary({"General": {"title": "NiO O K"}, **metadata})
    return s


def line() -> Any:
    """Spectra along an axis, with noise and a model."""
    axes = [{"size": 4, "scale": 0.5, "name": "x", "units": "nm", "navigate": True}, ENERGY]
    s = hs.signals.Signal1D(np.random.default_rng(3).uniform(1, 9, (4, 30)), axes)
    s.set_noise_variance(s.data * 2)
    s.original_metadata.add_dictionary({"list": [1, "a", None, (2, 3)], "array": np.arange(3)})
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian(A=3.0, centre=540.0, sigma=9.0))
    m.store_working_values()
    m.store("fit")
    return s


class Payload:
    """Unpickling it writes a file."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, (self.target, "w")
