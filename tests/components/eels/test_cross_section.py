"""Cross-sections: sum rules, the hydrogen atom, plain integrals, and exspy's numbers."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import BSpline, splrep

from hsjupyter.components.eels.bspline import bspline_basis
from hsjupyter.components.eels.cl_edge import EELSCLEdge
from hsjupyter.components.eels.cross_section import cross_section
from hsjupyter.components.eels.edges import Edge, edge_of
from hsjupyter.components.eels.hydrogenic import HydrogenicK, HydrogenicL, hydrogenic_of
from hsjupyter.components.eels.kinematics import (
    BOHR_RADIUS,
    REST_ENERGY,
    RYDBERG,
    characteristic_angle,
    effective_angle,
    half_mv2,
    q_range,
)
from hsjupyter.core.errors import ModelError, UnknownNameError


def electrons(strength, onset, charge, q):
    """Integrate the strength over the continuum at one q far beyond that of the bound electron.

    There all of the Bethe sum lies in the continuum, at losses around R·q².
    """
    ridge = RYDBERG * (q * charge) ** 2
    k = np.linspace(max(0.0, q - 20.0) ** 2, (q + 20.0) ** 2, 40001)
    energy = RYDBERG * charge**2 * k + onset
    lines = strength.strength(energy, onset, np.full((1, energy.size), (q * charge) ** 2))
    assert energy[0] < ridge < energy[-1]
    return np.trapezoid(lines[0], energy)


def test_two_k_electrons_obey_the_bethe_sum_rule():
    charge = 13.5
    assert electrons(HydrogenicK(14), RYDBERG * charge**2, charge, 30.0) == pytest.approx(
        2.0, rel=1e-3
    )


@pytest.mark.parametrize(("step", "expected"), [(-1.0, 8.0), (1e9, 6.0)])
def test_eight_l_electrons_obey_the_bethe_sum_rule_and_six_below_l1(step, expected):
    charge = 26 - 4.15
    strength = HydrogenicL(26, step=step, exponent=0.0)
    found = electrons(strength, RYDBERG * charge**2 / 4, charge, 30.0)
    assert found == pytest.approx(expected, rel=1e-3)


def test_hydrogen_absorbs_light_at_its_threshold_as_is_known():
    # Bethe & Salpeter, §71: 6.304 Mb; 109.761 Mb·eV per unit of strength.
    at = HydrogenicK(1).strength(np.array([RYDBERG]), RYDBERG, np.full((1, 1), 1e-9))
    assert 109.761 * at[0, 0] == pytest.approx(6.304, rel=1e-3)


@pytest.mark.parametrize("shell", ["K", "L"])
def test_the_strength_is_smooth_where_hydrogens_own_threshold_lies(shell):
    # The branches above and below it are different expressions with one limit.
    strength = HydrogenicK(20) if shell == "K" else HydrogenicL(20, 0.0, 0.0)
    threshold = RYDBERG * (19.5**2 if shell == "K" else 15.85**2 / 4)
    energy = threshold * np.array([1 - 1e-5, 1.0, 1 + 1e-5])
    low, at, high = strength.strength(energy, 1.0, np.full((1, 3), 4.0))[0]
    assert at == pytest.approx((low + high) / 2, rel=1e-6)


def test_wave_vectors_obey_the_cosine_law():
    before, after = (
        np.sqrt(e * (e + 2 * REST_ENERGY)) / np.sqrt(2 * RYDBERG * REST_ENERGY)
        for e in (2e5, 2e5 - 1000.0)
    )
    low, high = q_range(np.array([1000.0]), 2e5, 0.05)
    assert low[0] == pytest.approx((before - after) ** 2, rel=1e-9)
    across = before**2 + after**2 - 2 * before * after * np.cos(0.05)
    assert high[0] == pytest.approx(across, rel=1e-9)


def test_the_cross_section_is_the_integral_over_the_scattering_angle():
    edge = edge_of("C_K")
    strength, loss, beam, widest = hydrogenic_of(edge), 350.0, 1e5, 0.02

    def ring(angle):
        _, high = q_range(np.array([loss]), beam, angle)
        slope = 2 * np.sqrt(
            (2e0 * beam * REST_ENERGY + beam**2)
            * (2e0 * (beam - loss) * REST_ENERGY + (beam - loss) ** 2)
        )
        slope *= np.sin(angle) / (2 * RYDBERG * REST_ENERGY)
        return strength.strength(np.array([loss]), edge.onset, high[None])[0, 0] / high[0] * slope

    integral = quad(ring, 0, widest, points=[1e-4, 1e-3], limit=200)[0]
    expected = 4 * np.pi * BOHR_RADIUS**2 * 1e28 * RYDBERG**2 / (loss * half_mv2(beam)) * integral
    found = cross_section(strength, np.array([loss]), edge.onset, beam, widest)
    assert found[0] == pytest.approx(expected, rel=1e-6)


def collected_share(convergence, collection, theta):
    """The share that a round aperture takes of what a round illumination scatters.

    Ring by ring: around an incident direction, that part of each ring of scattering angles which
    lies inside the aperture.
    """
    incident = convergence * np.sqrt((np.arange(500) + 0.5) / 500)
    edges = np.concatenate([[0.0], np.geomspace(theta * 1e-4, convergence + collection, 6000)])
    ring = (edges[1:] + edges[:-1]) / 2
    cosine = (ring**2 + incident[:, None] ** 2 - collection**2) / (2 * ring * incident[:, None])
    inside = np.arccos(np.clip(cosine, -1, 1)) / np.pi
    weight = np.log((edges[1:] ** 2 + theta**2) / (edges[:-1] ** 2 + theta**2))
    return (inside * weight).sum(axis=1).mean()


@pytest.mark.parametrize(
    ("convergence", "collection"), [(1.0, 10.0), (5.0, 10.0), (10.0, 10.0), (15.0, 10.0)]
)
def test_the_effective_angle_collects_what_the_two_apertures_do(convergence, collection):
    alpha, beta = 1e-3 * convergence, 1e-3 * collection
    theta = characteristic_angle(284.0, 2e5)
    share = collected_share(alpha, beta, theta) * max(1.0, alpha / beta) ** 2
    angle = effective_angle(2e5, 284.0, alpha, beta)
    assert np.log1p((angle / theta) ** 2) == pytest.approx(share, rel=1e-4)


def test_a_parallel_beam_leaves_the_collection_angle_as_it_is():
    assert effective_angle(2e5, 284.0, 0.0, 0.01) == pytest.approx(0.01)
    assert effective_angle(2e5, 284.0, 1e-5, 0.01) == pytest.approx(0.01, rel=1e-5)


@pytest.mark.hyperspy
@pytest.mark.parametrize("beam", [(80.0, 30.0), (200.0, 10.0), (300.0, 5.0)])
@pytest.mark.parametrize(
    "name", ["B_K", "C_K", "O_K", "Si_K", "Ca_L3", "Ti_L3", "Cr_L3", "Fe_L3", "Cu_L3", "Mo_L3"]
)
def test_hydrogenic_edges_are_those_of_exspy_within_one_per_cent(name, beam):
    from exspy.components import EELSCLEdge as TheirEdge

    theirs = TheirEdge(name, GOS="hydrogenic")
    # So small a convergence that both correct for it in the same way.
    theirs.set_microscope_parameters(E0=beam[0], alpha=1e-3, beta=beam[1], energy_scale=1.0)
    onset = float(theirs.onset_energy.value)
    ours = EELSCLEdge(name, onset_energy=onset)
    ours.set_microscope_parameters(beam[0], 1e-3, beam[1], 1.0)
    # Between the onset and 6 eV exspy draws straight lines over steps of 3 eV.
    x = onset + np.array([-1.0, 0.0, 6.0, 10.0, 20.0, 50.0, 100.0, 200.0, 400.0, 600.0])
    np.testing.assert_allclose(ours.function(x), theirs.function(x), rtol=1e-2)
    # The onsets come from different tables.
    assert EELSCLEdge(name).onset_energy.value == pytest.approx(onset, abs=1.0)


@pytest.mark.parametrize(
    ("name", "literature"),
    # Ahn & Krivanek, EELS Atlas (Gatan, 1983).
    [
        *(("B_K", 188), ("C_K", 284), ("N_K", 401), ("O_K", 532), ("F_K", 685), ("Si_K", 1839)),
        *(("Ca_L3", 346), ("Ti_L3", 456), ("Cr_L2", 584), ("Fe_L3", 708), ("La_M5", 832)),
    ],
)
def test_edges_begin_where_the_atlas_says(name, literature):
    assert edge_of(name).onset == pytest.approx(literature, abs=1.5)


def test_a_group_of_subshells_begins_with_its_first():
    assert edge_of("Al_L23").onset == edge_of("Al_L3").onset
    assert hydrogenic_of(edge_of("Al_L23")) == hydrogenic_of(edge_of("Al_L3"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Xx_K", "has no 'Xx'"),
        ("C", "after the underscore has no ''"),
        ("C_L4", "C in the table of edges has no 'L4'"),
        ("Li_M5", "known: K"),
    ],
)
def test_a_wrong_edge_lists_the_right_ones(name, says):
    with pytest.raises(UnknownNameError, match=says):
        edge_of(name)


@pytest.mark.parametrize("edge", ["La_M5", "Cr_L2", "Cr_L1", "Mg_L3"])
def test_an_edge_without_a_hydrogenic_cross_section_asks_for_a_table(edge):
    with pytest.raises(ModelError, match="give gos_file_path"):
        hydrogenic_of(edge_of(edge))


def test_an_edge_is_named_by_element_and_subshell():
    assert Edge("Cr", "L3", 24, 574.0).name == "Cr_L3"


@pytest.mark.parametrize("n", [4, 5, 22])
def test_splines_are_scipys(n):
    t = np.linspace(0, 1, 301)
    # Those that scipy takes to interpolate n even places.
    knots = splrep(np.linspace(0, 1, n), np.zeros(n), s=0)[0]
    expected = [BSpline(knots, unit, 3)(t) for unit in np.eye(n)]
    np.testing.assert_allclose(bspline_basis(t, n), expected, atol=1e-14)
    np.testing.assert_allclose(bspline_basis(t, n).sum(axis=0), 1.0, rtol=1e-14)
    assert not bspline_basis(np.array([-0.1, 1.1]), n).any()
