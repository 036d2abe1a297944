"""Small maps with a known truth, for tests of SAMFire."""

import numpy as np

import hsjupyter.api as hs
from benchmarks.domains import Truth
from benchmarks.samfire import model_of, start_near

__all__ = ["Truth", "model_of", "one_peak", "seeded", "start_near"]


def one_peak(shape=(9, 11), *, noise=0.5, seed=3, known_noise=True):
    """A peak that wanders over the map, with its true centres, (nav...)."""
    rng = np.random.default_rng(seed)
    x = np.arange(60.0)
    places = np.indices(shape).reshape(len(shape), -1).sum(axis=0).reshape(shape)
    centre = 15 + 28 * places / max(1, places.max())
    y = 20 * np.exp(-((x - centre[..., np.newaxis]) ** 2) / 18) + 5
    s = hs.signals.Signal1D(y + rng.normal(0, noise, y.shape))
    if known_noise:
        s.set_noise_variance(noise**2)
    m = s.create_model()
    c1 = hs.model.components1D
    m.extend([c1.Gaussian(A=120, sigma=3, centre=15), c1.Offset(offset=4)])
    m[0].sigma.bmin = 0.5
    return m, centre


def seeded(shape=(9, 11), **options):
    """A map of one peak whose first pixel is fitted, and its SAMFire."""
    m, centre = one_peak(shape, **options)
    m.axes_manager.indices = (0,) * len(shape)
    m.fit()
    return m, centre, m.create_samfire(workers=0, random_state=1)
