"""Formats of rosettasciio: loaded on demand, and never where a file could bring code."""

import json
import pickle
import sys
from importlib import import_module

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError, TargetExistsError
from tests.storage.made import Payload, line, spectrum


def test_the_extra_is_not_needed_and_not_loaded_for_our_own_formats(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rsciio", None)
    s = spectrum()
    for ending in ("hspy", "npz", "msa", "csv"):
        np.testing.assert_array_equal(hs.load(s.save(tmp_path / f"s.{ending}")).data, s.data)
    with pytest.raises(FileFormatError, match=r"pip install 'hsjupyter\[formats\]'"):
        s.save(tmp_path / "s.zspy")


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.hyperspy
def test_zspy_goes_there_and_comes_back(tmp_path):
    theirs = import_module("hyperspy.api")
    s = line()
    for n in range(11):
        m = s.create_model()
        m.extend(hs.model.components1D.Gaussian(A=float(i)) for i in range(n + 1))
    m.store_working_values()
    m.store("many")
    path = s.save(tmp_path / "line.zspy")
    assert path.is_dir()
    with pytest.raises(TargetExistsError, match="overwrite=True"):
        s.save(path)
    assert s.save(path, overwrite=True) == path
    assert [p.name for p in tmp_path.iterdir()] == ["line.zspy"]
    there = theirs.load(str(path))
    np.testing.assert_array_equal(there.data, s.data)
    np.testing.assert_array_equal(there.get_noise_variance().data, s.get_noise_variance().data)
    assert [c.A.value for c in there.models.restore("many")] == list(range(11))
    assert there.models.restore("fit")[0].centre.value == 540
    there.save(tmp_path / "theirs.zspy")
    for file in (path, tmp_path / "theirs.zspy"):
        back = hs.load(file)
        np.testing.assert_array_equal(back.data, s.data)
        np.testing.assert_array_equal(back.get_noise_variance().data, s.get_noise_variance().data)
        assert back.axes_manager.dimensions == s.axes_manager.dimensions
        assert [axis.name for axis in back.axes_manager._axes] == ["x", "Energy"]
        restored = back.models.restore("fit")[0]
        assert (restored.A.value, restored.centre.value, restored.sigma.value) == (3, 540, 9)
    many = hs.load(path).models.restore("many")
    assert [c.A.value for c in many] == list(range(11))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_zspy_that_brings_code_is_refused(tmp_path):
    path = spectrum().save(tmp_path / "s.zspy")
    (described,) = path.glob("Experiments/*/data/.zarray")
    tree = json.loads(described.read_text())
    tree["filters"] = [{"id": "pickle", "protocol": 5}]
    described.write_text(json.dumps(tree))
    (described.parent / "0").write_bytes(pickle.dumps(Payload(str(tmp_path / "marker"))))
    with pytest.raises(FileFormatError, match="packed with 'pickle', which may bring code"):
        hs.load(path)
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(("name", "why"), [("a.nc", "evaluates texts"), ("a.prz", "unpickles")])
def test_readers_that_run_what_they_read_are_not_used(name, why, tmp_path):
    (tmp_path / name).write_bytes(b"CDF\x01" + bytes(200))
    with pytest.raises(FileFormatError, match=why):
        hs.load(tmp_path / name)


def test_what_rosettasciio_writes_can_be_saved(tmp_path):
    image = hs.signals.Signal2D(np.arange(12, dtype=np.uint16).reshape(3, 4))
    path = image.save(tmp_path / "image.rpl")
    np.testing.assert_array_equal(hs.load(path).data, image.data)
