"""Signals of all sorts, for the tests of what is done with them."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

import hsjupyter.api as hs

KINDS = {0: hs.signals.BaseSignal, 1: hs.signals.Signal1D, 2: hs.signals.Signal2D}
LETTERS = "abcdef"


def described(size, name, rng):
    """An axis of a random kind."""
    labels = {"name": name, "units": rng.choice(["", "eV", "px"])}
    kind = rng.choice(["uniform", "falling", "uneven", "formula"])
    if kind == "uneven":
        return {"axis": np.cumsum(rng.uniform(0.5, 2, size)), **labels}
    if kind == "formula":
        x = {"size": size, "scale": 1.0, "offset": 1.0}
        return {"expression": "a / x", "a": float(rng.uniform(1, 9)), "x": x, **labels}
    scale = rng.uniform(0.1, 3) * (-1 if kind == "falling" else 1)
    return {"size": size, "scale": float(scale), "offset": float(rng.uniform(-5, 5)), **labels}


def make(nav, sig, seed=0, *, uniform=False, dtype=float):
    """A signal of array shape nav + sig with random numbers and axes."""
    rng = np.random.default_rng(seed)
    shape = (*nav, *sig)
    axes = [
        {"size": n, "scale": 0.5, "offset": float(i), "name": LETTERS[i]}
        if uniform
        else described(n, LETTERS[i], rng)
        for i, n in enumerate(shape)
    ]
    for i, axis in enumerate(axes):
        axis["navigate"] = i < len(nav)
    data = rng.uniform(1, 100, shape).astype(dtype)
    return KINDS[len(sig) if len(sig) < 3 else 0](data, axes)


SHAPES = st.tuples(
    st.lists(st.integers(1, 4), max_size=2).map(tuple),
    st.lists(st.integers(1, 6), min_size=1, max_size=2).map(tuple),
)
SIGNALS = st.builds(lambda shapes, seed: make(*shapes, seed=seed), SHAPES, st.integers(0, 10**6))
UNIFORM = st.builds(
    lambda shapes, seed: make(*shapes, seed=seed, uniform=True), SHAPES, st.integers(0, 10**6)
)


def sound(signal):
    """Nothing of a signal contradicts the rest of it."""
    manager = signal.axes_manager
    assert tuple(signal.data.shape) == tuple(axis.size for axis in manager._axes)
    assert manager.shape == manager.navigation_shape + manager.signal_shape
    assert len(manager.indices) == manager.navigation_dimension
    assert all(i < n for i, n in zip(manager.indices, manager.navigation_shape, strict=True))
    for place, axis in enumerate(manager._axes):
        assert axis.keeper is manager
        assert axis.index_in_array == place
        assert manager[axis.index_in_axes_manager] is axis
        assert axis.axis.shape == (axis.size,)
    dimension = manager.signal_dimension
    wanted = KINDS.get(dimension, KINDS[0])
    assert isinstance(signal, wanted), (type(signal), dimension)
    assert type(signal) is wanted
    variance = signal.get_noise_variance()
    if isinstance(variance, hs.signals.BaseSignal):
        spectrum = manager.signal_shape[::-1]
        assert tuple(variance.data.shape) in {tuple(signal.data.shape), spectrum}
    return signal


class Recorder:
    """An array that is not in memory, and notes what is read of it."""

    def __init__(self, array):
        self._array = array
        self.dtype, self.shape, self.ndim = array.dtype, array.shape, array.ndim
        self.read = 0

    def __getitem__(self, key):
        for one in key if isinstance(key, tuple) else (key,):
            if isinstance(one, slice) and one.step is not None:
                assert one.step > 0, "an h5py dataset knows no negative steps"
        part = self._array[key]
        self.read += np.size(part)
        return np.array(part)

    def __array__(self, dtype=None, copy=None):
        self.read += self._array.size
        return np.array(self._array, dtype=dtype)


SOME = settings(max_examples=40, deadline=None)
