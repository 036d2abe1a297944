"""The form that asks for the microscope, filled in by a person with the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.e2e.notebook import Notebook

FORM = ".hsj-root:has(.hsj-kind-form)"
LOSSES = """
import numpy as np
import hsjupyter.api as hs
s = hs.signals.EELSSpectrum(np.geomspace(1000, 10, 300) + 30 * (np.arange(300) > 125))
axis = s.axes_manager[-1]
axis.name, axis.units, axis.offset = "Energy loss", "eV", 450.0
s.add_elements(["Cr"])
"""


def test_a_person_fills_in_the_form_that_a_model_asked_for(lab: Notebook):
    lab.open()
    lab.cell(LOSSES)
    with pytest.raises(AssertionError, match="fill in the form and run this again"):
        lab.cell("m = s.create_model()")
    page = lab.page
    form = page.locator(FORM)
    status = form.locator("output")
    expect(status).to_have_text(
        "still needed: beam energy, convergence semi-angle, collection semi-angle"
    )
    lab.screenshot("form-light-1400")
    # The mouse finds the first field by its label, the keyboard goes on from there.
    form.get_by_text("Beam energy", exact=True).click()
    page.keyboard.type("-200")
    page.keyboard.press("Enter")
    expect(form.locator(".hsj-problem:visible")).to_contain_text("a positive number is wanted")
    lab.screenshot("form-refused-1400")
    page.keyboard.press("Control+a")
    page.keyboard.type("200")
    page.keyboard.press("Tab")
    page.keyboard.type("1.5e1")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(status).to_have_text("all is known; run the cell that asked again")
    assert lab.run("print(s.metadata.Acquisition_instrument.TEM.beam_energy)") in {"200", "200.0"}
    lab.wait_until("s.microscope == (200.0, 15.0, 20.0)")
    expect(form.locator(".hsj-problem:visible")).to_have_count(0)
    # What Python sets is shown at once; what a person leaves with Escape is not taken.
    lab.run("s.set_microscope_parameters(collection_angle=25)")
    angle = form.get_by_label("Collection semi-angle in mrad")
    expect(angle).to_have_value("25")
    angle.click()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(angle).to_have_value("25")
    expect(form.locator("code")).to_contain_text("beam_energy=200, convergence_angle=15, coll")
    # The form is all that the cell shows, besides the message.
    expect(page.locator(".jp-RenderedText:has-text('AskedError')")).not_to_contain_text("eels.py")
    lab.use_theme("JupyterLab Dark")
    lab.screenshot("form-dark-1400")
    page.set_viewport_size({"width": 800, "height": 1000})
    lab.screenshot("form-dark-800")
    lab.use_theme("JupyterLab Light")
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert lab.cell("m = s.create_model(); print([c.name for c in m])") == "['PowerLaw', 'Cr_L3']"
