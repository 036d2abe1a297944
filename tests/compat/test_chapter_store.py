"""The guide's chapter: storing models in their signal and in files."""

import re

import numpy as np
import pytest

import hsjupyter.api as hs

c1 = hs.model.components1D
DATE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


@pytest.fixture
def signal():
    return hs.signals.Signal1D(np.arange(100.0))


def test_stored_models_print_as_a_tree(signal):
    m = signal.create_model()
    m.append(c1.Lorentzian())
    m.store("myname")
    tree = "└── myname\n    ├── components\n    │   └── Lorentzian\n    ├── date = D\n"
    tree += "    └── dimensions = (|100)"
    assert re.sub(DATE, "D", repr(signal.models)) == tree
    m.append(c1.Exponential())
    m.store()
    names = re.findall(r"(\w+)$", re.sub(DATE, "D", repr(signal.models)), flags=re.MULTILINE)
    assert names == [
        "a",
        "components",
        "Exponential",
        "Lorentzian",
        "D",
        "myname",
        "components",
        "Lorentzian",
        "D",
    ]


def test_a_stored_model_is_restored(signal):
    m = signal.create_model()
    m.append(c1.Lorentzian())
    m.store("myname")
    m.append(c1.Exponential())
    m1 = signal.models.restore("myname")
    assert str(m1.components).splitlines()[2].split(" | ")[1:] == 3 * [f"{'Lorentzian':>19}"]
    assert len(m1) == 1
    assert len(m) == 2
    signal.models.remove("myname")
    assert len(signal.models) == 0


def test_a_saved_model_comes_back_from_its_file(signal, tmp_path):
    m = signal.create_model()
    m.append(c1.Gaussian(A=12, centre=30))
    m.fit()
    m.save(tmp_path / "my_filename", "model_name")
    read = hs.load(tmp_path / "my_filename.hspy")
    for again in (read.models.restore("model_name"), read.models.model_name.restore()):
        assert again[0].centre.value == m[0].centre.value
        np.testing.assert_allclose(again(), m())


def test_parameters_may_be_kept_alone_as_before_0_9(signal, tmp_path):
    m = signal.create_model()
    m.append(c1.Gaussian(A=12, centre=30))
    m.store_current_values()
    m.save_parameters2file(tmp_path / "parameters.npz")
    again = signal.create_model()
    again.append(c1.Gaussian())
    again.load_parameters_from_file(tmp_path / "parameters.npz")
    assert (again[0].A.value, again[0].centre.value) == (12, 30)


def test_a_dictionary_makes_the_model_again(signal):
    m = signal.create_model()
    m.extend([c1.Gaussian(A=3, centre=40), c1.Gaussian(A=4, name="second")])
    m[1].sigma.twin = m[0].sigma
    m[1].active = False
    m[0].A.bmax = 7
    m.set_signal_range(20, 60)
    m.store_current_values()
    again = signal.create_model(dictionary=m.as_dictionary())
    assert [c.name for c in again] == ["Gaussian", "second"]
    assert (again[0].A.value, again[0].A.bmax, again[1].active) == (3, 7, False)
    again[0].sigma.value = 9
    assert again[1].sigma.value == 9
    assert m[0].sigma.value == 1
    np.testing.assert_array_equal(again.channel_switches, m.channel_switches)
    assert again[0].A.map["is_set"].all()
