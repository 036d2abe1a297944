"""Every control of issue and page, and the test in which a real mouse or keyboard uses it."""

import re
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent

MODEL = "acts_in_the_gui"
TOOLS = "acts_in_the_plot"
WHOLE = "test_whole_gui"
FIRST = "test_first_light"
RUNS = "test_runs"
SPANS = "test_spans"
IMAGES = "test_images"
SAMFIRE = "test_samfire"

# What stands on a control, or its label: the file and the function that use it.
TABLE: dict[str, tuple[str, str]] = {
    # parameter
    r".+ slider": (MODEL, "move_a_slider_by_keys"),
    r".+ value": (MODEL, "move_a_slider_by_keys"),
    r".+ (bmin|bmax)": (MODEL, "choose_the_scale_of_a_slider"),
    r".+ log slider": (MODEL, "choose_the_scale_of_a_slider"),
    r".+ free": (FIRST, "press_the_free_toggle"),
    r".+ reset": (MODEL, "move_a_slider_by_keys"),
    r".+ (link|follows)": (MODEL, "follow_another_number"),
    # component
    r".+ parameters": (MODEL, "rename_colour_and_reorder"),
    r".+ (name|colour)": (MODEL, "rename_colour_and_reorder"),
    r".+ (move up|move down|remove)": (MODEL, "rename_colour_and_reorder"),
    r".+ active": (MODEL, "switch_at_one_pixel_only"),
    r".+ active per pixel": (MODEL, "switch_at_one_pixel_only"),
    r"more": (MODEL, "set_the_extras"),
    r".+ spin_orbit_\w+": (MODEL, "set_the_extras"),
    r".+ window (from|to)": (MODEL, "set_the_extras"),
    r"Estimate: .+": (MODEL, "set_the_extras"),
    r"Drag: .+": (WHOLE, "fit_one_in_a_window"),
    r"Fit this: .+": (WHOLE, "fit_one_in_a_window"),
    # model
    r"Fit": (FIRST, "press_fit"),
    r"Guess": (MODEL, "fit_all_and_choose_maps"),
    r"Fit all": (MODEL, "fit_all_and_choose_maps"),
    r"Store": (MODEL, "replay_the_python"),
    r"Undo|Redo": (MODEL, "rename_colour_and_reorder"),
    r"Copy as Python|edits as Python": (MODEL, "replay_the_python"),
    r"filter components and parameters": (WHOLE, "filter_and_fold"),
    r"Fold all|Unfold all": (WHOLE, "filter_and_fold"),
    r"component to add": (MODEL, "write_a_formula"),
    r"Add component": (MODEL, "set_the_extras"),
    r"stored models.*": (WHOLE, "keep_and_restore"),
    r"name of the stored model|store the model": (WHOLE, "keep_and_restore"),
    r"(restore|differences to|forget) .+": (WHOLE, "keep_and_restore"),
    r".+ index": (FIRST, "go_to_another_pixel"),
    r".+ pixel": (MODEL, "fit_all_and_choose_maps"),
    # the table of all parameters
    r"Table": (MODEL, "set_bounds_by_the_table"),
    r"component|parameter|value|error|units|free|min|max|follows": (
        MODEL,
        "set_bounds_by_the_table",
    ),
    r"choose all parameters": (WHOLE, "set_many_by_the_table"),
    r"choose .+": (MODEL, "set_bounds_by_the_table"),
    r"what to set|set the chosen to|Set|Free|Fix|Copy": (MODEL, "set_bounds_by_the_table"),
    # the plot
    r"Pan and zoom|Reset view": (TOOLS, "zoom_pan_and_reset"),
    r"log [xy]": (TOOLS, "take_logarithms"),
    r"Components": (TOOLS, "hide_by_the_legend"),
    r"data|model|peak|shoulder|ground": (TOOLS, "hide_by_the_legend"),
    r"Residual": (TOOLS, "see_what_is_left"),
    r"± (model|data)": (TOOLS, "see_how_sure_it_is"),
    r"Add peak|kind of peak": (TOOLS, "draw_a_peak"),
    r"PNG|SVG": (TOOLS, "take_pictures"),
    r"read the plot, channel by channel": (WHOLE, "read_the_plot"),
    r".+ position": (FIRST, "drag_the_handle"),
    r".+ (height|width|width, left)": (WHOLE, "move_height_and_width"),
    # the navigator
    r"what the map shows": (MODEL, "fit_all_and_choose_maps"),
    r"map": (MODEL, "fit_all_and_choose_maps"),
    r"play through the pixels": (WHOLE, "play_through_the_pixels"),
    # runs
    r"Cancel": (RUNS, "test_a_run_in_the_background_leaves_everything_to_the_mouse"),
    r"Pause|Resume": (RUNS, "test_a_run_in_the_background_leaves_everything_to_the_mouse"),
    r"go to pixel .+|.* could not be fitted.*": (
        RUNS,
        "test_a_run_in_the_background_leaves_everything_to_the_mouse",
    ),
    # spans, images, SAMFire
    r"Apply|(start|end) of the range": (
        SPANS,
        "test_a_person_drags_a_range_and_fits_a_component_in_another",
    ),
    r".+ (rotation|width, \w+(, other side)?)": (IMAGES, "turn_and_widen"),
    r"Log colours": (IMAGES, "look_around"),
}
CONTROLS = """(roots) => roots.flatMap((root) => [...document.querySelectorAll(root)])
  .flatMap((root) => [
    ...root.querySelectorAll("button, input, select, textarea, summary, [role=slider], .hsj-map"),
  ])
  .concat([...document.querySelectorAll(".hsj-overlay, .hsj-hand")])
  .map((one) => one.getAttribute("aria-label") || (one.textContent ?? "").trim())"""


def uses_of(name: str) -> list[tuple[str, str]]:
    """Where a control is used; nowhere for one that nobody thought of."""
    return [where for pattern, where in TABLE.items() if re.fullmatch(pattern, name)]


def check_that_all_are_known(page: Page, roots: list[str]) -> int:
    """Hold the controls on a page against the table; how many there are.

    Raises
    ------
    AssertionError
        One has no name, or is in no row: use it in a test, and write there which.
    """
    names = page.evaluate(CONTROLS, roots)
    forgotten = sorted({name for name in names if not uses_of(name)})
    assert forgotten == [], f"no test uses {forgotten}"
    return len(names)
