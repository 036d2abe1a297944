"""Names of files as people give them, and what is kept when a save does not succeed."""

from pathlib import Path

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    FileFormatError,
    HSJupyterError,
    HSJupyterWarning,
    MissingFileError,
    SaveError,
    TargetExistsError,
    UnknownNameError,
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def signal(value=1.0):
    return hs.signals.Signal1D(np.full((3, 4, 6), value))


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("fit", "fit.hspy"),
        (Path("fit.npz"), "fit.npz"),
        ("FIT.HSPY", "FIT.HSPY"),
        (".fit", ".fit.hspy"),
        ("größe λ \N{SNOWMAN}", "größe λ \N{SNOWMAN}.hspy"),
        ("[1]*", "[1]*.hspy"),
    ],
)
def test_what_is_saved_under_a_name_is_loaded_by_it(given, written, folder):
    assert signal().save(given) == Path(written)
    assert [path.name for path in folder.iterdir()] == [written]
    assert hs.load(given).data.shape == (3, 4, 6)
    assert hs.load(folder / written).data.shape == (3, 4, 6)


def test_the_extension_may_be_said_beside_the_name():
    assert signal().save("fit", extension="npz") == Path("fit.npz")
    assert signal().create_model().save("fit.npz", extension=".hspy") == Path("fit.hspy")


@pytest.mark.parametrize("given", ["", ".", "sub/", None, 3, b"fit"])
def test_what_is_no_name_is_told_by_save(given, folder):
    with pytest.raises(SaveError, match=r"such as 'fit\.hspy'"):
        signal().save(given)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("", "the name of a file is wanted"),
        (None, "or a list of names"),
        (3, "or a list of names"),
        ([], "or a list of names"),
        ("sub", r"sub is a folder.*sub/\*\.hspy"),
        ("*.zzz", r"\*\.zzz is not there"),
        ("x" * 300, "is no name of a file"),
        ("a\0b", "is not there"),
    ],
)
def test_what_is_no_name_is_told_by_load(given, match, folder):
    (folder / "sub").mkdir()
    with pytest.raises((FileFormatError, MissingFileError), match=match):
        hs.load(given)


def test_several_files_are_loaded_and_stacked():
    for value in (2.0, 1.0, 3.0):
        signal(value).save(f"s{value:.0f}")
    assert [s.data[0, 0, 0] for s in hs.load("s?.hspy")] == [1, 2, 3]
    assert [s.data[0, 0, 0] for s in hs.load(["s3", Path("s1.hspy")])] == [3, 1]
    stacked = hs.load("*.hspy", stack=True)
    assert stacked.axes_manager.navigation_shape[-1] == 3
    assert sorted({*stacked.data.ravel()}) == [1, 2, 3]


def test_the_kind_of_spectra_may_be_said_when_they_are_loaded():
    signal().save("s")
    assert type(hs.load("s", signal_type="EELS")) is hs.signals.EELSSpectrum


def test_options_of_nobody_are_told():
    signal().save("s")
    with pytest.raises(FileFormatError, match="the options colour came"):
        hs.load("s", colour="red")


def test_a_model_that_could_not_be_saved_is_not_stored():
    s = signal()
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian())
    m.save("fit", "first")
    for wrong in ("fit", "nowhere/fit", "fit.csv", "fit.dm3"):
        with pytest.raises(HSJupyterError):
            m.save(wrong, "second")
    with pytest.raises(TypeError, match="unexpected keyword"):
        m.save("other", "second", colour="red")
    assert list(s.models) == ["first"]
    m.save("fit", "second", overwrite=True)
    assert list(hs.load("fit").models) == ["first", "second"]
    with pytest.raises(TargetExistsError, match="overwrite=True"):
        m.save("fit")


def test_names_of_models_go_on_after_z():
    m = signal().create_model()
    for _ in range(29):
        m.store()
    assert sorted(m.signal.models, key=lambda name: (len(name), name)) == [
        *"abcdefghijklmnopqrstuvwxyz",
        "aa",
        "ab",
        "ac",
    ]


def test_a_stored_model_does_not_change_with_its_low_loss():
    s = signal()
    low_loss = hs.signals.Signal1D(np.ones(4))
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian())
    m.low_loss = low_loss
    m.store("frozen")
    low_loss.data[...] = 9
    first = s.models.restore("frozen")
    assert (first.low_loss.data == 1).all()
    first.low_loss.data[...] = 5
    assert (s.models.restore("frozen").low_loss.data == 1).all()


def test_what_has_no_place_in_zspy_is_told():
    s = signal()
    s.metadata.set_item("Notes.function", print)
    with (
        pytest.warns(FutureWarning),
        pytest.warns(HSJupyterWarning, match=r"left out.*metadata\.Notes\.function"),
    ):
        s.save("s.zspy")


def test_a_model_is_found_by_the_name_it_was_stored_by():
    m = hs.data.two_gaussians(shape=(2,)).create_model()
    m.append(hs.model.components1D.Offset())
    m.store("two lines")
    models = m.signal.models
    assert len(models.restore("two lines")) == len(models.two_lines.restore()) == 1
    models.remove("two lines")
    assert list(models) == []
    with pytest.raises(UnknownNameError, match="two lines"):
        models.restore("two lines")
