"""A fit of many pixels is watched, held, ended and looked through by a person.

Limits of time are generous here; ``python -m benchmarks.live_run`` measures against narrow ones.
"""

from playwright.sync_api import expect

from tests.e2e.notebook import Notebook
from tests.e2e.running import PLOT, RUN, Running


def test_the_map_fills_in_while_a_cell_waits_for_the_fit(lab: Notebook):
    running = Running(lab, rows=5)
    running.show(PLOT, "m.plot()")
    lab.page.locator(f"{PLOT} .hsj-navigator .hsj-choice").select_option(label="Gaussian centre")
    changes, seconds = running.blocking("run = m.multifit()", 200)
    assert seconds > 2
    assert changes >= seconds
    assert lab.run("print(run.state, run.done, len(run.failures))") == "done 200 1"


def test_a_run_in_the_background_leaves_everything_to_the_mouse(lab: Notebook):
    running = Running(lab, rows=400)
    lab.page.set_viewport_size({"width": 1400, "height": 1900})
    running.show(PLOT, "m.plot()")
    running.show(".hsj-root:has(.hsj-kind-model)", "m.gui()")
    running.show(RUN, "run = m.multifit(block=False); run.gui()")
    expect(running.words).to_contain_text("running")
    assert running.slider("Gaussian A slider", 10) < 2000
    failures = lab.page.locator(f"{RUN} .hsj-failures")
    # It is the run's 128th pixel, and a busy machine has a few of them a second.
    expect(failures).to_contain_text("1 could not be fitted", timeout=100_000)
    running.button("Pause").click()
    expect(running.words).to_contain_text("paused")
    lab.wait_until("run.state == 'paused'")
    failures.locator("summary").click()
    expect(failures).to_contain_text("NaN")
    failures.get_by_label("go to pixel (7, 3)").click()
    lab.wait_until("m.axes_manager.indices == (7, 3)")
    lab.screenshot("run-paused")
    done = int(lab.run("print(run.done)"))
    running.button("Resume").click()
    lab.wait_until(f"run.done > {done} + 64", 60)
    assert running.cancel() < 15
    lab.wait_until("run.state == 'cancelled'")
    assert lab.run("print(run.done == m.maps.is_set[..., 0].sum() + len(run.failures))") == "True"
    lab.screenshot("run-cancelled")
    lab.page.set_viewport_size({"width": 1400, "height": 1000})
