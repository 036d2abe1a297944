"""The maps of all parameters in a ``.npz`` file."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import FileFormatError, MissingFileError


def model(*, order=2, nav=(2, 3)):
    m = hs.signals.Signal1D(np.ones((*nav, 8))).create_model()
    m.append(hs.model.components1D.Gaussian())
    m.append(hs.model.components1D.Polynomial(order=order))
    return m


def test_numbers_come_back_from_a_file(tmp_path):
    m, n = model(), model()
    draw = np.random.default_rng(4)
    for name in ("values", "std"):
        getattr(m.maps, name)[...] = draw.normal(size=getattr(m.maps, name).shape)
    m.maps.is_set[1] = True
    path = m.save_parameters2file(tmp_path / "numbers")
    assert path == tmp_path / "numbers.npz"
    n.load_parameters_from_file(tmp_path / "numbers")
    for name in ("values", "std", "is_set"):
        np.testing.assert_array_equal(getattr(n.maps, name), getattr(m.maps, name))
    n.axes_manager.indices = (2, 1)
    assert n[0].A.value == m[0].A.map["values"][1, 2]


def test_the_keys_are_those_of_hyperspy(tmp_path):
    with np.load(model().save_parameters2file(tmp_path / "numbers"), allow_pickle=False) as file:
        assert sorted(file.files) == [
            "0_Gaussian.A",
            "0_Gaussian.centre",
            "0_Gaussian.sigma",
            "1_Polynomial.coefficients",
        ]
        assert file["0_Gaussian.A"].dtype.names == ("values", "std", "is_set")
        assert file["1_Polynomial.coefficients"]["values"].shape == (2, 3, 3)


def test_a_file_of_another_model_is_refused_and_nothing_changes(tmp_path):
    m = model()
    path = m.save_parameters2file(tmp_path / "numbers")
    for other, match in (
        (model(order=3), "is a map of"),
        (model(nav=(3, 2)), r"is a map of \(2, 3\)"),
    ):
        with pytest.raises(FileFormatError, match=match):
            other.load_parameters_from_file(path)
        assert not other.maps.is_set.any()
    m.append(hs.model.components1D.Offset())
    with pytest.raises(FileFormatError, match=r"other components: 2_Offset\.offset stands in one"):
        m.load_parameters_from_file(path)


def test_a_damaged_or_pickled_file_is_refused(tmp_path):
    m = model()
    with pytest.raises(MissingFileError, match="is not there"):
        m.load_parameters_from_file(tmp_path / "none.npz")
    (tmp_path / "cut.npz").write_bytes(m.save_parameters2file(tmp_path / "a").read_bytes()[:500])
    with pytest.raises(FileFormatError, match=r"cut\.npz cannot be read as a \.npz file"):
        m.load_parameters_from_file(tmp_path / "cut.npz")
    with np.load(tmp_path / "a.npz") as file:
        keys = file.files
    np.savez(tmp_path / "b.npz", **{key: np.array([{}], dtype=object) for key in keys})
    with pytest.raises(FileFormatError, match=r"b\.npz cannot be read.*allow_pickle"):
        m.load_parameters_from_file(tmp_path / "b.npz")
