"""SAMFire finds what the maps were made of, where a raster order does not."""

import numpy as np
import pytest

import hsjupyter.api as hs
from benchmarks.domains import crossing_peaks, misleading, three_domains
from benchmarks.samfire import fit, model_of, recovered, start_near, wrong


@pytest.mark.parametrize("known_noise", [True, False])
def test_domains_get_their_own_components(known_noise):
    assert recovered(known_noise=known_noise) >= 0.99


def test_domains_from_one_seed_of_the_most_complex_one():
    truth = three_domains(40)
    start = [(900.0, 8.0, 64.0), (900.0, 9.0, 138.0)]
    m = model_of(hs, truth.signal(hs), start)
    m.axes_manager.indices = (38, 20)
    m.fit()
    samf = m.create_samfire(workers=0)
    samf.optional_components = [m[0], "Gaussian_0"]
    samf.start(show_progressbar=False)
    active = np.stack([m.maps.active_of(m[k]) for k in range(2)])
    assert (active == truth.active).all(axis=0).mean() >= 0.99
    assert "Gaussian_0 is on in" in str(samf.summary())
    # Where a component is off, it has no number of free ones.
    free = 1 + 3 * active.sum(axis=0)
    seed = samf.order.data == 0
    np.testing.assert_array_equal(m.dof.data[~seed], free[~seed])


def test_crossing_peaks_keep_their_names():
    truth = crossing_peaks(32)
    m, _ = fit(hs, truth, show_progressbar=False)
    assert wrong(truth, m).mean() < 0.005


def test_a_misleading_start_leaves_multifit_wrong_and_samfire_right():
    truth = misleading(64)
    m, _ = fit(hs, truth, show_progressbar=False)
    assert wrong(truth, m).mean() < 0.005
    plain = model_of(hs, truth.signal(hs), start_near(truth, (32, 32)))
    plain.assign_current_values_to_all()
    plain.multifit(show_progressbar=False)
    assert wrong(truth, plain).mean() > 0.30


def test_six_optional_components_are_the_most():
    truth = three_domains(4)
    m = model_of(hs, truth.signal(hs), [(900.0, 8.0, 10.0 * k) for k in range(1, 8)])
    samf = m.create_samfire(workers=0)
    with pytest.raises(ValueError, match=r"7 optional components came.*128 sets.*at most 6"):
        samf.optional_components = list(m)[:7]
