"""X-ray lines: energies and weights from the literature, widths of the detector."""

import numpy as np
import pytest

from hsjupyter.components.eds.detector import MN_KA, width_at
from hsjupyter.components.eds.lines import families, line_of
from hsjupyter.core.errors import DataError, UnknownNameError


@pytest.mark.parametrize(
    ("name", "kev"),
    # Bearden, Rev. Mod. Phys. 39 (1967) 78; doublets that are one line here, 2 to 1 in strength.
    [
        ("C_Ka", 0.277),
        ("O_Ka", 0.5249),
        ("Al_Ka", 1.48656),
        ("Si_Ka", 1.73978),
        ("Ti_Ka", 4.50885),
        ("Mn_Ka", 5.89505),
        ("Fe_Kb", 7.05798),
        ("Cu_Ka", 8.04105),
        ("Cu_La", 0.9297),
        ("Ag_La", 2.98431),
        ("Au_Ma", 2.1229),
    ],
)
def test_energies_are_those_of_the_literature(name, kev):
    assert line_of(name).energy == pytest.approx(kev, abs=0.002)


@pytest.mark.parametrize(
    ("element", "ratio"),
    # Kb/Ka: Khan & Karimi, X-Ray Spectrom. 9 (1980) 32.
    [("Al", 0.0130), ("S", 0.0659), ("Ca", 0.1315), ("Fe", 0.1391), ("Cu", 0.1366), ("Zn", 0.1410)],
)
def test_k_beta_is_as_strong_as_measured(element, ratio):
    lines = {line.line: line.weight for line in families(element)["K"]}
    assert lines["Kb"] / lines["Ka"] == pytest.approx(ratio, rel=0.08)


@pytest.mark.hyperspy
@pytest.mark.parametrize("element", ["Zr", "Mo", "Ag", "Sn", "Ba", "Gd"])
def test_strong_l_lines_are_those_of_exspys_table_within_a_third(element):
    from exspy.material import elements

    theirs = elements[element].Atomic_properties.Xray_lines.as_dictionary()
    ours = {line.line: line for line in families(element)["L"]}
    whole = sum(line.weight for line in ours.values() if line.line in {"La", "La2"})
    for name in ("Lb1", "Lb2", "Lb3", "Ll", "Lg1"):
        if theirs[name]["weight"] < 0.03:
            continue
        assert ours[name].weight / whole == pytest.approx(theirs[name]["weight"], rel=1 / 3)
        assert ours[name].energy == pytest.approx(theirs[name]["energy (keV)"], abs=0.005)


def test_the_main_line_comes_first_and_weighs_one():
    for element in ("O", "Ti", "Ga", "Sn", "Au"):
        for family, lines in families(element).items():
            assert lines[0].line == f"{family}a"
            assert lines[0].weight == 1.0
            assert len({line.name for line in lines}) == len(lines)
            assert all(0 < line.weight < 1 for line in lines[1:])


def test_a_doublet_is_one_line_until_a_detector_can_tell():
    assert "Ka2" not in [line.line for line in families("Zn")["K"]]
    split = {line.line: line for line in families("Mo")["K"]}
    assert split["Ka2"].weight == pytest.approx(0.525, rel=0.01)  # 2 to 1, nearly
    assert split["Ka"].energy - split["Ka2"].energy == pytest.approx(0.105, abs=0.002)


def test_a_bulk_sample_swallows_soft_lines_above_its_own_edge():
    thin = {line.line: line.weight for line in families("Cu")["L"]}
    bulk = {line.line: line.weight for line in families("Cu", bulk=True)["L"]}
    assert bulk["Lb1"] < 0.5 * thin["Lb1"]  # above the L3 edge
    assert bulk["Ll"] == thin["Ll"]  # below it
    assert families("Fe", bulk=True)["K"] == families("Fe")["K"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("Xx_Ka", "has no 'Xx'"), ("Fe_Kz", "has no 'Kz'; .*known: Ka, Kb"), ("Fe", "has no ''")],
)
def test_a_wrong_line_lists_the_right_ones(name, says):
    with pytest.raises(UnknownNameError, match=says):
        line_of(name)


def test_widths_grow_from_the_resolution_at_mn_ka():
    assert width_at(MN_KA, 130.0) == pytest.approx(0.130)
    # 2.5 eV² of squared width per eV.
    assert width_at(MN_KA + 4.0, 130.0) == pytest.approx(1e-3 * np.sqrt(130**2 + 2.5 * 4000))
    assert width_at(0.277, 130.0) < width_at(1.0, 130.0)


def test_a_resolution_that_no_detector_has_is_told():
    with pytest.raises(DataError, match="a resolution above 119 eV is wanted"):
        width_at(0.277, 110.0)
