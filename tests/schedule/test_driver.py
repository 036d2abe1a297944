"""The driver: the same answers however one waits; failures, cancel, interrupt."""

import asyncio
import itertools
import threading
import time
from concurrent.futures import Future

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    DataError,
    EnginesLostError,
    FitError,
    HSJupyterWarning,
    UnknownNameError,
)
from hsjupyter.fitting.call import fit_call
from hsjupyter.fitting.jobs import Job, pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.solve import length_of_jobs, solve_job
from hsjupyter.schedule.driver import steps
from hsjupyter.schedule.paths import path
from hsjupyter.schedule.run import Run
from hsjupyter.schedule.waiting import drive

c1 = hs.model.components1D


def small_map(shape=(5, 9), *, broken=()):
    rng = np.random.default_rng(4)
    x = np.linspace(0, 10, 40)
    centre = 4 + np.arange(np.prod(shape)).reshape(shape) % 50 * 0.02
    y = 30 * np.exp(-((x - centre[..., np.newaxis]) ** 2) / 2)
    s = hs.signals.Signal1D(y + rng.normal(0, 0.5, y.shape), axes=None)
    s.axes_manager[-1].scale = x[1]
    for pixel in broken:
        s.data[pixel][3] = np.nan
    m = s.create_model()
    m.append(c1.Gaussian(A=60, sigma=1.2, centre=4.5))
    return m


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=3), st.sampled_from(["serpentine", "flyback"])
)
def test_a_path_visits_every_pixel_once(shape, name):
    assert sorted(path(tuple(shape), name)) == list(range(int(np.prod(shape))))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_successive_pixels_of_a_serpentine_are_neighbours(shape):
    places = np.array(np.unravel_index(path(tuple(shape), "serpentine"), tuple(shape)))
    assert (np.abs(np.diff(places, axis=1)).sum(axis=0) == 1).all()


@pytest.mark.parametrize("how", ["threads", "two threads", "here", "background", "event loop"])
def test_the_answer_does_not_depend_on_how_one_waits(how):
    reference, m = small_map(), small_map()
    reference.multifit(show_progressbar=False)
    if how == "event loop":
        run = asyncio.run(m.multifit_async())
    else:
        workers = {"here": 0, "two threads": 2}.get(how, 1)
        run = m.multifit(show_progressbar=False, workers=workers, block=how != "background").wait(
            60
        )
    assert (run.state, run.done, run.failures) == ("done", 45, [])
    for field in ("values", "std"):
        assert_allclose(m[0].centre.map[field], reference[0].centre.map[field], rtol=1e-8)
    assert m[0].A.map["is_set"].all()
    assert m[0].A.value == m[0].A.map["values"][0, 0]


def test_the_event_loop_stays_alive_meanwhile():
    m, ticked = small_map(), threading.Event()
    m.observe(lambda change: change["new"].observe(lambda _: ticked.wait(60), "done"), "run")

    async def tick():
        for _ in range(5):
            await asyncio.sleep(0)
        ticked.set()

    async def both():
        run, _ = await asyncio.gather(m.multifit_async(), tick())
        return run

    assert asyncio.run(both()).state == "done"
    assert ticked.is_set()


def test_a_failing_pixel_does_not_stop_the_map():
    m = small_map(broken=[(1, 2), (4, 8)])
    with pytest.warns(HSJupyterWarning, match=r"2 of 45 pixels.*\(2, 1\).*NaN"):
        run = m.multifit(show_progressbar=False)
    assert sorted(f.pixel for f in run.failures) == [11, 44]
    good = ~np.isnan(m.chisq.data)
    assert good.sum() == 43
    assert_array_equal(m[0].A.map["is_set"], good)


def test_when_the_first_pixels_all_fail_the_run_stops_and_says_why():
    m = small_map(broken=list(itertools.product(range(5), range(9))))
    with pytest.raises(FitError, match=r"the first \d+ pixels.*NaN.*try m.fit\(\) there"):
        m.multifit(show_progressbar=False)
    assert not m[0].A.map["is_set"].any()


def test_masked_pixels_are_left_out():
    m = small_map()
    mask = np.zeros((5, 9), dtype=bool)
    mask[2] = True
    m.multifit(mask=mask, show_progressbar=False)
    assert_array_equal(m[0].A.map["is_set"], ~mask)
    with pytest.raises(DataError, match=r"shape \(9, 5\) came.*\(5, 9\)"):
        m.multifit(mask=mask.T)
    with pytest.raises(UnknownNameError, match="did you mean 'serpentine'"):
        m.multifit(iterpath="serpentin")


def test_stored_values_are_the_starts():
    m = small_map()
    m.multifit(show_progressbar=False)
    good = m[0].centre.map["values"].copy()
    m.set_parameters_value("centre", 400.0, only_current=True)
    m.multifit(show_progressbar=False, bounded=False)
    # So far from the peak the data do not pull: the pixel that was set away stays away.
    assert abs(m[0].centre.map["values"][0, 0] - good[0, 0]) > 1
    assert_allclose(m[0].centre.map["values"].ravel()[1:], good.ravel()[1:], rtol=1e-6)


class Slowly:
    """An executor whose jobs are done when the test says so."""

    capacity = 3

    def __init__(self):
        self.futures = []

    def submit(self, job):
        self.futures.append((job, Future()))
        return self.futures[-1][1]

    def close(self):
        self.closed = True


class Numbers:
    """A scheduler of five jobs."""

    def __init__(self):
        self.left = list(range(5))

    def next_job(self):
        return self.left.pop(0) if self.left else None


def test_the_driver_keeps_the_executor_full_and_takes_in_what_is_done():
    taken, slowly, run = [], Slowly(), Run(5)
    run.begin()
    driver = steps(Numbers(), slowly, run, taken.append)
    assert len(next(driver)) == 3
    slowly.futures[1][1].set_result("second")
    assert len(driver.send([slowly.futures[1][1]])) == 1
    assert taken == ["second"]
    run.cancel()
    left = [future for _, future in slowly.futures if not future.done()]
    for future in left:
        future.set_result("late")
    with pytest.raises(StopIteration):
        driver.send(left)
    assert taken == ["second", "late", "late", "late"]
    assert slowly.closed


def test_a_paused_run_begins_nothing_and_goes_on_where_it_is_told():
    taken, first, second, run = [], Slowly(), Slowly(), Run(5)
    run.make_executor = lambda **_where: second
    run.begin()
    driver = steps(Numbers(), first, run, taken.append)
    one, two, three = next(driver)
    one.set_result(1)
    run.pause()
    assert driver.send([one]) == []
    two.set_result(2)
    assert driver.send([two]) == []
    assert run.state == "paused"
    run.resume(workers=2)
    assert len(driver.send([])) == 2
    assert len(second.futures) == 2
    assert first.closed
    three.set_result(3)
    driver.send([three])
    for _, future in second.futures:
        future.set_result(4)
    with pytest.raises(StopIteration):
        driver.send([future for _, future in second.futures])
    assert taken == [1, 2, 3, 4, 4]


def test_jobs_of_lost_engines_are_kept_until_somebody_says_where_to_go_on():
    taken, first, second, run = [], Slowly(), Slowly(), Run(5)
    run.make_executor = lambda **_where: second
    run.begin()
    driver = steps(Numbers(), first, run, taken.append)
    futures = next(driver)
    for future in futures:
        future.set_exception(EnginesLostError("the engines are gone"))
    assert driver.send(futures) == []
    assert (run.state, run.note) == ("paused", "the engines are gone")
    with pytest.raises(FitError, match=r"engines are gone; run.resume\(workers=2\)"):
        run.wait(1)
    with pytest.raises(FitError, match="say where to go on"):
        run.resume()
    run.resume(workers=2)
    driver.send([])
    assert [job for job, _ in second.futures] == [0, 1, 2]
    assert run.note == ""


class Waves:
    """A scheduler whose next jobs depend on what came back."""

    def __init__(self):
        self.ready, self.back = [0], 0

    def next_job(self):
        return self.ready.pop() if self.ready else None

    def accept(self, number):
        self.back += 1
        self.ready += [n for n in (2 * number + 1, 2 * number + 2) if n < 15]


def test_results_may_lead_to_further_jobs():
    class Here(Slowly):
        def submit(self, job):
            future = super().submit(job)
            future.set_result(job)
            return future

    waves, run = Waves(), Run(15)
    drive(steps(waves, Here(), run, waves.accept), run)
    assert (waves.back, run.state) == (15, "done")


def test_an_interrupt_takes_in_what_is_in_flight_and_goes_on(monkeypatch):
    m = small_map((40, 64))
    plain, pressed = Run.wait, []

    def press(run, timeout=None):
        if not pressed:
            pressed.append(run)
            run.observe(lambda _: went.set(), "done")
            went.wait(60)
            raise KeyboardInterrupt
        return plain(run, timeout)

    went = threading.Event()
    monkeypatch.setattr(Run, "wait", press)
    with pytest.raises(KeyboardInterrupt):
        m.multifit(show_progressbar=False, workers=1)
    assert pressed[0].over
    fitted = m[0].A.map["is_set"]
    assert 0 < fitted.sum() == pressed[0].done
    assert not np.isnan(m[0].A.map["values"][fitted]).any()


def test_cancel_stops_a_background_run_and_keeps_what_is_done():
    m = small_map((80, 64))
    # From the first pixels on: a run may be over before somebody who waits begins to watch it.
    m.observe(lambda change: change["new"].observe(lambda _: m.run.cancel(), "done"), "run")
    run = m.multifit(block=False)
    run.wait(60)
    assert run.state == "cancelled"
    assert m[0].A.map["is_set"].sum() == run.done < 80 * 64


def test_a_background_failure_is_raised_where_one_waits():
    m = small_map(broken=list(itertools.product(range(5), range(9))))
    run = m.multifit(block=False)
    with pytest.raises(FitError, match="run was stopped"):
        run.wait(60)
    assert run.state == "failed"


def test_a_run_knows_its_rate_and_time_left():
    run = Run(10)
    assert np.isnan(run.rate)
    run.begin()
    run.count(4)
    assert run.eta == pytest.approx(6 / run.rate)
    assert repr(run) == "<Run: running, 4 of 10 pixels>"


def test_views_hear_of_progress_at_most_ten_times_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    run, heard = Run(1000), []
    run.observe(lambda change: heard.append(change["new"]), "done")
    run.begin()
    for _ in range(1000):
        now[0] += 0.004
        run.count(1)
    assert run.seconds == pytest.approx(4.0)
    assert len(heard) <= 41
    run.end()
    assert heard[-1] == run.done == 1000
    assert run.rate == pytest.approx(250)


def test_pauses_are_no_work(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    run = Run(10)
    run.begin()
    now[0] += 2
    run.pause()
    now[0] += 50
    run.resume()
    run.count(8)
    assert run.rate == pytest.approx(4)
    assert run.eta == pytest.approx(0.5)
    run.end()
    with pytest.raises(FitError, match=r"pause: .* is over"):
        run.pause()


def test_a_pause_holds_a_run_and_resume_ends_it():
    m = small_map((40, 32))
    paused = threading.Event()

    def hold(change):
        if not paused.is_set():
            change["owner"].pause()
            paused.set()

    m.observe(lambda change: change["new"].observe(hold, "done"), "run")
    reference = small_map((40, 32))
    reference.multifit(show_progressbar=False)
    run = m.multifit(block=False)
    assert paused.wait(60)
    assert run.state == "paused"
    run.resume()
    run.wait(60)
    assert_allclose(m[0].centre.map["values"], reference[0].centre.map["values"], rtol=1e-8)


def test_a_stop_is_heeded_between_pixels_of_shapes_written_in_python():
    class Slope(hs.Component):
        a = hs.Par(0.0, bmin=-1, bmax=1)

        @staticmethod
        def profile(x, a):
            return a * x

    m = small_map((4, 8))
    m.append(Slope())
    run = m.multifit(show_progressbar=False, workers=0)
    assert run.done == 32
    plan, pixels = make_plan(m), pixels_of(m)
    job = Job(np.arange(32), np.full((32, 4), np.nan), np.ones((32, 2), dtype=bool), "leastsq")
    assert len(solve_job(plan, pixels, job, np.ones(1, np.int64)).pixels) == 0


@pytest.mark.parametrize("shape", [(7,), (3, 4), (3, 2, 5), (2, 3, 2, 3)])
def test_a_serpentine_turns_every_second_pass_of_every_axis(shape):
    wanted = []
    for n in range(int(np.prod(shape))):
        place, rest = [], n
        for size in reversed(shape):
            passes, step = divmod(rest, size)
            place.append(size - 1 - step if passes % 2 else step)
            rest = passes
        wanted.append(np.ravel_multi_index(place[::-1], shape))
    assert_array_equal(path(shape, "serpentine"), wanted)


@pytest.mark.parametrize(
    ("channels", "pixels", "length"),
    [
        (40, 1000, 256),
        (40, 20_000, 1024),
        (40, 1_000_000, 8192),
        (512, 1_000_000, 4096),
        (4096, 1_000_000, 1024),
    ],
)
def test_jobs_of_large_maps_are_long_where_pixels_are_quick(channels, pixels, length):
    m = hs.signals.Signal1D(np.ones((2, channels))).create_model()
    m.append(c1.Gaussian())
    assert length_of_jobs(make_plan(m), fit_call({}), pixels) == length
