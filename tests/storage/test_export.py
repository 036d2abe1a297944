"""The table of parameters holds what the maps hold."""

import csv

import numpy as np
import pytest

from hsjupyter.core.errors import DataError, TargetExistsError
from hsjupyter.storage import MapColumn, write_parameters

AXES = [
    {"name": "y", "units": "µm", "size": 2, "scale": 0.5, "offset": 10.0},
    {"name": "x", "units": "", "axis": np.array([1.0, 2.0, 4.0])},
]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_pixel_is_a_row_with_its_place(tmp_path):
    A = np.arange(6.0).reshape(2, 3)
    std = A / 10
    path = write_parameters(
        tmp_path / "parameters",
        AXES,
        [MapColumn("Gaussian_0.A", A, std, "eV"), MapColumn("chisq", A + 0.1)],
    )
    assert path.name == "parameters.csv"
    found = rows(path)
    assert list(found[0]) == [
        "x index",
        "y index",
        "x",
        "y [µm]",
        "Gaussian_0.A [eV]",
        "Gaussian_0.A std [eV]",
        "chisq",
    ]
    for row in found:
        y, x = int(row["y index"]), int(row["x index"])
        assert float(row["y [µm]"]) == 10 + 0.5 * y
        assert float(row["x"]) == [1, 2, 4][x]
        assert float(row["Gaussian_0.A [eV]"]) == A[y, x]
        assert float(row["Gaussian_0.A std [eV]"]) == std[y, x]
        assert float(row["chisq"]) == A[y, x] + 0.1
    assert [row["x index"] for row in found] == ["0", "1", "2"] * 2


def test_what_is_not_known_is_left_empty(tmp_path):
    path = write_parameters(tmp_path / "p.csv", AXES, [MapColumn("a", np.full((2, 3), np.nan))])
    assert {row["a"] for row in rows(path)} == {""}


def test_numbers_come_back_to_the_last_digit(tmp_path):
    values = np.random.default_rng(3).normal(size=(2, 3)) * 1e-12
    path = write_parameters(tmp_path / "p.csv", AXES, [MapColumn("a", values)])
    found = np.array([float(row["a"]) for row in rows(path)]).reshape(2, 3)
    np.testing.assert_array_equal(found, values)


def test_a_vector_has_a_column_for_each_element(tmp_path):
    values = np.arange(12.0).reshape(2, 3, 2)
    path = write_parameters(tmp_path / "p.csv", AXES, [MapColumn("p.a", values, values + 1)])
    found = rows(path)
    assert [float(row["p.a[1]"]) for row in found] == [1, 3, 5, 7, 9, 11]
    assert [float(row["p.a[1] std"]) for row in found] == [2, 4, 6, 8, 10, 12]


@pytest.mark.parametrize("value", [np.array([2.5]), np.array(2.5)])
def test_one_spectrum_is_one_row(value, tmp_path):
    path = write_parameters(tmp_path / "p.csv", [], [MapColumn("a, b", value)])
    assert rows(path) == [{"a, b": "2.5"}]


def test_a_map_of_another_shape_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"the map of a has shape \(3, 2\)"):
        write_parameters(tmp_path / "p.csv", AXES, [MapColumn("a", np.zeros((3, 2)))])
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_there_is_kept_unless_said_otherwise(tmp_path):
    path = write_parameters(tmp_path / "p.csv", [], [MapColumn("a", np.array(1.0))])
    with pytest.raises(TargetExistsError, match="overwrite=True"):
        write_parameters(path, [], [MapColumn("a", np.array(2.0))])
    write_parameters(path, [], [MapColumn("a", np.array(2.0))], overwrite=True)
    assert rows(path) == [{"a": "2.0"}]
