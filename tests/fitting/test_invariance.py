"""Other units, other origins, another order: the answer changes as it must, and no more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import hsjupyter.api as hs

c1 = hs.model.components1D
X = np.linspace(0, 20, 80)
POWERS = st.integers(-12, 12)
SOME = settings(max_examples=6, deadline=None)
# Of the optimum; those without slopes leave it earlier.
OPTIMIZERS = {
    "leastsq": 1e-7,
    "trf": 1e-5,
    "fisher": 1e-5,
    "L-BFGS-B": 1e-4,
    "BFGS": 1e-4,
    "Nelder-Mead": 1e-3,
}


class Bell(hs.Component, registered=False):
    """A shape in Python, without derivatives."""

    height, width, place = hs.Par(1.0), hs.Par(1.0), hs.Par(0.0)

    @staticmethod
    def profile(x, height, width, place):
        return height * np.exp(-(((x - place) / width) ** 2))


def spectrum(y, *, x=X, variance=None):
    s = hs.signals.Signal1D(np.asarray(y), axes=[{"axis": x}])
    s.set_noise_variance(variance)
    return s


def noisy(seed):
    rng = np.random.default_rng(seed)
    return 60 * np.exp(-((X - 9) ** 2) / 5) + 20 + rng.normal(0, 1, X.shape)


def written(kind, *, y=1.0, x=1.0, shift=0.0):
    """A peak on a ground, where y and x are measured in other units; names of its numbers."""
    if kind == "formula":
        parts = [c1.Gaussian(A=150 * x * y, sigma=1.4 * x, centre=8.5 * x + shift)]
        powers = {"Gaussian.A": (1, 1), "Gaussian.sigma": (0, 1), "Gaussian.centre": (0, 1)}
    else:
        parts = [Bell(height=45 * y, width=2.0 * x, place=8.5 * x + shift, name="Bell")]
        powers = {"Bell.height": (1, 0), "Bell.width": (0, 1), "Bell.place": (0, 1)}
    return [*parts, c1.Offset(15 * y)], {**powers, "Offset.offset": (1, 0)}


def fitted(components, signal, optimizer="leastsq", **words):
    m = signal.create_model()
    m.extend(components)
    for p in m.parameters:
        p.set_bounds(None, None)
    result = m.fit(optimizer, **words)
    assert result.success, result.message
    return result


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["formula", "python"])
@pytest.mark.parametrize("known", [False, True], ids=["", "variance"])
@given(power=POWERS)
@SOME
def test_data_in_other_units_scale_what_is_measured_in_them(optimizer, kind, known, power):
    unit, y = 10.0**power, noisy(3)
    plain, powers = written(kind)
    wanted = fitted(plain, spectrum(y, variance=1.0 if known else None), optimizer)
    scaled = spectrum(y * unit, variance=unit**2 if known else None)
    found = fitted(written(kind, y=unit)[0], scaled, optimizer)
    factor = np.array([unit ** powers[name][0] for name in wanted.names])
    assert found.names == wanted.names
    assert_allclose(found.x / factor, wanted.x, rtol=OPTIMIZERS[optimizer])
    assert_allclose(found.std / factor, wanted.std, rtol=1e-2)
    assert_allclose(found.chisq / (1 if known else unit**2), wanted.chisq, rtol=1e-6)


@pytest.mark.parametrize("kind", ["formula", "python"])
@given(power=POWERS, data=POWERS)
@SOME
def test_positions_in_other_units_scale_what_is_measured_along_them(kind, power, data):
    y, unit, also = noisy(3), 10.0**power, 10.0**data
    plain, powers = written(kind)
    wanted = fitted(plain, spectrum(y))
    found = fitted(written(kind, x=unit, y=also)[0], spectrum(y * also, x=X * unit))
    of = [powers[name] for name in wanted.names]
    factor = np.array([also**a * unit**b for a, b in of])
    assert_allclose(found.x / factor, wanted.x, rtol=1e-6)
    assert_allclose(found.std / factor, wanted.std, rtol=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@given(shift=st.floats(-1e4, 1e4))
@SOME
def test_another_origin_moves_positions_alone(optimizer, shift):
    y = noisy(4)
    wanted = fitted(written("formula")[0], spectrum(y), optimizer)
    found = fitted(written("formula", shift=shift)[0], spectrum(y, x=X + shift), optimizer)
    moved = np.array([shift if name.endswith("centre") else 0.0 for name in wanted.names])
    loose = max(OPTIMIZERS[optimizer], 1e-6)
    assert_allclose(found.x - moved, wanted.x, rtol=loose)
    assert_allclose(found.std, wanted.std, rtol=1e-2)


def three_peaks():
    return [
        c1.Gaussian(A=150, sigma=1.4, centre=6, name="first"),
        c1.Gaussian(A=100, sigma=1.2, centre=10, name="second"),
        c1.Lorentzian(A=100, gamma=1.0, centre=15, name="third"),
        c1.Offset(15),
    ]


@given(order=st.permutations(range(4)), seed=st.integers(0, 50))
@SOME
def test_components_in_another_order_find_the_same(order, seed):
    line = sum(c.function(X) for c in three_peaks())
    y = line * 1.1 + np.random.default_rng(seed).normal(0, 1, X.shape)
    parts = three_peaks()
    wanted = fitted(three_peaks(), spectrum(y))
    found = fitted([parts[k] for k in order], spectrum(y))
    place = [found.names.index(name) for name in wanted.names]
    assert_allclose(found.x[place], wanted.x, rtol=1e-7)
    assert_allclose(found.covar[np.ix_(place, place)], wanted.covar, rtol=1e-5, atol=1e-12)


@given(names=st.permutations("abcd"))
@SOME
def test_parameters_in_another_order_find_the_same(names):
    height, width, place, ground = names
    formula = f"{height}*exp(-((x-{place})/{width})**2)+{ground}"
    start = {height: 45.0, width: 2.0, place: 8.5, ground: 15.0}
    found = fitted([c1.Expression(formula, "Peak", **start)], spectrum(noisy(5)))
    plain = "a*exp(-((x-c)/b)**2)+d"
    same = {"a": 45.0, "b": 2.0, "c": 8.5, "d": 15.0}
    wanted = fitted([c1.Expression(plain, "Peak", **same)], spectrum(noisy(5)))
    for ours, theirs in zip("abcd", names, strict=True):
        k, j = wanted.names.index(f"Peak.{ours}"), found.names.index(f"Peak.{theirs}")
        assert_allclose(found.x[j], wanted.x[k], rtol=1e-8)
        assert_allclose(found.std[j], wanted.std[k], rtol=1e-6)


@pytest.mark.parametrize("loss", ["ls", "ML-poisson", "huber"])
@given(power=POWERS, data=POWERS, shift=st.floats(-100, 100))
@SOME
def test_a_map_in_other_units_is_the_same_map(loss, power, data, shift):
    unit, also = 10.0**power, 1.0 if loss == "ML-poisson" else 10.0**data
    rng = np.random.default_rng(8)
    y = rng.poisson(60 * np.exp(-((X - 9) ** 2) / 5) + 20, (5, len(X))).astype(float)
    maps = []
    for a, b, d in ((1.0, 1.0, 0.0), (also, unit, shift * unit)):
        s = hs.signals.Signal1D(y * a, axes=[{"size": 5}, {"axis": X * b + d}])
        if loss == "huber":
            s.set_noise_variance(25.0 * a**2)
        m = s.create_model()
        m.extend(written("formula", y=a, x=b, shift=d)[0])
        run = m.multifit(loss_function=loss, show_progressbar=False)
        assert not run.failures
        maps.append(m)
    plain, other = maps
    for (p, q), (a, b) in zip(
        zip(plain.parameters, other.parameters, strict=True),
        [(1, 1), (0, 1), (0, 1), (1, 0)],
        strict=True,
    ):
        factor = also**a * unit**b
        moved = shift * unit if p.name == "centre" else 0.0
        assert_allclose((q.map["values"] - moved) / factor, p.map["values"], rtol=1e-4)
        assert_allclose(q.map["std"] / factor, p.map["std"], rtol=1e-3)
