"""EELS signals and their models: what is made by itself, fitted in steps, switched on and off."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, HSJupyterWarning, ModelError, UnknownNameError
from hsjupyter.model import EELSModel
from hsjupyter.signals import EELSSpectrum, Signal1D

AXIS = {"size": 800, "scale": 0.5, "offset": 400.0, "name": "Energy loss", "units": "eV"}
X = 400.0 + 0.5 * np.arange(800)


def spectrum(elements=("Cr", "O"), navigation=(), **words):
    axes = [{"size": n, "navigate": True} for n in navigation] + [AXIS]
    s = EELSSpectrum(np.zeros((*navigation, 800)), axes=axes, **words)
    s.set_microscope_parameters(beam_energy=200, convergence_angle=5, collection_angle=20)
    s.add_elements(elements)
    return s


def filled(navigation=()):
    """A spectrum that its model describes exactly: A = 1e9, r = 3, O 40, Cr 20 (x pixel + 1)."""
    s = spectrum(navigation=navigation)
    m = s.create_model()
    m["PowerLaw"].A.value, m["PowerLaw"].r.value = 1e9, 3.0
    m["O_K"].intensity.value, m["Cr_L3"].intensity.value = 40.0, 20.0
    n = int(np.prod(navigation))
    s.data = m() * (np.arange(n) + 1).reshape(*navigation, 1) if navigation else m()
    return s


def test_an_eels_signal_says_so_and_its_channels_are_bins():
    s = EELSSpectrum(np.ones((2, 8)))
    assert s.metadata.Signal.signal_type == "EELS"
    assert s.axes_manager.signal_axes[0].is_binned
    assert not EELSSpectrum(np.ones(8), axes=[{"is_binned": False}]).axes_manager[0].is_binned
    assert isinstance(s.inav[0], EELSSpectrum)
    assert isinstance(s.isig[:4].deepcopy(), EELSSpectrum)


def test_the_signal_type_changes_the_class_and_back():
    s = Signal1D(np.ones((2, 8)))
    s.set_signal_type("EELS")
    assert isinstance(s, EELSSpectrum)
    assert s.axes_manager.signal_axes[0].is_binned
    s.set_signal_type("")
    assert type(s) is Signal1D
    with pytest.warns(HSJupyterWarning, match="'EELLS' are treated as plain ones; .* EELS"):
        s.set_signal_type("EELLS")


def test_a_file_that_says_eels_is_an_eels_signal(tmp_path):
    s = spectrum()
    loaded = hs.load(s.save(tmp_path / "eels.hspy"))
    assert isinstance(loaded, EELSSpectrum)
    assert loaded.microscope == (200.0, 5.0, 20.0)
    assert loaded.metadata.Sample.elements == ["Cr", "O"]
    assert isinstance(loaded.create_model(), EELSModel)


def test_a_stored_model_is_an_eels_model_again_with_its_fine_structure():
    s = filled(navigation=(2,))
    m = s.create_model()
    m["O_K"].fine_structure_width = 20.0
    m.enable_fine_structure()
    m.fit()
    m.store("one")
    restored = s.models.restore("one")
    assert isinstance(restored, EELSModel)
    assert restored["O_K"].fine_structure_active
    assert_allclose(restored(), m())
    assert_allclose(m.inav[0](), m())


def test_a_model_has_a_background_and_the_edges_of_its_elements():
    m = spectrum().create_model()
    assert isinstance(m, EELSModel)
    assert [c.name for c in m] == ["PowerLaw", "O_K", "Cr_L3"] or [c.name for c in m] == [
        "PowerLaw",
        "Cr_L3",
        "O_K",
    ]
    assert [e.name for e in m.edges] == ["O_K", "Cr_L3"]
    assert [c.name for c in m.background_components] == ["PowerLaw"]
    assert m["O_K"].E0 == 200
    assert m["O_K"].energy_scale == 0.5
    assert m["O_K"].intensity.bmin == 0


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({"auto_background": False}, ["Cr_L3", "O_K"]),
        ({"auto_add_edges": False}, ["PowerLaw"]),
        ({"auto_background": False, "auto_add_edges": False}, []),
    ],
)
def test_what_is_added_by_itself_can_be_left_out(words, names):
    assert sorted(c.name for c in spectrum().create_model(**words)) == sorted(names)


def test_without_a_microscope_a_model_of_elements_names_the_call():
    s = EELSSpectrum(np.ones(800), axes=[AXIS])
    assert [c.name for c in s.create_model()] == ["PowerLaw"]
    s.add_elements(["O"])
    s.set_microscope_parameters(beam_energy=300)
    says = r"set_microscope_parameters\(convergence_angle=..., collection_angle=...\)"
    with pytest.raises(DataError, match=says):
        s.create_model()


@pytest.mark.parametrize(
    ("words", "says"),
    [({}, "no microscope parameter came"), ({"beam_energy": 0}, "a positive number is wanted")],
)
def test_a_senseless_microscope_is_refused(words, says):
    with pytest.raises(DataError, match=says):
        EELSSpectrum(np.ones(8)).set_microscope_parameters(**words)


def test_elements_are_symbols_and_come_as_a_list():
    s = spectrum(["O"])
    s.add_elements(("Fe", "Cr"))
    assert s.metadata.Sample.elements == ["Cr", "Fe", "O"]
    with pytest.raises(UnknownNameError, match="has no 'Ox'"):
        s.add_elements(["Ox"])
    with pytest.raises(DataError, match=r"a list is wanted: \['Cr'\]"):
        s.add_elements("Cr")


def test_edges_are_those_that_begin_inside_of_the_axis():
    s = spectrum(["Cr", "O", "Fe", "C"])
    assert s.generate_subshells() == ["O_K", "Cr_L3", "Cr_L2", "Cr_L1", "Fe_L3", "Fe_L2"]
    assert "C_K" in s.generate_subshells(include_pre_edges=True)


def test_an_element_without_a_cross_section_is_told_and_left_out():
    s = spectrum(["Sn", "O"])
    with pytest.warns(HSJupyterWarning, match="no cross-section is known for Sn_M5, Sn_M4"):
        m = s.create_model()
    assert [e.name for e in m.edges] == ["O_K"]


def test_data_that_do_not_fall_have_no_two_area_background():
    m = spectrum().create_model()
    with pytest.raises(DataError, match="the data of no pixel fall as a power law does"):
        m.two_area_background_estimation(420.0, 500.0)
    m.remove("PowerLaw")
    with pytest.raises(ModelError, match="has no active PowerLaw; append one"):
        m.two_area_background_estimation()


def test_a_background_flatter_than_its_bound_keeps_the_area():
    s = spectrum([])
    s.data = 1e4 * X**-0.5
    m = s.create_model()
    m.two_area_background_estimation(420.0, 700.0)
    assert m["PowerLaw"].r.value == 1.0
    here = (X >= 420) & (X < 700)
    assert m()[here].sum() == pytest.approx(s.data[here].sum(), rel=1e-9)


def test_the_background_of_a_new_model_goes_through_the_data_at_every_pixel():
    s = filled(navigation=(3,))
    m = s.create_model()
    law = m["PowerLaw"]
    assert law.r.value == pytest.approx(3.0, rel=1e-3)
    assert_allclose(law.A.map["values"], [1e9, 2e9, 3e9], rtol=1e-2)


def test_the_fit_of_the_background_leaves_range_edges_and_freedom_as_they_were():
    s = filled()
    m = s.create_model()
    m.set_signal_range(420.0, 790.0)
    m["PowerLaw"].A.value = 1e8
    before = m.channel_switches
    m.fit_background()
    assert m["PowerLaw"].A.value == pytest.approx(1e9, rel=1e-4)
    assert m["PowerLaw"].r.value == pytest.approx(3.0, rel=1e-5)
    assert (m.channel_switches == before).all()
    assert [c.active for c in m] == [True, True, True]
    assert m["O_K"].intensity.free


def test_the_fit_of_the_background_needs_one_and_a_place_for_it():
    m = filled().create_model()
    with pytest.raises(ModelError, match="no channel of the signal range lies between 600"):
        m.fit_background(start_energy=600.0)
    m.disable_background()
    with pytest.raises(ModelError, match="has no active background; append one"):
        m.fit_background()
    m.enable_background()
    m.fit_background()


@pytest.mark.parametrize("kind", ["std", "smart"])
def test_a_fit_finds_the_intensities(kind):
    m = filled().create_model()
    m.fit(kind=kind)
    assert m["O_K"].intensity.value == pytest.approx(40.0, rel=1e-4)
    assert m["Cr_L3"].intensity.value == pytest.approx(20.0, rel=1e-4)


def test_a_fit_in_steps_finds_every_pixel():
    s = filled(navigation=(2,))
    m = s.create_model()
    m.smart_fit(only_current=False)
    assert_allclose(m["O_K"].intensity.map["values"], [40.0, 80.0], rtol=1e-3)
    assert_allclose(m["Cr_L3"].intensity.map["values"], [20.0, 40.0], rtol=1e-2)
    assert m["Cr_L3"].intensity.free


def test_a_fine_structure_keeps_off_the_next_edge_unless_told():
    m = spectrum().create_model()
    m["O_K"].fine_structure_width = 60.0
    m.enable_fine_structure()
    gap = m["Cr_L3"].onset_energy.value - m["O_K"].onset_energy.value
    assert m["O_K"].fine_structure_width == pytest.approx(gap - 2.0)
    m.suspend_auto_fine_structure_width()
    m["O_K"].fine_structure_width = 60.0
    m.enable_fine_structure()
    assert m["O_K"].fine_structure_width == 60.0
    m.resume_auto_fine_structure_width()
    assert m["O_K"].fine_structure_width == pytest.approx(gap - 2.0)
    m["Cr_L3"].onset_energy.value = m["O_K"].onset_energy.value + 1
    m.resolve_fine_structure()
    assert not m["O_K"].fine_structure_active


def test_a_fine_structure_leaves_a_part_to_tell_the_intensity_by():
    m = spectrum().create_model()
    m["Cr_L3"].fine_structure_width = 400.0
    m.enable_fine_structure(["Cr_L3"])
    behind = X[-1] - m["Cr_L3"].onset_energy.value
    assert m["Cr_L3"].fine_structure_width == pytest.approx(0.75 * behind)


def test_switches_of_edges():
    m = spectrum().create_model()
    m.disable_edges(["O_K"])
    assert [e.name for e in m.active_edges] == ["Cr_L3"]
    m.enable_edges()
    assert len(m.active_edges) == 2
    m.enable_fine_structure([m["O_K"]])
    assert [e.fine_structure_active for e in m.edges] == [True, False]
    m.fix_fine_structure()
    assert not m["O_K"].fine_structure_coeff.free
    m.free_fine_structure()
    assert m["O_K"].fine_structure_coeff.free
    assert not m["Cr_L3"].fine_structure_coeff.free
    m.disable_fine_structure()
    assert not m["O_K"].fine_structure_active
    m.enable_free_onset_energy(["O_K"])
    assert m["O_K"].free_onset_energy
    m.disable_free_onset_energy()
    assert not m["O_K"].onset_energy.free
    with pytest.raises(ModelError, match=r"edges are wanted, of \['O_K', 'Cr_L3'\]"):
        m.disable_edges(["PowerLaw"])


def test_fixed_edges_are_freed_but_for_their_onsets():
    m = spectrum().create_model()
    m.enable_fine_structure(["O_K"])
    m.fix_edges()
    assert not any(e.free_parameters for e in m.edges)
    m.free_edges()
    assert [p.name for p in m["O_K"].free_parameters] == ["intensity", "fine_structure_coeff"]
    assert [p.name for p in m["Cr_L3"].free_parameters] == ["intensity"]


def test_intensities_are_positive_unless_told():
    m = spectrum().create_model()
    m.unset_all_edges_intensities_positive()
    assert m["O_K"].intensity.bmin is None
    m.set_all_edges_intensities_positive()
    assert m["O_K"].intensity.bmin == 0


def test_channels_of_fine_structures_can_be_left_out():
    m = spectrum().create_model()
    m.enable_fine_structure(["O_K"])
    m.remove_fine_structure_data()
    onset, width = m["O_K"].onset_energy.value, m["O_K"].fine_structure_width
    assert (~m.channel_switches == ((onset <= X) & (onset + width > X))).all()


def test_the_intensities_are_printed(capsys):
    m = filled().create_model()
    m.fit()
    m.quantify()
    said = capsys.readouterr().out.split()
    assert said[:5] == ["Edge", "Intensity", "Std", "O_K", "40"]


def test_of_a_shell_read_from_a_file_the_first_edge_leads(tmp_path):
    import h5py

    q, free = np.geomspace(1e8, 1e12, 20), np.geomspace(1, 2000, 30) - 1
    with h5py.File(tmp_path / "cr.gosh", "w") as file:
        for subshell, share in (("L3", 2 / 3), ("L2", 1 / 3)):
            info = file.create_group(f"metadata/edges_info/{subshell}").attrs
            info["table"], info["occupancy_ratio"] = "L23", share
        group = file.create_group("Cr/L23")
        group["q"], group["free_energies"] = q, free
        group["data"] = np.outer(1 / (1 + (q * 1e-10) ** 4), 1e-2 / (1 + free / 50) ** 3)
    m = spectrum(["Cr"]).create_model(gos_file_path=tmp_path / "cr.gosh")
    assert [e.name for e in m.edges] == ["Cr_L3", "Cr_L2"]
    m["Cr_L3"].intensity.value = 7.0
    assert m["Cr_L2"].intensity.value == 7.0
    assert [p.component.name for p in m.parameters if p.name == "intensity" and p.free] == ["Cr_L3"]


@pytest.mark.hyperspy
def test_a_measured_chromium_edge_is_described_with_background_edge_and_convolution():
    folder = Path(find_spec("exspy").origin).parent / "tests" / "drawing" / "data"
    core, low = (hs.load(folder / f"Cr_L_{which}.hspy") for which in ("cl", "ll"))
    m = core.create_model(low_loss=low)
    # In this oxide the edge begins before that of the metal; 0.1 eV channels need few splines.
    m["Cr_L3"].onset_energy.value, m["Cr_L3"].fine_structure_smoothing = 570.5, 0.05
    m.enable_fine_structure()
    m.smart_fit()
    m.fit()
    # Counts scatter by their root.
    misses = (core.data - m()) / np.sqrt(core.data)
    assert np.sqrt(np.mean(misses**2)) < 1.8
    assert m["Cr_L3"].intensity.value > 0
