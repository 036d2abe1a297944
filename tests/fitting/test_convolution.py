"""A model spread by a low loss: values, derivatives, fits, maps."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError
from hsjupyter.core.shape import central_differences
from hsjupyter.fitting.plan import make_plan

c1 = hs.model.components1D
ENERGY = {"size": 300, "scale": 0.5, "offset": 100.0, "name": "Energy loss", "units": "eV"}


def low_loss(shape=(), sigma=2.0, offset=-20.0):
    """A zero-loss peak alone: spreading by it adds its variance to that of a line."""
    x = offset + 0.5 * np.arange(120)
    y = np.exp(-(x**2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi)) * 0.5
    axes = [{"size": n} for n in shape] + [{"size": 120, "scale": 0.5, "offset": offset}]
    return hs.signals.Signal1D(np.broadcast_to(y, (*shape, 120)).copy(), axes=axes)


def a_model(shape=()):
    axes = [{"size": n} for n in shape] + [ENERGY]
    m = hs.signals.Signal1D(np.ones((*shape, 300)), axes=axes).create_model()
    m.extend([c1.Gaussian(A=50, sigma=1.5, centre=170), c1.Offset(3)])
    m[1].convolved = False
    m.low_loss = low_loss()
    return m


def test_a_gaussian_spread_by_a_gaussian_is_a_wider_gaussian():
    m = a_model()
    wider = c1.Gaussian(A=50, sigma=2.5, centre=170)
    x = m.axes_manager[-1].axis
    assert_allclose(m(), wider.function(x) + 3, atol=1e-6)
    m.low_loss = low_loss(offset=-30.0)
    assert_allclose(m(), wider.function(x) + 3, atol=1e-6)
    m.low_loss = None
    assert_allclose(m(), m[0].function(x) + 3)


def test_derivatives_are_spread_as_values_are():
    m = a_model()
    m.set_signal_range(150, 200)
    plan, low = make_plan(m), m.low_loss.data
    active = np.ones(2, dtype=bool)

    def value(_, p):
        return plan.value(np.array(p), active, low)

    near = central_differences(value, plan.coords, plan.start)
    exact = plan.jacobian(plan.start, active, low)
    assert_allclose(exact, near, atol=1e-8 * np.abs(near).max())


@pytest.mark.parametrize("low_shape", [(), (2, 3)])
def test_a_map_is_fitted_with_its_low_loss(low_shape):
    m = a_model((2, 3))
    x = m.axes_manager[-1].axis
    rng = np.random.default_rng(0)
    m.signal.data = np.array(
        [c1.Gaussian(A=60, sigma=2.5, centre=165 + i).function(x) + 2 for i in range(6)]
    ).reshape(2, 3, 300) + rng.normal(0, 0.01, (2, 3, 300))
    m.low_loss = low_loss(low_shape)
    m.multifit(show_progressbar=False)
    assert_allclose(m[0].sigma.map["values"], 1.5, atol=0.05)
    assert_allclose(m[0].centre.map["values"], 165 + np.arange(6).reshape(2, 3), atol=0.02)
    assert_allclose(m.as_signal().data, m.signal.data, atol=0.06)
    part = m.inav[1, 0]
    assert_allclose(part(), m.as_signal().data[0, 1], atol=1e-9)


WRONG = [
    (lambda: hs.signals.Signal1D(np.ones(9), axes=[{"size": 9, "scale": 0.4}]), "the same width"),
    (lambda: low_loss(offset=5.0), "must hold the zero-loss peak"),
    (lambda: low_loss((4,)), "navigation shape"),
    (lambda: hs.signals.Signal1D(np.ones(9), axes=[{"axis": np.arange(9.0) ** 2}]), "uniform"),
    (lambda: hs.signals.Signal2D(np.ones((9, 9))), "both must be spectra"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_low_loss_that_does_not_fit_is_refused(wrong, words):
    m = a_model((2, 3))
    before = m.low_loss
    with pytest.raises(DataError, match=words):
        m.low_loss = wrong()
    assert m.low_loss is before
