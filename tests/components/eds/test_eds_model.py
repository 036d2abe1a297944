"""EDS signals and their models: families of lines, calibration, background, intensities."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.components.eds.detector import width_at
from hsjupyter.components.eds.lines import families
from hsjupyter.core.errors import DataError, ModelError, TwinError, UnknownNameError
from hsjupyter.model import EDSModel
from hsjupyter.signals import EDSSEMSpectrum, EDSTEMSpectrum, Signal1D

K = 2 * np.sqrt(2 * np.log(2))


def axis(units="keV", **words):
    factor = 1e3 if units == "eV" else 1.0
    return {"size": 1000, "scale": 0.01 * factor, "offset": 0.0, "units": units, **words}


def spectrum(elements=("Al", "Fe"), units="keV", navigation=(), resolution=130.0, **words):
    """Counts of two families of lines, 1e5 Al and 5e4 Fe (x pixel + 1), on a slanted background."""
    axes = [{"size": n, "navigate": True} for n in navigation] + [axis(units, **words)]
    s = EDSTEMSpectrum(np.zeros((*navigation, 1000)), axes=axes)
    s.set_microscope_parameters(beam_energy=200, energy_resolution_MnKa=resolution)
    s.set_elements(elements)
    x = 0.01 * np.arange(1000)
    counts = 200 - 10 * x
    for element, family, area in (("Al", "K", 1e5), ("Fe", "K", 5e4), ("Fe", "L", 2e4)):
        for line in families(element)[family]:
            sigma = width_at(line.energy, resolution) / K
            shape = np.exp(-((x - line.energy) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi)
            counts = counts + 0.01 * area * line.weight * shape / sigma
    n = int(np.prod(navigation))
    s.data = counts * (np.arange(n) + 1).reshape(*navigation, 1) if navigation else counts
    return s


def intensity(m, name):
    (found,) = m.get_lines_intensity([name])
    return found.data


@pytest.mark.parametrize(
    ("kind", "name"), [(EDSTEMSpectrum, "EDS_TEM"), (EDSSEMSpectrum, "EDS_SEM")]
)
def test_an_eds_signal_says_which_and_is_found_by_its_type(kind, name, tmp_path):
    s = Signal1D(np.ones(8))
    s.set_signal_type(name)
    assert type(s) is kind
    assert s.axes_manager.signal_axes[0].is_binned
    assert kind(np.ones(8)).metadata.Signal.signal_type == name
    assert type(hs.load(s.save(tmp_path / "eds.hspy"))) is kind


def test_elements_and_lines_are_named():
    s = EDSTEMSpectrum(np.ones(1000), axes=[axis()])
    s.set_elements(["Fe"])
    s.add_elements(["Al"])
    assert s.metadata.Sample.elements == ["Al", "Fe"]
    assert s.xray_lines == ["Fe_La", "Al_Ka", "Fe_Ka"]
    s.set_lines(["Fe_Ka"])
    s.add_lines(["Cu_Ka"])
    assert s.metadata.Sample.xray_lines == ["Cu_Ka", "Fe_Ka"]
    assert s.metadata.Sample.elements == ["Al", "Cu", "Fe"]
    assert [c.name for c in s.create_model(auto_background=False)] == [
        *("Fe_Ka", "Fe_Kb", "Cu_Ka", "Cu_Kb")
    ]
    s.set_lines([])
    s.add_lines()
    assert s.metadata.Sample.xray_lines == ["Al_Ka", "Cu_Ka", "Cu_La", "Fe_Ka", "Fe_La"]
    with pytest.raises(UnknownNameError, match="Fe in the table of lines has no 'Kq'"):
        s.set_lines(["Fe_Kq"])
    with pytest.raises(DataError, match=r"a list is wanted: \['Fe_Ka'\]"):
        s.set_lines("Fe_Ka")


def test_lines_that_the_beam_cannot_excite_are_left_out():
    s = EDSSEMSpectrum(np.ones(1000), axes=[axis()])
    s.set_elements(["Fe"])
    s.set_microscope_parameters(beam_energy=5)
    assert s.xray_lines == ["Fe_La"]
    assert s.metadata.Acquisition_instrument.SEM.beam_energy == 5


@pytest.mark.parametrize(
    ("words", "says"),
    [({}, "no microscope parameter came"), ({"beam_energy": -1}, "a positive number is wanted")],
)
def test_a_senseless_microscope_is_refused(words, says):
    with pytest.raises(DataError, match=says):
        EDSSEMSpectrum(np.ones(8)).set_microscope_parameters(**words)


def test_an_axis_in_other_units_is_refused():
    s = EDSSEMSpectrum(np.ones(8), axes=[{"units": "nm", "size": 8}])
    s.set_elements(["Fe"])
    with pytest.raises(DataError, match="keV or eV is wanted"):
        s.create_model()


def test_a_model_has_families_whose_areas_follow_and_a_background():
    m = spectrum().create_model()
    assert isinstance(m, EDSModel)
    assert m[0].name == "background_order_6"
    names = [c.name for c in m.xray_lines]
    assert {"Al_Ka", "Al_Kb", "Fe_Ka", "Fe_Kb", "Fe_La", "Fe_Ll"} <= set(names)
    assert [p.component.name for p in m.parameters if p.free and p.name == "A"] == [
        *("Fe_La", "Al_Ka", "Fe_Ka")
    ]
    weight = {line.name: line.weight for line in families("Fe")["K"]}["Fe_Kb"]
    m["Fe_Ka"].A.value = 100.0
    assert m["Fe_Kb"].A.value == pytest.approx(100 * weight)
    assert not m["Fe_Ka"].sigma.free
    assert not m["Fe_Ka"].centre.free


@pytest.mark.parametrize("units", ["keV", "eV"])
@pytest.mark.parametrize("binned", [True, False])
def test_a_fit_counts_the_lines(units, binned):
    m = spectrum(units=units, is_binned=binned).create_model()
    m.fit()
    assert intensity(m, "Al_Ka") == pytest.approx(1e5, rel=1e-3)
    assert intensity(m, "Fe_Ka") == pytest.approx(5e4, rel=1e-3)
    assert intensity(m, "Fe_Kb") == pytest.approx(5e4 * families("Fe")["K"][1].weight, rel=1e-3)


def test_intensities_are_maps_with_titles(capsys):
    m = spectrum(navigation=(3,)).create_model()
    m.multifit(show_progressbar=False)
    maps = m.get_lines_intensity(plot_result=True)
    assert [s.metadata.General.title for s in maps] == [
        *("Fe_La at 0.70 keV", "Al_Ka at 1.49 keV", "Fe_Ka at 6.40 keV")
    ]
    assert_allclose(maps[1].data, [1e5, 2e5, 3e5], rtol=1e-3)
    assert "Al_Ka at 1.49 keV: 2" in capsys.readouterr().out
    assert len(m.get_lines_intensity(only_lines=None)) == len(m.xray_lines)
    with pytest.raises(UnknownNameError, match="has no 'Cu_Ka'"):
        m.get_lines_intensity(["Cu_Ka"])


def test_the_parts_of_a_wide_doublet_are_counted_together():
    s = EDSTEMSpectrum(np.ones(2000), axes=[{"size": 2000, "scale": 0.01, "units": "keV"}])
    s.set_lines(["Mo_Ka"])
    m = s.create_model(auto_background=False)
    m["Mo_Ka"].A.value = 100.0
    m.store_current_values()
    assert intensity(m, "Mo_Ka") == pytest.approx(100 + m["Mo_Ka2"].A.value)


def test_the_background_is_fitted_between_the_lines_and_then_fixed():
    m = spectrum().create_model()
    m.fit_background()
    x = m.signal.signal_coordinates()[0]
    far = (x > 2.5) & (x < 5.5)
    # A thousandth of a line lies beyond three standard deviations, and bends the polynomial.
    assert_allclose(m[0]()[far], (200 - 10 * x)[far], rtol=3e-3)
    assert not m[0].free_parameters
    assert m.channel_switches.all()
    assert all(c.active for c in m)
    m.free_background()
    assert m[0].free_parameters
    m.fix_background()
    assert not m[0].free_parameters
    with pytest.raises(ModelError, match="0 channels between the lines"):
        m.fit_background(windows_sigma=(1e4, 1e4))


@pytest.mark.parametrize("xray_lines", ["all_alpha", ["Fe_Ka"], "all"])
def test_the_resolution_is_found_and_taken_over(xray_lines):
    s = spectrum(resolution=142.0)
    s.set_microscope_parameters(energy_resolution_MnKa=130.0)
    m = s.create_model()
    m.fit()
    assert m.calibrate_energy_axis("resolution", xray_lines) == pytest.approx(142.0, rel=1e-2)
    path = "Acquisition_instrument.TEM.Detector.EDS.energy_resolution_MnKa"
    assert s.metadata.get_item(path) == pytest.approx(142.0, rel=1e-2)
    assert m["Al_Ka"].sigma.value == pytest.approx(width_at(1.4867, 142.0) / K, rel=1e-2)
    assert not m["Al_Ka"].sigma.free
    assert m["Al_Kb"].sigma.twin is None


@pytest.mark.parametrize(("what", "wrong"), [("offset", 0.02), ("scale", 0.01003)])
def test_the_energy_axis_is_found_and_taken_over(what, wrong):
    s = spectrum()
    here = s.axes_manager.signal_axes[0]
    setattr(here, what, wrong)
    m = s.create_model()
    m.fit()
    found = m.calibrate_energy_axis(what)
    assert found == getattr(here, what)
    assert found == pytest.approx({"offset": 0.0, "scale": 0.01}[what], abs=2e-4, rel=2e-4)
    assert m["Fe_Ka"].centre.value == pytest.approx(6.3999, abs=1e-3)
    assert not m["Fe_Ka"].centre.free


def test_a_calibration_needs_a_known_word_and_lines():
    m = spectrum().create_model()
    with pytest.raises(UnknownNameError, match="known: offset, resolution, scale"):
        m.calibrate_energy_axis("gain")
    with pytest.raises(ModelError, match="has no line that could tell"):
        spectrum(elements=[]).create_model().calibrate_energy_axis("offset")


def test_weights_are_freed_and_tied_again_as_they_stand():
    m = spectrum().create_model()
    m.free_sub_xray_lines_weight()
    assert m["Fe_Kb"].A.twin is None
    assert m["Fe_Kb"].A.free
    assert m["Fe_Kb"].A.bmin == 0
    m["Fe_Ka"].A.value, m["Fe_Kb"].A.value = 200.0, 50.0
    m.fix_sub_xray_lines_weight()
    m["Fe_Ka"].A.value = 400.0
    assert m["Fe_Kb"].A.value == pytest.approx(100.0)
    with pytest.raises(TwinError, match=r"follows Fe_Ka\.A"):
        m["Fe_Kb"].A.free = True
    m.free_sub_xray_lines_weight(["Fe_Ka"], bound=0.1)
    assert m["Al_Kb"].A.twin is not None
    assert (m["Fe_Kb"].A.bmin, m["Fe_Kb"].A.bmax) == pytest.approx((90.0, 110.0))


@pytest.mark.parametrize(
    ("free", "fix", "parameter"),
    [
        ("free_xray_lines_energy", "fix_xray_lines_energy", "centre"),
        ("free_xray_lines_width", "fix_xray_lines_width", "sigma"),
    ],
)
def test_energies_and_widths_are_freed_within_bounds_and_fixed(free, fix, parameter):
    m = spectrum().create_model()
    getattr(m, free)(["Fe_Ka"])
    one = getattr(m["Fe_Ka"], parameter)
    assert one.free
    assert one.bmin < one.value < one.bmax
    assert not getattr(m["Al_Ka"], parameter).free
    getattr(m, fix)()
    assert not one.free
    getattr(m, free)("all_alpha", bound=None)
    assert one.bmax is None


def test_lines_are_calibrated_one_by_one():
    m = spectrum().create_model()
    m["Fe_Ka"].centre.value += 0.01
    m.calibrate_xray_lines("energy", ["Fe_Ka"])
    assert m["Fe_Ka"].centre.value == pytest.approx(6.3999, abs=1e-3)
    assert not m["Fe_Ka"].centre.free
    m["Fe_Ka"].sigma.value *= 1.1
    m.calibrate_xray_lines("width", ["Fe_Ka"])
    assert m["Fe_Ka"].sigma.value == pytest.approx(width_at(6.4, 130.0) / K, rel=1e-2)
    m.calibrate_xray_lines("sub_weight", ["Fe_Ka"], bound=None)
    assert m["Fe_Kb"].A.twin is m["Fe_Ka"].A
    with pytest.raises(UnknownNameError, match="known: energy, sub_weight, width"):
        m.calibrate_xray_lines("weight")


def test_lines_are_switched_and_added_once():
    m = spectrum().create_model()
    n = len(m)
    m.add_family_lines()
    assert len(m) == n
    m.add_family_lines(["Cu_Ka"])
    assert [c.name for c in list(m)[n:]] == ["Cu_Ka", "Cu_Kb"]
    m.disable_xray_lines()
    assert [c.name for c in m if c.active] == ["background_order_6"]
    m.enable_xray_lines()
    assert all(c.active for c in m)
    m.append(hs.model.components1D.Gaussian(name="my_own"))
    assert "my_own" not in [c.name for c in m.xray_lines]


@pytest.mark.hyperspy
def test_a_measured_spectrum_is_described_by_its_elements():
    s = hs.load(Path(find_spec("exspy").origin).parent / "data" / "EDS_SEM_TM002.hspy")
    assert isinstance(s, EDSSEMSpectrum)
    assert s.xray_lines == ["C_Ka", "Mn_La", "Cu_La", "Al_Ka", "Zr_La", "Mn_Ka", "Cu_Ka"]
    s.add_elements(["O"])  # the sample's surface is oxidised, which the file does not say
    s = s.isig[0.2:9.8]
    s.estimate_poissonian_noise_variance()
    m = s.create_model()
    m.fit()
    first = float(m.red_chisq.data[0])
    assert m.calibrate_energy_axis("resolution") == pytest.approx(132.0, abs=3.0)
    m.calibrate_energy_axis("offset")
    m.fit()
    assert float(m.red_chisq.data[0]) < first < 15
    # What exspy 0.3 counts with its own table of lines.
    for name, counts in (("Al_Ka", 62895), ("Mn_Ka", 47251), ("Zr_La", 67481)):
        assert intensity(m, name) == pytest.approx(counts, rel=0.05)
