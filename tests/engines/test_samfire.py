"""SAMFire on processes and on two real engines: the same maps as here, whoever is lost."""

import os
import signal

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from benchmarks.domains import crossing_peaks, three_domains
from benchmarks.samfire import model_of, start_near

FIELDS = ("values", "std", "chisq", "dof", "active", "is_set")


def guide(**where):
    """The guide's example: a seed, SAMFire, a fit with words of `fit`."""
    truth = crossing_peaks(20)
    m = model_of(hs, truth.signal(hs), start_near(truth, (10, 10)))
    m.axes_manager.indices = (10, 10)
    m.fit()
    samf = m.create_samfire(**where)
    samf.metadata.goodness_test.tolerance = 0.6
    samf.start(fitter="leastsq", bounded=True, show_progressbar=False)
    return m, samf


def domains(**where):
    """Sets of components compete, and the global strategy is asked as well."""
    truth = three_domains(16)
    m = model_of(hs, truth.signal(hs), [(900.0, 8.0, 64.0), (900.0, 9.0, 135.0)])
    m.signal.data[3, 3] = 30 + 25 * np.sin(truth.x / 11)
    samf = m.create_samfire(random_state=3, **where)
    samf.optional_components = [m[0], m[1]]
    with pytest.warns(UserWarning, match="1 pixels have no good fit"):
        samf.start(seeds="auto", show_progressbar=False)
    return m, samf


def assert_same(one, other):
    (here, mine), (there, its) = one, other
    for name in FIELDS:
        assert_allclose(
            getattr(there.maps, name), getattr(here.maps, name), rtol=1e-8, atol=1e-9, err_msg=name
        )
    assert_array_equal(its.order.data, mine.order.data)
    assert_array_equal(its.origin.data, mine.origin.data)
    assert str(its.history(3, 3)) == str(mine.history(3, 3))


@pytest.mark.parametrize("example", [guide, domains])
def test_here_in_threads_in_processes_and_on_engines_the_maps_are_the_same(cluster, example):
    here = example(workers=0)
    assert_same(here, example(workers=2, ipyparallel=False))
    assert_same(here, example(workers=2, executor="processes", ipyparallel=False))
    assert_same(here, example(client=cluster))


def test_an_engine_that_is_killed_loses_no_pixel():
    import ipyparallel as ipp

    here = guide(workers=0)
    with ipp.Cluster(n=2, log_level=40) as client:
        client.wait_for_engines(2, timeout=60)
        victim = client[0].apply_sync(os.getpid)
        truth = crossing_peaks(20)
        m = model_of(hs, truth.signal(hs), start_near(truth, (10, 10)))
        m.axes_manager.indices = (10, 10)
        m.fit()
        samf = m.create_samfire(client=client)
        samf.metadata.goodness_test.tolerance = 0.6

        def kill(_change):
            if samf.ledger.waves == 3:
                os.kill(victim, signal.SIGKILL)
                samf.unobserve(kill, "told")

        samf.observe(kill, "told")
        run = samf.start(fitter="leastsq", bounded=True, show_progressbar=False)
    assert run.state == "done"
    assert_same(here, (m, samf))
    assert_array_equal(samf.ledger.counts(400), here[1].ledger.counts(400))


def test_another_word_for_the_place_is_refused():
    m, _ = guide(workers=0)
    with pytest.raises(ValueError, match="create_samfire has no 'clients'; did you mean 'client'"):
        m.create_samfire(clients=3)
