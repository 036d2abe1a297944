"""What a person takes away: tables, files, signals."""

import builtins
import csv

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import LibraryMissing

c1, c2 = hs.model.components1D, hs.model.components2D


@pytest.fixture
def model():
    axes = [
        {"size": 2, "name": "y", "units": "nm", "scale": 2.0},
        {"size": 3, "name": "x", "units": "nm", "offset": 10.0},
        {"size": 20, "units": "eV"},
    ]
    m = hs.signals.Signal1D(np.ones((2, 3, 20)), axes=axes).create_model()
    m.extend([c1.Gaussian(), c1.Polynomial(order=1)])
    for number, p in enumerate(m.parameters):
        pixels = np.arange(6.0 * p.size).reshape(p.map["values"].shape)
        p.map["values"], p.map["std"], p.map["is_set"] = 5 * pixels + number, 0.5, True
        p.map["values"][1, 2] = p.map["std"][1, 2] = np.nan
    m.maps.chisq[...], m.maps.dof[...] = 30.0, 5.0
    m.load()
    return m


COLUMNS = ["Gaussian.A", "Gaussian.sigma", "Gaussian.centre"]
COLUMNS += ["Polynomial.coefficients.a1", "Polynomial.coefficients.a0"]


def test_a_frame_has_a_row_for_every_pixel(model):
    frame = model.to_dataframe()
    assert list(frame.columns[::2][:5]) == COLUMNS
    assert list(frame.columns[1::2][:5]) == [f"{name} std" for name in COLUMNS]
    assert list(frame.columns[-3:]) == ["chisq", "red_chisq", "dof"]
    assert frame.index.names == ["y", "x"]
    assert frame.loc[(2.0, 11.0), "Gaussian.sigma"] == model[0].sigma.map["values"][1, 1]
    assert np.isnan(frame.loc[(2.0, 12.0), "Gaussian.sigma"])
    assert frame.attrs["units"]["Gaussian.centre"] == "eV"
    assert_allclose(frame["red_chisq"], 2.0)


def test_a_frame_of_a_single_spectrum_has_one_row():
    m = hs.signals.Signal1D(np.ones(5)).create_model()
    m.append(c1.Offset(offset=3))
    m.fit()
    frame = m.to_dataframe()
    assert isinstance(frame, pd.DataFrame)
    assert frame.index.name == "pixel"
    assert frame["Offset.offset"].tolist() == [1.0]


def test_a_data_set_has_a_variable_for_every_number(model):
    data = model.to_xarray()
    assert isinstance(data, xr.Dataset)
    assert data["Gaussian.A"].dims == ("y", "x")
    assert_array_equal(data["Gaussian.A"], model[0].A.map["values"])
    assert_array_equal(data["Gaussian.A_std"], model[0].A.map["std"])
    assert data["Gaussian.centre"].attrs["units"] == "eV"
    assert_array_equal(data["x"], [10, 11, 12])
    assert data["x"].attrs["units"] == "nm"
    assert float(data["chisq"].sel(y=2.0, x=11.0)) == 30


@pytest.mark.parametrize(("word", "library"), [("to_dataframe", "pandas"), ("to_xarray", "xarray")])
def test_a_library_that_is_missing_is_told(model, monkeypatch, word, library):
    real = builtins.__import__

    def without(name, *others, **more):
        if name == library:
            raise ModuleNotFoundError(name)
        return real(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LibraryMissing, match=r"pip install 'hsjupyter\[tables\]'"):
        getattr(model, word)()


def test_a_table_is_written_as_csv(model, tmp_path):
    path = model.to_csv(tmp_path / "maps")
    assert path.name == "maps.csv"
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert "Gaussian.centre [eV]" in head
    assert "Gaussian.centre std [eV]" in head
    assert len(rows) == 6
    with pytest.raises(FileExistsError, match="overwrite=True"):
        model.to_csv(tmp_path / "maps")
    assert model.to_csv(tmp_path / "maps", overwrite=True) == path


def test_every_map_is_a_signal_with_errors_and_units(model):
    s = model[0].centre.as_signal()
    assert repr(s) == "<Signal2D, title: Gaussian.centre, dimensions: (|3, 2)>"
    assert s.metadata.Signal.quantity == "centre (eV)"
    assert_allclose(s.get_noise_variance().data[0], 0.25)
    std = model[0].centre.as_signal("std")
    assert repr(std) == "<Signal2D, title: Gaussian.centre std, dimensions: (|3, 2)>"
    vector = model[1].coefficients.as_signal()
    assert vector.data.shape == (2, 3, 2)
    s.data[...] = 7.5
    assert not (model[0].centre.map["values"] == 7.5).any()


def test_a_parameter_is_exported_and_no_file_is_replaced(model, tmp_path):
    (path,) = model[0].centre.export(folder=tmp_path)
    assert path == tmp_path / "Gaussian_centre.hspy"
    assert_array_equal(hs.load(path).data, model[0].centre.map["values"])
    paths = model[0].centre.export(folder=tmp_path, save_std=True)
    assert [p.name for p in paths] == ["Gaussian_centre-1.hspy", "Gaussian_centre-1_std.hspy"]
    assert_array_equal(hs.load(paths[1]).data, model[0].centre.map["std"])
    (named,) = model[0].centre.export(folder=tmp_path, name="my map", format=".hspy")
    assert named.name == "my_map.hspy"


def test_results_are_exported_as_asked(model, tmp_path):
    model[0].sigma.free = False
    model[1].active = False
    written = model.export_results(tmp_path / "")
    assert [p.name for p in written] == ["Gaussian_A.hspy", "Gaussian_centre.hspy"]
    (tmp_path / "all").mkdir()
    written = model.export_results(tmp_path / "all", only_free=False, only_active=False)
    assert len(written) == 4
    assert [p.name for p in model[0].export(tmp_path / "all", only_free=False)] == [
        "Gaussian_A-1.hspy",
        "Gaussian_sigma-1.hspy",
        "Gaussian_centre-1.hspy",
    ]


def test_the_model_of_all_pixels_is_a_signal(model):
    x = np.arange(20.0)
    model.set_signal_range(5, 15)
    a1, a0 = np.moveaxis(model[1].coefficients.map["values"], -1, 0)[..., np.newaxis]
    line = a1 * x + a0
    s = model.as_signal(component_list=["Polynomial"])
    assert_allclose(s.data[..., 5:16], line[..., 5:16])
    assert np.isnan(s.data[..., :5]).all()
    assert np.isnan(s.data[..., 16:]).all()
    whole = model.as_signal(["Polynomial"], out_of_range_to_nan=False, show_progressbar=False)
    assert_allclose(whole.data, line)
    model["Polynomial"].active = False
    assert_allclose(model.as_signal([1], out_of_range_to_nan=False).data, line)
    out = hs.signals.Signal1D(np.zeros((2, 3, 20)))
    assert model.as_signal([1], out_of_range_to_nan=False, out=out) is out
    assert_allclose(out.data, line)


def test_components_that_are_off_at_a_pixel_do_not_count_there(model):
    for p, value in zip(model[0].parameters, (1.0, 2.0, 5.0), strict=True):
        p.map["values"] = value
    model[0].active_is_multidimensional = True
    model[0]._active_array[0, 1] = False
    s = model.as_signal(["Gaussian"])
    assert (s.data[0, 1] == 0).all()
    assert s.data[0, 0].any()


def test_images_are_models_of_all_pixels_too():
    m = hs.signals.Signal2D(np.zeros((3, 6, 8))).create_model()
    m.append(c2.Gaussian2D(centre_x=3, centre_y=2))
    m.assign_current_values_to_all()
    m[0].A.map["values"] = [1, 2, 3]
    m.set_signal_range(1, 5, 0, 4)
    s = m.as_signal()
    assert s.data.shape == (3, 6, 8)
    inside = np.zeros((6, 8), dtype=bool)
    inside[0:5, 1:6] = True
    assert_array_equal(np.isfinite(s.data[1]), inside)
    assert_allclose(s.data[2][inside], 3 * m()[inside])


def test_every_map_is_plotted_by_its_signal(model, monkeypatch):
    shown = []

    def plot(signal, **options):
        shown.append((signal.metadata.General.title, options))

    monkeypatch.setattr(type(model[0].A.as_signal()), "plot", plot, raising=False)
    model[0].A.plot(display=False)
    model[0].sigma.free = False
    model[0].plot()
    model.plot_results(only_free=False)
    titles = [title for title, _ in shown]
    assert titles[0:3] == ["Gaussian.A", "Gaussian.A", "Gaussian.centre"]
    assert titles[3:] == ["Gaussian.A", *COLUMNS[1:3], "Polynomial.coefficients"]
    assert shown[0][1] == {"display": False}
