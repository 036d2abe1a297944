"""Every component of the table: values, areas, derivatives, recovery, copies, HyperSpy's own."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

import hsjupyter.api as hs
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.core.shape import central_differences
from hsjupyter.fitting.plan import make_plan
from hsjupyter.storage.records import component_from, record_of_component
from tests.components.cases import CASES
from tests.components.cases_2d import CASES_2D

every = pytest.mark.parametrize("case", CASES, ids=str)


@every
def test_values_are_those_of_the_closed_form(case):
    assert_allclose(case.make().function(case.x), case.y, rtol=1e-12, atol=1e-300)


@every
def test_the_area_is_the_closed_integral(case):
    component = case.make()
    middle = [m for m in case.x if case.over[0] < m < case.over[1]]
    area, _ = quad(lambda x: float(component.function(x)), *case.over, points=middle, limit=400)
    assert area == pytest.approx(case.integral, rel=case.rtol)


@every
def test_derivatives_are_those_of_central_differences(case):
    component = case.make()
    coords = (case.axis(),)
    exact = component.freeze().derivatives(coords, component.row())
    near = central_differences(component.freeze().value, coords, component.row())
    scale = np.abs(near).max(axis=1, keepdims=True) + 1e-300
    # A step in x has no derivative: leave its two channels to themselves.
    smooth = np.abs(near - exact) < 1e-4 * scale
    assert smooth.mean() > 0.98
    assert_allclose((exact / scale)[smooth], (near / scale)[smooth], atol=2e-7)


@every
def test_a_fit_finds_what_noise_hides(case):
    """Ten noisy data sets: the error of every free number, in its std, is of order one."""
    misses = []
    for seed in range(10):
        truth, x = case.make(), case.axis()
        clean = truth.function(x)
        noise = 0.01 * max(np.abs(clean).max(), 1e-6)
        y = clean + np.random.default_rng(seed).normal(0, noise, x.shape)
        s = hs.signals.Signal1D(y, axes=[{"axis": x}])
        s.set_noise_variance(noise**2)
        m = s.create_model()
        m.append(truth)
        wanted = [v for p in truth.free_parameters for v in p.flat()]
        result = m.fit()
        assert result.success
        misses.append((result.x - wanted) / result.std)
    spread = np.sqrt(np.nanmean(np.square(misses), axis=0))
    assert (spread < 2.2).all(), spread
    assert (spread > 0.3).all(), spread


@every
def test_a_copy_and_a_record_make_it_again(case):
    component = case.make()
    component.parameters[0].free = False
    component.name = "renamed"
    x = case.axis()
    for again in (component.copy(), component_from(record_of_component(component))):
        assert again.name == "renamed"
        assert not again.parameters[0].free
        assert_allclose(again.function(x), component.function(x), rtol=0)
        assert [(p.bmin, p.bmax) for p in again.parameters] == [
            (p.bmin, p.bmax) for p in component.parameters
        ]


@pytest.mark.hyperspy
@pytest.mark.parametrize("case", [c for c in CASES if c.hyperspy is not None], ids=str)
def test_numbers_are_those_of_hyperspy(case):
    import exspy
    import hyperspy.api as theirs

    place = theirs.model.components1D if hasattr(theirs.model.components1D, case.name) else None
    other = getattr(place or exspy.components, case.name)()
    for name, value in case.values.items():
        getattr(other, case.hyperspy.get(name, name)).value = value
    x = case.axis()
    wanted = other.function(x)
    # Theirs may lose in the tails what is far below a rounding of the maximum.
    assert_allclose(case.make().function(x), wanted, rtol=1e-9, atol=1e-15 * wanted.max())


def test_every_component_has_a_row():
    ours = {
        n for n, kind in COMPONENTS.items() if kind.__module__.startswith("hsjupyter.components")
    }
    assert ours - {case.name for case in (*CASES, *CASES_2D)} == set()


@every
def test_binning_multiplies_values_and_derivatives_by_the_width(case):
    x = case.axis()
    plain = hs.signals.Signal1D(np.ones(x.shape), axes=[{"axis": x}])
    binned = hs.signals.Signal1D(np.ones(x.shape), axes=[{"axis": x, "is_binned": True}])
    plans = []
    for signal in (plain, binned):
        m = signal.create_model()
        m.append(case.make())
        plans.append(make_plan(m))
    width = np.gradient(x)
    one = np.ones(1, dtype=bool)
    row = plans[0].start
    assert_allclose(plans[1].value(row, one), plans[0].value(row, one) * width)
    assert_allclose(plans[1].jacobian(row, one), plans[0].jacobian(row, one) * width)
