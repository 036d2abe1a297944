"""Oscillator strengths from files: written by h5py in the open layout, read by us and by exspy."""

import h5py
import numpy as np
import pytest
from numpy.testing import assert_allclose

from hsjupyter.components.eels.cl_edge import EELSCLEdge
from hsjupyter.components.eels.edges import edge_of
from hsjupyter.components.eels.gosh import read_gosh
from hsjupyter.components.eels.hydrogenic import hydrogenic_of
from hsjupyter.components.eels.kinematics import BOHR_RADIUS
from hsjupyter.core.errors import FileFormatError, MissingFileError, UnknownNameError

ONSET = 284.0
LOSSES = ONSET + np.array([1.0, 5.0, 20.0, 50.0, 100.0, 300.0])


def write(path, *, table=None, ratio=1.0, squeeze=False, q=None, free=None):
    """Write the hydrogenic strengths of carbon as a ``.gosh`` file; the parts can be replaced."""
    q = np.geomspace(1e8, 1e12, 160) if q is None else q
    free = np.geomspace(0.5, 1500.0, 90) - 0.5 if free is None else free
    q2 = np.broadcast_to((q[:, None] * BOHR_RADIUS) ** 2, (len(q), len(free)))
    strength = hydrogenic_of(edge_of("C_K")).strength(ONSET + free, ONSET, q2)
    with h5py.File(path, "w") as file:
        file.attrs["file_format"], file.attrs["file_format_version"] = "GOSH", "0.7.2"
        group = file.create_group("C/K1")
        group["data"] = (strength if squeeze else strength[None]) if table is None else table
        group["q"], group["free_energies"] = q, free
        info = file.create_group("metadata/edges_info/K").attrs
        info["table"], info["occupancy_ratio"] = "K1", ratio
        info["n"], info["l"] = 1, 0
        file.create_group("metadata/data_ref").attrs["data_doi"] = "none"
        file.create_group("metadata/bib_ref").attrs["bib_doi"] = "none"
    return path


def carbon(**words):
    edge = EELSCLEdge("C_K", onset_energy=ONSET, **words)
    edge.set_microscope_parameters(200, 1e-3, 10, 1.0)
    return edge


@pytest.mark.parametrize("squeeze", [False, True])
def test_a_table_of_the_hydrogenic_strengths_gives_the_hydrogenic_edge(squeeze, tmp_path):
    path = write(tmp_path / "c.gosh", squeeze=squeeze)
    tabulated = carbon(gos_file_path=path)
    assert tabulated.GOS == "gosh"
    # Straight lines between 90 energies leave one in a thousand.
    assert_allclose(tabulated.function(LOSSES), carbon().function(LOSSES), rtol=2e-3)


@pytest.mark.hyperspy
@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_the_same_file_gives_exspys_edge(ratio, tmp_path):
    from exspy.components import EELSCLEdge as TheirEdge

    path = write(tmp_path / "c.gosh", ratio=ratio)
    theirs = TheirEdge("C_K", GOS="dft", gos_file_path=str(path))
    theirs.set_microscope_parameters(E0=200, alpha=1e-3, beta=10, energy_scale=1.0)
    ours = carbon(GOS="dft", gos_file_path=path).function(LOSSES)
    assert_allclose(ours, theirs.function(LOSSES), rtol=2e-3)


def test_above_the_table_the_strength_falls_on_as_it_fell(tmp_path):
    short = write(tmp_path / "c.gosh", free=np.geomspace(0.5, 300.0, 90) - 0.5)
    far = ONSET + np.array([400.0, 600.0])
    beyond = carbon(gos_file_path=short).function(far)
    assert_allclose(beyond, carbon().function(far), rtol=0.25)
    assert (np.diff(beyond) < 0).all()


def test_an_edge_from_a_file_is_copied_with_its_path(tmp_path):
    edge = carbon(gos_file_path=write(tmp_path / "c.gosh"))
    assert_allclose(edge.copy().function(LOSSES), edge.function(LOSSES), rtol=0)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"there is no file .*nowhere.gosh"):
        EELSCLEdge("C_K", gos_file_path=tmp_path / "nowhere.gosh")


def test_an_edge_that_is_not_in_the_file_lists_those_that_are(tmp_path):
    with pytest.raises(UnknownNameError, match=r"has no 'O_K'; did you mean 'C_K'"):
        read_gosh(str(write(tmp_path / "c.gosh")), edge_of("O_K"))


def test_what_is_no_gosh_file_is_refused(tmp_path):
    text = tmp_path / "text.gosh"
    text.write_text("not HDF5")
    with pytest.raises(FileFormatError, match="a group for every element, is wanted"):
        read_gosh(str(text), edge_of("C_K"))
    with h5py.File(tmp_path / "empty.gosh", "w"):
        pass
    with pytest.raises(FileFormatError, match="a group for every element, is wanted"):
        read_gosh(str(tmp_path / "empty.gosh"), edge_of("C_K"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"table": np.ones((3, 4))}, "for 160 wave vectors and 90 energies"),
        ({"table": np.full((160, 90), np.nan)}, "finite numbers of that shape"),
        ({"q": np.geomspace(1e12, 1e8, 160)}, "must rise"),
        ({"free": np.linspace(90, 1, 90)}, "must rise"),
    ],
)
def test_a_table_that_cannot_be_is_refused(words, says, tmp_path):
    with pytest.raises(FileFormatError, match=says):
        read_gosh(str(write(tmp_path / "c.gosh", **words)), edge_of("C_K"))
