"""The driver without a compiler: what the compiled one finds, many pixels at once in numpy."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.engines import choose
from hsjupyter.fitting import batch, solve
from hsjupyter.fitting.first_stage import find_sums
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.lockstep_algebra import decompose, diagonal_of_inverse, substitute
from hsjupyter.fitting.plan import make_plan
from tests.fitting.test_batch import COUNTED, GARBAGE, KINDS, job_of, peaks

c1, c2 = hs.model.components1D, hs.model.components2D
FITS = [*KINDS, "long"]
# Of an image, with the channels of a sum in the first stage.
IMAGES = {"small": (12, 14, 1), "in squares of 2": (47, 50, 4), "in squares of 4": (90, 91, 16)}


@pytest.fixture
def numpy_alone(monkeypatch):
    """No compiler from here on."""

    def begin():
        monkeypatch.setattr(batch, "is_compiled", lambda _plan: False)

    return begin


def images(height, width):
    y, x = np.mgrid[:height, :width].astype(float)
    rng = np.random.default_rng(0)
    size = height / 12
    spots = np.array(
        [
            np.exp(-((x / size - 6 - k) ** 2) / 8 - (y / size - 5) ** 2 / 5)
            for k in np.arange(10) / 10
        ]
    )
    m = hs.signals.Signal2D(50 * spots + rng.normal(0, 0.5, spots.shape)).create_model()
    m.append(c2.Gaussian2D(A=700 * size**2, sigma_x=2.5 * size, sigma_y=1.8 * size))
    m[0].centre_x.value, m[0].centre_y.value = 6.5 * size, 5.3 * size
    return m


def both(m, begin, *how):
    """What the compiled driver finds, and what numpy finds."""
    found = []
    for prepare in (lambda: None, begin):
        prepare()
        plan = make_plan(m)
        found.append(solve.solve_job(plan, pixels_of(m), job_of(m, plan, *how)))
    return found


def agree(one, other):
    assert_array_equal(one.pixels, other.pixels)
    assert_array_equal(np.isnan(one.std), np.isnan(other.std))
    size = np.where(np.isnan(one.std), 1e-6 * (1 + np.abs(one.values)), one.std)
    assert (np.abs(one.values - other.values) < 1e-3 * size)[~np.isnan(one.values)].all()
    assert_allclose(one.std, other.std, rtol=1e-4)


@pytest.mark.parametrize("kind", FITS, ids=lambda k: getattr(k, "__name__", k))
def test_it_finds_what_the_compiled_driver_finds(kind, numpy_alone):
    if kind == "long":  # begins on sums of channels
        m = peaks(channels=900)
    else:
        m = peaks()
        kind(m)
    compiled, plain = both(m, numpy_alone)
    assert not plain.failures
    agree(compiled, plain)
    assert_allclose(plain.chisq, compiled.chisq, rtol=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", IMAGES.values(), ids=IMAGES)
def test_it_finds_the_same_in_images(shape, weighted, numpy_alone):
    *size, factor = shape
    m = images(*size)
    if weighted:
        # Wrong on purpose, and other from channel to channel.
        uneven = np.linspace(0.1, 0.4, m.signal.data.size).reshape(m.signal.data.shape)
        m.signal.set_noise_variance(hs.signals.Signal2D(uneven))
    assert find_sums(np.stack(make_plan(m).coords), 6).factor == factor
    compiled, plain = both(m, numpy_alone)
    assert not plain.failures
    agree(compiled, plain)
    assert_allclose(plain.chisq, compiled.chisq, rtol=1e-8)


@pytest.mark.parametrize("kind", COUNTED, ids=[k.__name__ for k in COUNTED])
def test_poisson_likelihoods_are_those_of_the_compiled_driver(kind, numpy_alone):
    m = peaks(offset=6.0)
    m.signal.data = np.random.default_rng(1).poisson(np.maximum(m.signal.data, 0)).astype(float)
    kind(m)
    if m.signal.axes_manager[-1].is_binned:
        m.set_parameters_value("offset", 20.0)
    compiled, plain = both(m, numpy_alone, "fisher", "ML-poisson")
    assert not plain.failures
    agree(compiled, plain)


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_ends_as_there(what, numpy_alone):
    m = peaks(12)
    m.signal.data[5] = GARBAGE[what]
    numpy_alone()
    plan = make_plan(m)
    with np.errstate(all="ignore"):
        found = solve.solve_job(plan, pixels_of(m), job_of(m, plan))
    assert set(range(12)) - set(found.pixels) <= {5}
    assert {f.pixel for f in found.failures} == set(range(12)) - set(found.pixels)
    if what in {"NaN", "infinity"}:
        assert "NaN or infinity" in found.failures[0].reason


def test_a_number_followed_through_a_component_that_is_switched_off_moves(numpy_alone):
    m = peaks()
    m.extend([c1.Gaussian(sigma=2.4, centre=3), c1.Gaussian(sigma=2.4, centre=5)])
    m[4].sigma.twin = m[3].sigma
    m[0].sigma.twin = m[4].sigma
    m[3].active = m[4].active = False
    numpy_alone()
    plan = make_plan(m)
    found = solve.solve_job(plan, pixels_of(m), job_of(m, plan))
    sigma = plan.names.index("Gaussian.sigma")
    assert not found.failures
    assert_allclose(found.values[:, sigma], 2.0, atol=0.3)


def test_a_stop_leaves_pixels_unset_and_is_no_failure(numpy_alone):
    m = peaks(40)
    numpy_alone()
    plan = make_plan(m)
    found = solve.solve_job(plan, pixels_of(m), job_of(m, plan), np.ones(1, np.int64))
    assert len(found.pixels) == len(found.failures) == 0


def test_without_threads_a_map_is_fitted_all_the_same(numpy_alone, monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    numpy_alone()
    monkeypatch.setattr(choose, "THREADS", False)
    monkeypatch.setattr("threading.Thread.start", refuse)
    m = peaks(40)
    assert m.multifit(show_progressbar=False).state == "done"
    assert m.maps.is_set.all()


PROGRAM = """
import sys
sys.modules["llvmlite"] = None
import numpy as np
from tests.fitting.test_batch import peaks
for _ in range(2):
    m = peaks(60, channels=900)
    m.multifit(show_progressbar=False)
np.savez(sys.argv[1], values=m.maps.values, std=m.maps.std, chisq=m.maps.chisq)
"""


def test_where_the_compiler_is_missing_maps_are_the_same_and_it_is_said_once(tmp_path):
    file, root = tmp_path / "found.npz", Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.count("llvmlite is not installed") == 1
    m, found = peaks(60, channels=900), np.load(file)
    m.multifit(show_progressbar=False)
    assert_allclose(found["chisq"], m.maps.chisq, rtol=1e-8)
    assert (np.abs(found["values"] - m.maps.values) < 1e-3 * m.maps.std).all()
    assert_allclose(found["std"], m.maps.std, rtol=1e-4)


def test_triangles_solve_and_invert_and_what_is_singular_is_told():
    rng = np.random.default_rng(2)
    root = rng.normal(size=(20, 5, 7))
    a = root @ root.transpose(0, 2, 1)
    a[3, 4], a[3, :, 4] = a[3, 0], a[3, :, 0]
    a[3, 4, 4] = a[3, 0, 0]
    b = rng.normal(size=(20, 5))
    lower, sound = decompose(a.copy())
    assert_array_equal(np.flatnonzero(~sound), [3])
    assert_allclose(
        substitute(lower, b)[sound], np.linalg.solve(a[sound], b[sound][..., None])[..., 0]
    )
    assert_allclose(
        diagonal_of_inverse(lower)[sound],
        np.diagonal(np.linalg.inv(a[sound]), axis1=1, axis2=2),
    )
