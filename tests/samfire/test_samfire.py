"""SAMFire as a person holds it: the guide's words, seeds, history, stop, and what is told."""

import os
import signal
import threading
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    AxisError,
    DataError,
    FitError,
    HSJupyterWarning,
    ModelError,
    UnknownNameError,
)
from tests.samfire.maps import one_peak, seeded

NAMES = ["Reduced chi squared strategy", "Histogram global strategy"]


def fit(samf, **words):
    return samf.start(show_progressbar=False, **words)


def test_the_table_of_strategies_marks_the_active_one():
    _, _, samf = seeded()
    lines = repr(samf.strategies).splitlines()
    assert [line.split("|")[2].strip() for line in lines] == ["Strategy", "-" * 25, *NAMES]
    assert [line.split("|")[0].strip() for line in lines[2:]] == ["x", ""]
    samf.change_strategy("Histogram global strategy")
    assert [line.split("|")[0].strip() for line in repr(samf.strategies).splitlines()[2:]] == [
        "",
        "x",
    ]
    assert samf.active_strategy is samf.strategies[1]
    samf.active_strategy = 0
    assert samf.active_strategy is samf.strategies[0]


def test_strategies_are_added_and_taken_out():
    _, _, samf = seeded()
    more = hs.samfire.SegmentationStrategy(4)
    samf.append(more)
    samf.extend([hs.samfire.OutlierStrategy()])
    assert len(samf.strategies) == 4
    samf.remove(more)
    samf.remove(1)
    samf.remove("Outlier strategy")
    assert [s.name for s in samf.strategies] == NAMES[:1]
    with pytest.raises(UnknownNameError, match=r"samf\.strategies has no 'Histogram"):
        samf.remove(NAMES[1])
    with pytest.raises(FitError, match="has no refresh, propose, learn, database"):
        samf.append(3)


def test_the_guide_fits_a_map_from_one_seed():
    m, centre = one_peak((16, 20))
    m.fit()
    samf = m.create_samfire(workers=None, ipyparallel=False)
    assert (samf.pixels_done, samf.pixels_left) == (1, 319)
    samf.metadata.goodness_test.tolerance = 0.9
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = samf.start(fitter="mpfit", bounded=True, show_progressbar=False)
    assert run.state == "done"
    assert run.failures == []
    assert (samf.pixels_done, samf.pixels_left) == (320, 0)
    assert_allclose(m[0].centre.map["values"], centre, atol=1)
    # An optimum has no direction: the same as of a fit of every pixel from the truth.
    other, _ = one_peak((16, 20))
    other[0].centre.map["values"][:] = centre
    for p in other.parameters:
        p.map["is_set"][:] = True
    for p in (other[0].A, other[0].sigma, other[1].offset):
        p.map["values"][:] = p.value
    other.multifit(show_progressbar=False)
    assert_allclose(m.chisq.data, other.chisq.data, rtol=1e-6)


def test_the_marker_tells_what_is_next():
    _, _, samf = seeded()
    marker = samf.metadata.marker
    assert marker.shape == (9, 11)
    assert marker[0, 0] == -1
    assert marker[0, 1] == marker[1, 0] > marker[1, 1] > marker[0, 2] > 0
    assert marker[8, 10] == 0
    mask = np.zeros((9, 11), bool)
    mask[4:, 5] = True
    fit(samf, mask=mask)
    assert_array_equal(np.isnan(samf.metadata.marker), mask)
    assert (samf.metadata.marker[~mask] == -1).all()
    with pytest.raises(FitError, match=r"metadata\.marker was set"):
        samf.metadata.marker = 3


def test_nothing_to_start_from_says_what_to_do():
    m, _ = one_peak()
    samf = m.create_samfire(workers=0)
    with pytest.raises(FitError, match=r"no pixel is fitted yet.*m.fit\(\).*seeds='auto'"):
        fit(samf)
    with pytest.raises(UnknownNameError, match="seeds has no 'all'"):
        fit(samf, seeds="all")
    m[0].A.free = m[0].centre.free = m[0].sigma.free = False
    m.fit()
    with pytest.raises(FitError, match="fits that are stored are not good"):
        fit(samf)


def test_a_single_spectrum_has_no_samfire():
    m, _ = one_peak((3,))
    with pytest.raises(ModelError, match=r"single spectrum.*m.fit\(\)"):
        m.inav[0].create_samfire()


@pytest.mark.parametrize("known_noise", [True, False])
def test_seeds_are_found_where_nobody_points_at_them(known_noise):
    m, centre = one_peak((12, 12), known_noise=known_noise)
    m[0].centre.value = 59.0
    samf = m.create_samfire(workers=0)
    fit(samf, seeds="auto")
    assert samf.pixels_left == 0
    assert_allclose(m[0].centre.map["values"], centre, atol=1)


def test_unknown_noise_is_judged_by_what_is_usual_and_said_so():
    m, centre, samf = seeded(known_noise=False, noise=2.0)
    fit(samf)
    assert samf.pixels_left == 0
    told = str(samf.summary())
    assert "the noise variance is not known" in told
    assert "usual among good pixels (1." in told.replace("(0.9", "(1.")
    assert_allclose(m[0].centre.map["values"], centre, atol=3)


def test_a_bad_seed_of_unknown_noise_is_told():
    m, _, samf = seeded(known_noise=False)
    m[0].active = False
    m.fit()
    m[0].active = True
    m.maps.is_set[:] = False
    m.store_current_values()
    samf.refresh_database()
    with pytest.warns(HSJupyterWarning, match="times the scatter of the data"):
        fit(samf)


def test_the_history_of_a_pixel_is_a_story():
    m, _, samf = seeded()
    fit(samf)
    assert samf.history(0, 0) == []
    assert "a seed" in repr(samf.history(0, 0))
    (attempt,) = samf.history(3, 2)
    assert attempt.became == "accepted"
    assert attempt.strategy == NAMES[0]
    assert attempt.start == "weighted mean of the neighbours"
    n = 60 - 4
    assert_allclose(attempt.measure, m.chisq.data[2, 3] / n, rtol=1e-9)
    assert attempt.limits == (0, 2)
    assert "0 to 2 is good, accepted" in repr(samf.history(3, 2))
    m.axes_manager.indices = (3, 2)
    assert repr(samf.history()) == repr(samf.history(3, 2))
    assert "<li>" in samf.history(3, 2)._repr_html_()
    with pytest.raises(AxisError, match=r"history\(11, 0\): indices inside of \(11, 9\)"):
        samf.history(11, 0)


def test_order_and_origin_are_maps():
    _, _, samf = seeded()
    fit(samf)
    order, origin = samf.order.data, samf.origin.data
    assert sorted(order.ravel()) == list(range(99))
    assert order[0, 0] == 0
    assert order[8, 10] > 90
    places = np.stack(np.unravel_index(origin.astype(int), (9, 11)))
    apart = np.abs(places - np.indices((9, 11))).max(axis=0)
    assert apart[0, 0] == 0
    assert (np.delete(apart.ravel(), 0) == 1).all()
    # Nothing starts from what was done later.
    before = order[tuple(places)]
    assert (np.delete((before < order).ravel(), 0)).all()
    assert (samf.state.data == 2).all()


def test_pixels_without_a_good_fit_are_told():
    m, _, samf = seeded()
    m.signal.data[4, 4] = 5 + 20 * np.sin(np.arange(60) / 4) ** 2
    m.signal.data[6, 2, 3] = np.nan
    with pytest.warns(HSJupyterWarning, match=r"2 pixels have no good fit; the first, \(4, 4\)"):
        run = fit(samf)
    assert sorted(f.pixel for f in run.failures) == [4 * 11 + 4, 6 * 11 + 2]
    assert samf.pixels_left == 2
    assert samf.history(4, 4)[-1].became == "rejected"
    assert "NaN" in samf.history(2, 6)[-1].became
    assert "2 pixels were tried without a good fit" in str(samf.summary())
    assert not m[0].A.map["is_set"][4, 4]
    assert np.isnan(samf.order.data[4, 4])


def test_the_next_start_uses_what_is_done():
    m, _, samf = seeded()
    m.signal.data[:, 5] += 30 * np.sin(np.arange(60) / 4) ** 2  # a wall
    samf.remove(1)
    samf.strategies[0].radii = 1.5
    with pytest.warns(HSJupyterWarning, match="pixels have no good fit"):
        fit(samf)
    assert samf.pixels_done == 9 * 5
    order = samf.order.data
    m.axes_manager.indices = (10, 8)
    m[0].centre.value = 43.0
    m.fit()
    samf.refresh_database()
    assert samf.pixels_done == 9 * 5 + 1
    with pytest.warns(HSJupyterWarning, match="pixels have no good fit"):
        fit(samf)
    assert samf.pixels_done == 9 * 10
    assert_array_equal(samf.order.data[:, :5], order[:, :5])


def test_a_stopped_fit_goes_on():
    m, centre, samf = seeded((20, 20))
    run = None

    def stop(_change):
        if samf.pixels_done > 40:
            samf.stop()

    samf.observe(stop, "told")
    run = fit(samf)
    assert run.state == "cancelled"
    samf.unobserve(stop, "told")
    done = samf.pixels_done
    assert 40 < done < 400
    before = m.maps.values.copy()
    was = ~np.isnan(m.maps.chisq)
    run = fit(samf)
    assert run.total == 400 - done
    assert samf.pixels_left == 0
    assert_array_equal(m.maps.values[was], before[was])
    assert_allclose(m[0].centre.map["values"], centre, atol=1)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_fit_keeps_what_is_done_and_goes_on(workers):
    m, centre, _ = seeded((20, 20))
    samf = m.create_samfire(workers=workers, random_state=1)

    def press(_change):  # as Jupyter's stop button does
        if samf.pixels_done > 40:
            samf.unobserve(press, "told")
            os.kill(os.getpid(), signal.SIGINT)
            while not m.run.stopping:  # the fits are sooner done than the main thread hears of it
                heard.wait(0.01)

    heard = threading.Event()
    samf.observe(press, "told")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            fit(samf)
    finally:
        signal.signal(signal.SIGINT, before)
    done = samf.pixels_done
    assert 40 < done < 400
    was, before = ~np.isnan(m.maps.chisq), m.maps.values.copy()
    run = fit(samf)
    assert run.total == 400 - done
    assert samf.pixels_left == 0
    assert_array_equal(m.maps.values[was], before[was])
    assert_allclose(m[0].centre.map["values"], centre, atol=1)


def test_a_fit_in_the_background_is_waited_for():
    m, _, samf = seeded()
    run = samf.start(block=False)
    run.wait(60)
    assert run.state == "done"
    assert m.run is run


def test_backups_and_notes(tmp_path):
    m, _, samf = seeded()
    assert samf.backup() is None  # as often as save_every says: never
    path = samf.backup(tmp_path / "b.npz", on_count=False)
    assert path.exists()
    samf.log("begun", 3)
    assert samf.log()[0][1] == ("begun", 3)
    fit(samf)
    other, _ = one_peak()
    other.load_parameters_from_file(samf.backup(tmp_path / "b.npz", on_count=False))
    assert_array_equal(other.maps.values, m.maps.values)


def test_a_mask_of_another_shape_is_refused():
    _, _, samf = seeded()
    with pytest.raises(DataError, match=r"shape \(11, 9\) came"):
        fit(samf, mask=np.zeros((11, 9)))


def test_wrong_words_of_a_fit_are_refused():
    _, _, samf = seeded()
    with pytest.raises(UnknownNameError, match="optimizer has no 'leastsquare'"):
        fit(samf, optimizer="leastsquare")
    with pytest.raises(FitError, match="tolerance=-1 came"):
        samf.metadata.goodness_test.tolerance = -1
    with pytest.raises(FitError, match="radii=0 came"):
        hs.samfire.local_strategies.ReducedChiSquaredStrategy(radii=0)
