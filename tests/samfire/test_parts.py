"""The parts of SAMFire by themselves: histograms, contests, groups, labels, further strategies."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from benchmarks.domains import three_domains
from benchmarks.samfire import model_of
from hsjupyter.core.errors import UnknownNameError
from hsjupyter.fitting.contest import Contest, component_sets, solve_contest
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.scatter import scatter_of
from hsjupyter.samfire.alike import assign
from hsjupyter.samfire.histograms import bayesian_blocks, bin_edges, combinations, frequent
from hsjupyter.samfire.marker import Neighbourhood
from hsjupyter.samfire.segmentation import k_means
from tests.samfire.maps import one_peak, seeded


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=1, max_size=4), min_size=1, max_size=4))
def test_combinations_come_the_most_likely_first(shares):
    shares = [np.sort(each)[::-1] for each in shares]
    every = list(itertools.product(*(range(len(each)) for each in shares)))
    found = combinations(shares, 1000)
    assert sorted(found) == sorted(every)
    likelihood = [np.prod([s[c] for s, c in zip(shares, chosen, strict=True)]) for chosen in found]
    assert (np.diff(likelihood) <= 1e-12).all()
    assert combinations(shares, 3) == found[:3]


def test_bayesian_blocks_find_steps_and_nothing_else():
    rng = np.random.default_rng(0)
    even = rng.uniform(0, 1, 500)
    assert len(bayesian_blocks(even)) == 2
    stepped = np.concatenate([rng.uniform(0, 1, 800), rng.uniform(1, 5, 200)])
    edges = bayesian_blocks(stepped)
    assert len(edges) == 3
    assert_allclose(edges[1], 1, atol=0.05)
    assert_allclose(edges[[0, -1]], [stepped.min(), stepped.max()])


def test_the_rule_of_freedman_and_diaconis_is_numpys():
    values = np.random.default_rng(1).normal(size=400)
    assert_array_equal(bin_edges(values, "freedman"), np.histogram_bin_edges(values, "fd"))
    assert len(bin_edges(values, 7)) == 8
    assert len(bin_edges(np.full(9, 3.0), "fd")) == 2
    outlier = np.append(values * 1e-9, 1e9)
    assert len(bin_edges(outlier, "fd")) <= 257
    with pytest.raises(UnknownNameError, match="bins has no 'block'; did you mean 'blocks'"):
        hs.samfire.global_strategies.HistogramStrategy(bins="block")


@pytest.mark.parametrize("bins", ["fd", "blocks"])
def test_frequent_values_are_where_the_values_are(bins):
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.normal(10, 0.5, 600), rng.normal(20, 0.5, 300)])
    places, shares = frequent(values, bin_edges(values, bins), 6)
    assert shares[0] == 1
    assert abs(places[0] - 10) < 0.5
    assert np.abs(places - 20).min() < 0.5


def test_the_scatter_of_data_is_their_noise_whatever_is_smooth():
    x = np.arange(300.0)
    smooth = 500 * np.exp(-((x - 150) ** 2) / 200) + 30 * np.exp(-x / 90)
    noise = np.random.default_rng(3).normal(0, 2, (200, 300))
    s = hs.signals.Signal1D(smooth + noise)
    found = scatter_of(pixels_of(s.create_model()), np.arange(200), np.arange(300), 300)
    assert_allclose(found.mean(), 4, rtol=0.1)
    # The gap of a signal range is not taken for noise.
    channels = np.r_[0:60, 140:160, 250:300]
    found = scatter_of(pixels_of(s.create_model()), np.arange(200), channels, 300)
    assert_allclose(found.mean(), 4, rtol=0.25)


@pytest.mark.parametrize("radii", [(1.0,), (3.0, 3.0), (1.5, 3.0), (1.0, 1.0, 2.0)])
def test_neighbours_are_those_within_the_radii(radii):
    shape = (5, 6, 7)[: len(radii)]
    near = Neighbourhood(shape, radii)
    places = np.stack(np.unravel_index(np.arange(np.prod(shape)), shape), axis=-1)
    found = near.of(np.arange(np.prod(shape)))
    for pixel, others in enumerate(found):
        apart = (((places - places[pixel]) / radii) ** 2).sum(axis=1)
        expected = set(np.flatnonzero(apart <= 1 + 1e-9)) - {pixel}
        assert set(others[others >= 0]) == expected
    assert (np.diff(near.distance) >= 0).all()


def contest(model, pixels, **words):
    plan = make_plan(model)
    n = len(pixels)
    starts = np.tile(plan.start, (n, 1, 1))
    given = {"starts": starts, "active": np.ones((n, len(plan.shapes)), bool), **words}
    job = Contest(np.asarray(pixels), optimizer="leastsq", **given)
    return solve_contest(plan, pixels_of(model), job)


def test_component_sets_begin_with_all():
    sets = component_sets(np.array([True, False, True]))
    assert_array_equal(sets, [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]])


@pytest.mark.parametrize("criterion", ["AIC", "AICc", "BIC"])
@pytest.mark.parametrize("scale", [1.0, 1e-6])
def test_a_tie_goes_to_the_fewer_numbers_also_where_criteria_are_negative(criterion, scale):
    rng = np.random.default_rng(4)
    x = np.arange(100.0)
    real = 40 * np.exp(-((x - 30) ** 2) / 50)
    s = hs.signals.Signal1D(scale * (np.stack([5 + 0 * x, 5 + real]) + rng.normal(0, 1, (2, 100))))
    m = s.create_model()
    c1 = hs.model.components1D
    m.extend([c1.Offset(offset=5 * scale), c1.Gaussian(A=300 * scale, sigma=5, centre=30)])
    m[1].A.bmin = 0
    m[1].sigma.bmin, m[1].sigma.bmax = 2, 20
    found = contest(m, [0, 1], optional=np.array([False, True]), criterion=criterion)
    # With unknown noise and small data the criteria are far below 0: a ratio would turn them over.
    assert (found.tries["criterion"] < 0).all() == (scale < 1)
    assert_array_equal(found.active, [[True, False], [True, True]])
    assert_array_equal(found.dof, [1, 4])


def test_starts_are_tried_in_order_until_one_is_good():
    m, centre = one_peak((4,))
    plan = make_plan(m)
    far, near = plan.start.copy(), plan.start.copy()
    slot = plan.names.index("Gaussian.centre")
    far[slot] = 59
    starts = np.stack([np.stack([far, near]) for _ in range(4)])
    starts[:, 1, slot] = centre
    limits = np.array([[0.0] * 4, [2.0] * 4])
    found = contest(m, [0, 1, 2, 3], starts=starts, limits=limits)
    assert_array_equal(found.tries["status"].reshape(2, 4), [[0] * 4, [1] * 4])
    assert_allclose(found.values[:, slot], centre, atol=1)
    # Screened, the one nearest to the data comes right behind the first.
    many = np.concatenate([np.repeat(starts[:, :1], 5, axis=1), starts[:, 1:]], axis=1)
    found = contest(m, [0, 1, 2, 3], starts=many, limits=limits, screened=1)
    assert_array_equal(found.tries["candidate"].reshape(2, 4), [[0] * 4, [5] * 4])


def test_only_a_better_fit_beats_a_fit():
    m, _ = one_peak((3,))
    first = contest(m, [0])
    assert len(first.pixels) == 1
    assert not len(contest(m, [0], beat=first.chisq).pixels)
    assert len(contest(m, [0], beat=first.chisq * 1.01).pixels) == 1


def test_components_of_one_kind_keep_their_part():
    rng = np.random.default_rng(5)
    position, width = (
        rng.uniform(0, 100, (12, 2)),
        np.array([2.0, 5.0]) + rng.normal(0, 0.1, (12, 2)),
    )
    parts = np.stack([position, width], axis=-1)
    turned = rng.random(12) > 0.5
    parts[turned] = parts[turned, ::-1]
    chosen = assign(parts)
    widths = np.take_along_axis(parts[..., 1], chosen, axis=1)
    assert (widths[:, 0] < widths[:, 1]).all() or (widths[:, 0] > widths[:, 1]).all()
    chosen = assign(parts, fixed=1)
    assert_array_equal(chosen[0], [0, 1])


def test_groups_are_found():
    rng = np.random.default_rng(6)
    points = np.repeat([[0.0, 0], [5, 5], [0, 5]], 20, axis=0) + rng.normal(0, 0.3, (60, 2))
    labels, far = k_means(points, 3, rng)
    assert [len(set(labels[k : k + 20])) for k in (0, 20, 40)] == [1, 1, 1]
    assert len(set(labels)) == 3
    assert far.max() < 1.5


def test_the_segmentation_strategy_reaches_scattered_pixels():
    truth = three_domains(24)
    order = np.random.default_rng(7).permutation(24 * 24)
    truth.data.reshape(24 * 24, -1)[:] = truth.data.reshape(24 * 24, -1)[order]
    m = model_of(hs, truth.signal(hs), [(900.0, 8.0, 64.0), (900.0, 9.0, 135.0)])
    samf = m.create_samfire(workers=0)
    samf.remove(1)
    samf.remove(0)
    samf.append(hs.samfire.SegmentationStrategy(4))
    samf.optional_components = [m[0], m[1]]
    samf.start(seeds="auto", show_progressbar=False)
    assert samf.pixels_left == 0
    active = np.stack([m.maps.active_of(m[k]).ravel() for k in range(2)])
    expected = truth.active.reshape(2, -1)[:, order]
    assert (active == expected).all(axis=0).mean() >= 0.99
    labels = samf.database().map
    assert labels.shape == (24, 24)
    assert len(np.unique(labels)) == 4


def test_outliers_are_fitted_again_and_nothing_else_changes():
    m, _, samf = seeded((12, 12))
    samf.start(show_progressbar=False)
    good = m.maps.values.copy()
    # A wrong minimum that a generous test lets pass: no peak at all.
    m.maps.values[5, 5] = [1e-3, 3.0, 55.0, 6.0]
    samf.metadata.goodness_test.tolerance = 1e4
    samf.append(hs.samfire.OutlierStrategy())
    samf.refresh_database()
    assert samf.pixels_left == 0
    m.maps.chisq[5, 5] *= 50
    samf.start(show_progressbar=False)
    assert_allclose(m.maps.values[5, 5], good[5, 5], rtol=1e-4)
    others = np.ones((12, 12), bool)
    others[5, 5] = False
    assert_array_equal(m.maps.values[others], good[others])
    assert samf.history(5, 5)[-1].strategy == "Outlier strategy"
