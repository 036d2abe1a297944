"""The core-loss edge: its fine structure, its microscope, its copies, and its place in a model."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.components.eels.cl_edge import EELSCLEdge
from hsjupyter.core.errors import ModelError, ParameterError, UnknownNameError
from hsjupyter.core.shape import central_differences

X = np.linspace(500.0, 700.0, 401)


def cr(**words):
    edge = EELSCLEdge("Cr_L3", **words)
    edge.set_microscope_parameters(E0=200, alpha=10, beta=20, energy_scale=0.5)
    return edge


def test_it_is_named_by_its_edge_and_begins_at_its_onset():
    edge = cr()
    assert (edge.name, edge.element, edge.subshell) == ("Cr_L3", "Cr", "L3")
    assert edge.GOS == "hydrogenic"
    assert edge.position == "onset_energy"
    line = edge.function(X)
    onset = edge.onset_energy.value
    assert not line[onset > X].any()
    assert (line[onset <= X] > 0).all()


def test_only_the_intensity_is_free_until_the_fine_structure_is_active():
    edge = cr()
    assert [p.name for p in edge.free_parameters] == ["intensity"]
    edge.fine_structure_active = True
    assert [p.name for p in edge.free_parameters] == ["intensity", "fine_structure_coeff"]
    edge.fine_structure_active = False
    assert [p.name for p in edge.free_parameters] == ["intensity"]


def test_the_onset_moves_the_edge():
    edge = cr()
    edge.onset_energy.value = 600.0
    line = edge.function(X)
    assert not line[X < 600].any()
    assert line[X >= 600][0] > 0


@pytest.mark.parametrize("convergence", [0.0, 10.0])
def test_the_collection_angle_is_corrected_for_the_convergence(convergence):
    edge = EELSCLEdge("C_K")
    edge.set_microscope_parameters(200, convergence, 10.0, 1.0)
    assert edge.effective_angle.value <= 10.0 + 1e-9
    assert (edge.effective_angle.value < 9.0) == (convergence > 0)


@pytest.mark.parametrize(
    ("scale", "width", "smoothing", "n"),
    # As many splines as the smoothing says of the channels, and four that close the ends.
    [(0.5, 30.0, 0.3, 22), (1.0, 30.0, 0.3, 13), (0.5, 60.0, 0.1, 16), (2.0, 5.0, 0.3, 5)],
)
def test_the_number_of_splines_follows_width_channel_and_smoothing(scale, width, smoothing, n):
    edge = cr()
    edge.energy_scale, edge.fine_structure_width = scale, width
    edge.fine_structure_smoothing = smoothing
    assert len(edge.fine_structure_coeff.value) == n
    assert len(edge.slot_names) == n + 3


def test_the_splines_replace_the_cross_section_behind_the_onset_only():
    edge = cr()
    plain = edge.function(X)
    edge.fine_structure_active = True
    edge.intensity.value = 3.0
    n = len(edge.fine_structure_coeff.value)
    edge.fine_structure_coeff.value = tuple(np.arange(n, dtype=float))
    line, onset = edge.function(X), edge.onset_energy.value
    fine = (onset <= X) & (onset + 30 > X)
    assert_allclose(line[~fine], 3 * plain[~fine])
    # A cubic through coefficients on a line is that line away from the clamped ends.
    middle = fine & (onset + 8 < X) & (onset + 22 > X)
    steps = np.diff(line[middle])
    assert_allclose(steps, steps[0], rtol=1e-9)


def test_the_line_is_linear_in_intensity_and_in_every_coefficient():
    edge = cr(fine_structure_active=True)
    n = len(edge.fine_structure_coeff.value)
    rng = np.random.default_rng(3)
    one, two = rng.normal(size=(2, n))

    def line(intensity, coefficients):
        edge.intensity.value = intensity
        edge.fine_structure_coeff.value = tuple(coefficients)
        return edge.function(X)

    assert_allclose(line(5.0, one), 5 * line(1.0, one), rtol=1e-12)
    fine = line(1.0, one) != line(1.0, two)
    both = line(1.0, one + two)
    assert_allclose(both[fine], (line(1.0, one) + line(1.0, two))[fine], rtol=1e-10, atol=1e-12)


def test_derivatives_are_those_of_central_differences():
    edge = cr(fine_structure_active=True)
    n = len(edge.fine_structure_coeff.value)
    edge.fine_structure_coeff.value = tuple(np.random.default_rng(1).normal(20, 3, n))
    edge.intensity.value = 2.0
    coords = (X[np.abs(X - edge.onset_energy.value) > 1],)
    exact = edge.shape.derivatives(coords, edge.row())
    near = central_differences(edge.shape.value, coords, edge.row())
    assert_allclose(exact, near, rtol=1e-6, atol=1e-6 * np.abs(near).max())


@pytest.mark.hyperspy
def test_fine_structure_is_that_of_exspy_for_the_same_coefficients():
    from exspy.components import EELSCLEdge as TheirEdge

    theirs, ours = TheirEdge("O_K", GOS="hydrogenic"), EELSCLEdge("O_K", onset_energy=532.0)
    for edge in (theirs, ours):
        edge.set_microscope_parameters(E0=200, alpha=1e-3, beta=10, energy_scale=0.5)
        edge.fine_structure_active = True
        edge.intensity.value = 2.0
    theirs.fine_structure_smoothing = 0.3  # makes it count its coefficients
    n = len(ours.fine_structure_coeff.value)
    assert n == len(theirs.fine_structure_coeff.value)
    values = tuple(np.random.default_rng(0).normal(10, 2, n))
    theirs.fine_structure_coeff.value = ours.fine_structure_coeff.value = values
    x = np.arange(525.0, 561.99, 0.25)  # their cross-section behind it is compared elsewhere
    assert_allclose(ours.function(x), theirs.function(x), rtol=1e-9)


def test_a_copy_and_a_pickled_shape_give_the_same_line():
    edge = cr(fine_structure_active=True, fine_structure_width=20.0)
    n = len(edge.fine_structure_coeff.value)
    edge.fine_structure_coeff.value = tuple(np.linspace(1, 2, n))
    again = edge.copy()
    assert_allclose(again.function(X), edge.function(X), rtol=0)
    travelled = pickle.loads(pickle.dumps(edge.shape))  # noqa: S301 - what an engine is sent
    assert_allclose(travelled.value((X,), edge.row()), edge.function(X), rtol=0)


def test_coefficients_go_to_a_text_file_and_back(tmp_path):
    edge, other = cr(), cr()
    edge.fine_structure_coeff.value = tuple(np.random.default_rng(2).normal(size=22))
    edge.fine_structure_coeff_to_txt(tmp_path / "fine.txt")
    other.txt_to_fine_structure_coeff(tmp_path / "fine.txt")
    assert_allclose(other.fine_structure_coeff.value, edge.fine_structure_coeff.value)
    other.fine_structure_width = 10.0
    with pytest.raises(ParameterError, match="a tuple of 10 numbers is wanted"):
        other.txt_to_fine_structure_coeff(tmp_path / "fine.txt")


def test_a_cross_section_without_a_microscope_names_the_call():
    with pytest.raises(ModelError, match=r"C_K: .* call set_microscope_parameters\(\)"):
        EELSCLEdge("C_K").function(X)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        *(("E0", 0.0), ("collection_angle", -1.0), ("convergence_angle", np.nan)),
        *(("fine_structure_width", 0.0), ("energy_scale", 0.0), ("fine_structure_smoothing", -1)),
    ],
)
def test_a_senseless_number_is_refused_where_it_enters(trait, value):
    with pytest.raises(ParameterError, match=f"{trait}: .* came; a number of"):
        setattr(cr(), trait, value)


def test_an_unknown_gos_lists_the_known_and_one_from_a_file_asks_for_it():
    with pytest.raises(UnknownNameError, match=r"GOS has no 'Hartree-Slater'; .*hydrogenic"):
        EELSCLEdge("C_K", GOS="Hartree-Slater")
    with pytest.raises(ModelError, match="give gos_file_path"):
        EELSCLEdge("C_K", GOS="dft")


def model_of(edge, navigation=()):
    axes = [{"size": n, "navigate": True} for n in navigation]
    axes.append({"size": len(X), "offset": X[0], "scale": 0.5, "name": "Energy loss"})
    s = hs.signals.Signal1D(np.zeros((*navigation, len(X))), axes=axes)
    m = s.create_model()
    m.append(edge)
    return s, m


def test_a_wider_fine_structure_gets_new_slots_in_the_maps_and_the_rest_stays():
    edge = cr()
    _, m = model_of(edge, navigation=(3,))
    edge.intensity.map["values"][:] = [1.0, 2.0, 3.0]
    before = m.structure
    edge.fine_structure_width = 40.0
    assert m.structure > before
    assert edge.fine_structure_coeff.map["values"].shape == (3, 28)
    assert not edge.fine_structure_coeff.map["is_set"].any()
    assert_allclose(edge.intensity.map["values"], [1.0, 2.0, 3.0])


def test_a_fit_finds_the_coefficients_of_a_fine_structure():
    truth = cr(fine_structure_active=True)
    n = len(truth.fine_structure_coeff.value)
    truth.fine_structure_coeff.value = tuple(np.random.default_rng(5).normal(30, 5, n))
    truth.intensity.value = 4.0
    found = cr(fine_structure_active=True)
    s, m = model_of(found)
    s.data = truth.function(X)
    m.fit()
    assert found.intensity.value == pytest.approx(4.0, rel=1e-6)
    assert_allclose(m(), s.data, atol=1e-5 * s.data.max())


def test_the_stored_fine_structure_of_all_pixels_becomes_a_signal():
    edge = cr(fine_structure_active=True)
    edge.fine_structure_coeff.value = (2.0,) * 22
    _, m = model_of(edge, navigation=(2,))
    m.axes_manager.indices = (1,)
    m.store_current_values()
    fine = edge.get_fine_structure_as_signal1D()
    assert fine.data.shape == (2, 60)
    assert np.isnan(fine.data[0]).all()
    assert_allclose(fine.data[1], 2.0)
    assert fine.axes_manager.signal_axes[0].offset == edge.onset_energy.value
    edge.fine_structure_active = False
    with pytest.raises(ModelError, match="fine_structure_active = True"):
        edge.get_fine_structure_as_signal1D()
