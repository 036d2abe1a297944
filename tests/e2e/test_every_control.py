"""Every control of the gui and of the plot under a real mouse and keyboard, at least once.

What `test_first_light`, `test_whole_gui`, `test_spans` and `test_runs` press is not pressed again;
`tests.e2e.controls` says who presses what, and the last act holds the page against it. After each
act the end state is read from the kernel. One notebook serves all, since a page and a kernel take
longer than the acts.
"""

from playwright.sync_api import expect

from tests.e2e import acts_in_the_gui, acts_in_the_plot
from tests.e2e.controls import check_that_all_are_known
from tests.e2e.gui import GUI, PLOT, Gui
from tests.e2e.notebook import Notebook

SETUP = """
import numpy as np
import hsjupyter.api as hs
from hsjupyter.gui import show
from hsjupyter.gui.names import colour_of
c1 = hs.model.components1D
x = 1 + 0.1 * np.arange(101)
expected = 200 * np.exp(-((x - 5) ** 2) / 0.72) + 60 * np.exp(-((x - 7.5) ** 2) / 0.5) + 40
counts = np.random.default_rng(7).poisson(np.tile(expected, (3, 4, 1))).astype(float)
axes = [{"name": "y", "size": 3, "navigate": True}, {"name": "x", "size": 4, "navigate": True},
        {"name": "Energy", "size": 101, "offset": 1.0, "scale": 0.1, "units": "eV",
         "navigate": False}]
s = hs.signals.Signal1D(counts, axes=axes)
s.metadata.General.title = "counts"
s.metadata.set_item("Signal.quantity", "Intensity (counts)")
s.estimate_poissonian_noise_variance()
def begin():
    made = s.create_model()
    made.append(c1.Gaussian(A=250.0, sigma=0.5, centre=4.8, name="peak"))
    made.append(c1.Gaussian(A=60.0, sigma=0.5, centre=7.2, name="side"))
    made.append(c1.Polynomial(order=1, a0=35.0, a1=0.1, name="ground"))
    return made
m = begin()
m.plot(plot_components=True)
"""


def test_every_control_does_what_it_says(lab: Notebook) -> None:
    gui = Gui(lab)
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.page.set_viewport_size({"width": 1400, "height": 1900})
    lab.cell(SETUP)
    lab.cell("m.gui()")
    expect(lab.page.locator(f"{GUI} .hsj-component")).to_have_count(3)
    expect(lab.page.locator(".hsj-hand-position")).to_have_count(2)
    for act in (
        acts_in_the_gui.move_a_slider_by_keys,
        acts_in_the_gui.choose_the_scale_of_a_slider,
        acts_in_the_gui.follow_another_number,
        acts_in_the_gui.set_an_element_of_a_vector,
        acts_in_the_gui.rename_colour_and_reorder,
        acts_in_the_gui.switch_at_one_pixel_only,
        acts_in_the_gui.set_the_extras,
        acts_in_the_gui.write_a_formula,
        acts_in_the_gui.set_bounds_by_the_table,
        acts_in_the_gui.fit_all_and_choose_maps,
        acts_in_the_gui.replay_the_python,
        acts_in_the_plot.zoom_pan_and_reset,
        acts_in_the_plot.take_logarithms,
        acts_in_the_plot.read_where_the_mouse_is,
        acts_in_the_plot.hide_by_the_legend,
        acts_in_the_plot.see_what_is_left,
        acts_in_the_plot.see_how_sure_it_is,
        acts_in_the_plot.take_pictures,
        acts_in_the_plot.draw_a_peak,
        nothing_was_forgotten,
    ):
        act(gui)
    lab.page.set_viewport_size({"width": 1400, "height": 1000})


def nothing_was_forgotten(gui: Gui) -> None:
    """Every control on the page is in the table of who presses it."""
    gui.press("Table")
    inside = check_that_all_are_known(gui.page, [GUI, PLOT])
    gui.press("Table")
    assert inside + check_that_all_are_known(gui.page, [GUI, PLOT]) > 150
