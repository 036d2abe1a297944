"""``hsjupyter demo``: the fit, its files, and what a wrong call says."""

import csv

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.command import main


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--no-lab", "--folder", str(made)]) == 0
    return made


def test_the_file_opens_here_and_holds_the_data(folder):
    s = hs.load(folder / "demo.hspy")
    assert repr(s).endswith("dimensions: (22, 22|71)>")
    assert_array_equal(s.data, hs.data.abell478_map().data)


@pytest.mark.hyperspy
def test_hyperspy_opens_the_file(folder):
    import hyperspy.api as theirs

    s = theirs.load(folder / "demo.hspy")
    assert_array_equal(s.data, hs.data.abell478_map().data)
    assert [axis.units for axis in s.axes_manager._axes] == ["arcsec", "arcsec", "Å"]
    assert s.get_noise_variance().data.shape == s.data.shape


def test_the_table_has_a_row_for_every_pixel_and_says_how_the_gas_moves(folder):
    with (folder / "parameters.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22 * 22
    strong = np.array([float(r["N II 6583.centre [Å]"]) for r in rows])
    weak = np.array([float(r["N II 6548.centre [Å]"]) for r in rows])
    assert_allclose(weak, strong * 6548.05 / 6583.45)
    redshift = strong / 6583.45 - 1  # the cluster's is 0.088 (Struble & Rood 1999), the gas moves
    assert ((redshift > 0.084) & (redshift < 0.089)).all()
    chisq = np.array([float(r["chisq"]) / (71 - float(r["dof"])) for r in rows])
    assert 0.9 < np.median(chisq) < 1.4


def test_the_picture_and_the_notebook_are_there(folder):
    picture = (folder / "parameter_maps.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000
    assert "abell478_map" in (folder / "first_fit.ipynb").read_text(encoding="utf-8")


def test_a_notebook_that_was_worked_in_is_kept(folder):
    notebook = folder / "first_fit.ipynb"
    notebook.write_text("mine", encoding="utf-8")
    assert main(["demo", "--no-lab", "--folder", str(folder)]) == 0
    assert notebook.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_is_told_plainly(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main(["demo", "--no-lab", "--folder", str(blocked / "below")]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_a_wrong_word_shows_how_it_is_called(capsys):
    with pytest.raises(SystemExit):
        main(["demonstrate"])
    assert "choose from" in capsys.readouterr().err
