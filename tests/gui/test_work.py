"""What a button starts runs beside the kernel, and every view of the model shows it."""

from threading import Event

import pytest

from hsjupyter.gui.frames import Frames
from hsjupyter.gui.work import Work
from hsjupyter.schedule.run import Run


def test_a_job_answers_when_it_is_done(model):
    go = Event()
    work = Work()
    future = work.start("fit", lambda: go.wait(10) and 3)
    assert work.busy == "fit"
    assert not future.done()
    go.set()
    assert future.result(10) == 3
    assert work.busy == ""


def test_a_job_that_fails_frees_the_model():
    work = Work()
    future = work.start("fit", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError, match="division"):
        future.result(10)
    assert work.busy == ""


def test_two_jobs_at_once_are_refused():
    go = Event()
    work = Work()
    first = work.start("fit", lambda: go.wait(10))
    with pytest.raises(ValueError, match="a fit is running; wait for it"):
        work.start("fit", lambda: None)
    go.set()
    first.result(10)


def test_a_run_is_followed_to_its_end():
    work, run = Work(), Run(total=4)
    work.follow(run)
    assert work.busy == "multifit"
    run.begin()
    run.done = 3
    assert work.run["done"] == 3
    run.done = 4
    run.end()
    assert (work.busy, work.run["state"]) == ("", "done")
    with pytest.raises(ValueError, match="nothing to end"):
        work.cancel()


def test_cancel_reaches_the_run():
    work, run = Work(), Run(total=4)
    work.follow(run)
    work.cancel()
    assert run.stopping


def test_a_run_that_was_over_before_it_was_followed_is_over():
    work, run = Work(), Run(total=1)
    run.begin()
    run.done = 1
    run.end()
    work.follow(run)
    assert work.busy == ""


def test_fit_of_a_browser_is_answered_when_it_is_done(view, page, model):
    shown = view(model)
    before = model["left"].centre.value
    shown.receive({"method": "custom", "content": {"id": "f1", "kind": "fit"}})
    assert page.wait_for(lambda: bool(shown.answers()))
    assert shown.answers() == [{"id": "f1", "ok": True, "error": "", "text": ""}]
    assert model["left"].centre.value != before
    assert model["left"].centre.value == pytest.approx(3.0, abs=0.05)
    assert shown.shown("left.centre") == model["left"].centre.value
    assert shown.state["busy"] == ""


def test_a_fit_that_cannot_be_is_answered_with_the_reason(view, page, model):
    shown = view(model)
    model.set_parameters_not_free()
    shown.receive({"method": "custom", "content": {"id": "f1", "kind": "fit"}})
    assert page.wait_for(lambda: bool(shown.answers()))
    assert not shown.answers()[0]["ok"]
    assert "free" in shown.answers()[0]["error"]


def test_fit_all_shows_progress_in_every_view(view, page, model):
    shown, plot = view(model), view(model, "plot")
    assert shown.ask("multifit")["ok"]
    for one in (shown, plot):
        assert page.wait_for(lambda one=one: (one.state["run"] or {}).get("state") == "done")
        one.host.flush()
        assert one.state["run"]["done"] == 12
        assert one.state["busy"] == ""
    assert bool(model["left"].A.map["is_set"].all())


def test_a_fit_typed_in_a_cell_shows_in_every_view(view, model):
    shown, plot = view(model), view(model, "plot")
    run = model.multifit(show_progressbar=False)
    for one in (shown, plot):
        one.host.flush()
        told = one.state["run"]
        assert (told["state"], told["done"], told["total"]) == ("done", run.total, 12)
        assert (told["failures"], told["failed"], told["awaited"]) == (0, [], False)
        assert told["rate"] > 0


def test_frames_send_the_newest_once():
    sent, value = [], [0]
    frames = Frames(lambda: sent.append(value[0]), interval=60)
    for value[0] in range(100):
        frames.wake()
    assert sent == []
    frames.flush()
    frames.flush()
    assert sent == [99]
    frames.wake()
    frames.close()
    frames.wake()
    frames.flush()
    assert sent == [99]


def test_frames_send_by_themselves():
    sent = Event()
    frames = Frames(sent.set, interval=0.001)
    frames.wake()
    assert sent.wait(10)
    frames.close()
