"""The form that asks for the numbers of the microscope, and the metadata it shows."""

from types import SimpleNamespace

import numpy as np
import pytest

import hsjupyter.api as hs
from tests.gui.wire import View

ANGLE = "Acquisition_instrument.TEM.Detector.EELS.collection_angle"


@pytest.fixture
def losses():
    s = hs.signals.EELSSpectrum(np.geomspace(100, 1, 200))
    s.axes_manager[-1].offset = 450.0
    s.axes_manager[-1].scale = 1.0
    s.axes_manager[-1].units = "eV"
    s.add_elements(["Cr"])
    return s


@pytest.fixture
def notebook(monkeypatch):
    """What is displayed, as in a notebook."""
    seen = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=object()))
    return seen


def form_of(page, signal):
    shown = signal.set_microscope_parameters(display=False)["ipywidgets"]
    return View(page, shown["wdict"]["host"])


def values(view):
    return {q["name"]: q["value"] for q in view.state["form"]["questions"]}


def test_a_form_shows_what_the_metadata_say_with_units(page, losses):
    losses.set_microscope_parameters(beam_energy=200)
    view = form_of(page, losses)
    assert view.state["kind"] == "form"
    assert values(view) == {
        "beam_energy": 200.0,
        "convergence_angle": None,
        "collection_angle": None,
    }
    assert [q["units"] for q in view.state["form"]["questions"]] == ["keV", "mrad", "mrad"]
    assert all(q["needed"] and q["doc"] for q in view.state["form"]["questions"])
    assert view.state["spec"]["title"] == "Microscope parameters"
    call = (
        "s.set_microscope_parameters(beam_energy=200, convergence_angle=..., collection_angle=...)"
    )
    assert view.state["form"]["call"] == call


def test_what_a_person_types_is_in_the_metadata_at_once(page, losses):
    view = form_of(page, losses)
    for name, value in (("beam_energy", 200), ("convergence_angle", 0), ("collection_angle", 20)):
        assert view.ask("fill", field=name, value=value)["ok"]
    assert losses.microscope == (200.0, 0.0, 20.0)
    assert values(view)["collection_angle"] == 20.0
    assert [c.name for c in losses.create_model()] == ["PowerLaw", "Cr_L3"]
    assert view.ask("fill", field="collection_angle", value=None)["ok"]
    assert not losses.metadata.has_item(ANGLE)


def test_a_form_follows_the_metadata(page, losses):
    view = form_of(page, losses)
    losses.metadata.set_item(ANGLE, 12)
    view.host.flush()
    assert values(view)["collection_angle"] == 12.0
    losses.metadata.Acquisition_instrument.TEM.Detector.EELS.collection_angle = 13.5
    view.host.flush()
    assert values(view)["collection_angle"] == 13.5
    losses.metadata.Acquisition_instrument = {"TEM": {"beam_energy": 80.0}}
    view.host.flush()
    assert values(view) == {
        "beam_energy": 80.0,
        "convergence_angle": None,
        "collection_angle": None,
    }
    del losses.metadata.Acquisition_instrument
    view.host.flush()
    assert values(view)["beam_energy"] is None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("beam_energy", -1, "a positive number is wanted"),
        ("beam_energy", "200", "reload the page"),
        ("beam_enrgy", 200, "did you mean 'beam_energy'"),
        ("collection_angle", 0, "a positive number is wanted"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(page, losses, field, value, says):
    view = form_of(page, losses)
    answer = view.ask("fill", field=field, value=value)
    assert not answer["ok"]
    assert says in answer["error"]
    assert set(values(view).values()) == {None}


def test_a_model_is_no_form(page, view, model):
    answer = view(model).ask("fill", field="A", value=3.0)
    assert "a form is wanted" in answer["error"]


def test_a_notebook_shows_the_form_where_nothing_was_given(page, losses, notebook):
    assert losses.set_microscope_parameters() is None
    (host,) = notebook
    assert host.kind == "form"
    losses.set_microscope_parameters(beam_energy=100)
    assert len(notebook) == 1


def test_a_model_that_needs_the_microscope_asks_for_it_in_a_notebook(page, losses, notebook):
    with pytest.raises(ValueError, match=r"fill in the form and run this again, or call .*_angle"):
        losses.create_model()
    (host,) = notebook
    View(page, host)
    losses.set_microscope_parameters(200, 10, 20)
    assert [c.name for c in losses.create_model()] == ["PowerLaw", "Cr_L3"]
    assert len(notebook) == 1


def test_elsewhere_an_error_names_the_call(page, losses):
    with pytest.raises(ValueError, match="at least one of beam_energy=, convergence_angle=, "):
        losses.set_microscope_parameters()
    with pytest.raises(ValueError, match=r"need them; call signal\.set_microscope_parameters\("):
        losses.create_model()


def test_a_toolkit_that_there_is_not_is_refused(page, losses):
    with pytest.raises(ValueError, match=r"has no 'traitsui'; .*known: ipywidgets"):
        losses.set_microscope_parameters(toolkit="traitsui")


@pytest.mark.parametrize(
    ("kind", "microscope"),
    [(hs.signals.EDSTEMSpectrum, "TEM"), (hs.signals.EDSSEMSpectrum, "SEM")],
)
def test_spectra_of_x_rays_ask_for_their_own_numbers(page, kind, microscope):
    s = kind(np.ones(50))
    view = form_of(page, s)
    assert view.ask("fill", field="beam_energy", value=15)["ok"]
    assert view.ask("fill", field="energy_resolution_MnKa", value=125)["ok"]
    assert view.ask("fill", field="tilt_stage", value=-5)["ok"]
    assert not view.ask("fill", field="live_time", value=0)["ok"]
    tree = s.metadata.Acquisition_instrument.get_item(microscope)
    assert (tree.beam_energy, tree.Detector.EDS.energy_resolution_MnKa) == (15.0, 125.0)
    assert tree.Stage.tilt_alpha == -5.0
    assert not any(q["needed"] for q in view.state["form"]["questions"])


def test_a_form_that_is_gone_is_not_told(page, losses):
    view = form_of(page, losses)
    view.host.close()
    losses.metadata.set_item(ANGLE, 3.0)
    assert losses.metadata.get_item(ANGLE) == 3.0
