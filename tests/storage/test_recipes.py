"""Recipes: a model with what a visitor may touch, in a file, and for other data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FileFormatError, UnknownNameError
from hsjupyter.storage.recipes import PLACE, make_recipe, model_for, read_recipe

X = np.linspace(0, 10, 64)


def spectra(
    *shape: int, units: str = "eV", low: float = 0.0, high: float = 10.0, n: int = 64
) -> Any:
    """Spectra of ones along an axis."""
    signal = hs.signals.Signal1D(np.ones((*shape, n)))
    axis = signal.axes_manager[-1]
    axis.scale, axis.offset, axis.units = (high - low) / (n - 1), low, units
    return signal


@pytest.fixture
def model() -> Any:
    made = spectra(3, 4).create_model()
    line = hs.model.components1D.Gaussian(A=20.0, centre=4.0, name="a.b: line")
    made.extend([line, hs.model.components1D.Offset(2.0), hs.model.components1D.Gaussian()])
    made["Gaussian"].sigma.twin_function_expr = "2 * x"
    made["Gaussian"].sigma.twin = line.sigma
    made["Offset"].offset.free = False
    made.set_signal_range(1.0, 9.0)
    return made


def test_what_is_free_has_a_slider_and_what_is_not_is_locked(model: Any) -> None:
    touch = make_recipe(model, touch={"Gaussian": "free", "a.b: line.A": "locked"}).touch
    assert touch["a.b: line.centre"] == "slider"
    assert touch["a.b: line.A"] == "locked"
    assert touch["Offset.offset"] == "locked"
    assert touch["Gaussian.A"] == "free"
    assert touch["Gaussian.sigma"] == "locked"  # it follows


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"touch": {"Gausian": "free"}}, "'Gaussian'"),
        ({"touch": {"Gaussian": "yes"}}, "known: free, locked, slider"),
        ({"labels": {"Gaussian.b": "B"}}, "Gaussian.A"),
    ],
)
def test_a_wrong_name_lists_the_right_ones(options: Any, says: str, model: Any) -> None:
    with pytest.raises(UnknownNameError, match=says):
        make_recipe(model, **options)


def test_a_recipe_comes_back_as_it_went(model: Any, tmp_path: Path) -> None:
    model.axes_manager.indices = (2, 1)
    before = model.signal.metadata.as_dictionary()
    given = {"title": "T", "text": "a\n\nb", "labels": {"Gaussian.A": "Ä"}, "units": {}}
    path = model.save_recipe(tmp_path / "r", **given)
    assert model.signal.metadata.as_dictionary() == before
    assert len(model.signal.models) == 0
    again, recipe = read_recipe(path)
    assert recipe == make_recipe(model, **given)
    assert again.axes_manager.indices == (2, 1)
    assert again["Gaussian"].sigma.twin is again["a.b: line"].sigma


def test_a_saved_model_without_recipe_has_the_usual_one(model: Any, tmp_path: Path) -> None:
    path = model.save(tmp_path / "m.hspy")
    assert read_recipe(path)[1] == make_recipe(model)


def test_a_file_without_model_says_how_to_make_a_recipe(tmp_path: Path) -> None:
    path = spectra().save(tmp_path / "s.hspy")
    with pytest.raises(FileFormatError, match="save_recipe"):
        read_recipe(path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "__import__('os')", '{"title": 3}', "[" * 100_000, json.dumps({"title": "x"})],
)
def test_a_damaged_recipe_is_refused(text: str, model: Any, tmp_path: Path) -> None:
    model.signal.metadata.set_item(PLACE, text)
    path = model.save(tmp_path / "m.hspy")
    with pytest.raises(FileFormatError, match="its recipe is damaged"):
        read_recipe(path)


def test_other_data_get_the_same_model(model: Any) -> None:
    made = model_for(model, spectra(2, low=2.0, high=12.0, n=101))
    assert [c.name for c in made] == [c.name for c in model]
    assert [p.value for p in made.parameters] == [p.value for p in model.parameters]
    assert made["Gaussian"].sigma.twin is made["a.b: line"].sigma
    axis = made.axes_manager[-1].axis
    inside = (axis >= 1.0) & (axis <= 9.0)
    # Within half a channel of the recipe's axis.
    assert np.abs(inside.sum() - made.channel_switches.sum()) <= 1
    made["a.b: line"].A.value = 3.0
    assert model["a.b: line"].A.value == 20.0


@pytest.mark.parametrize(
    ("signal", "says"),
    [
        (lambda: spectra(units="nm"), "is in 'nm', and this page is made for 'eV'"),
        (lambda: spectra(low=20, high=30), "run from 20 to 30 eV, and this page looks at 0 to 10"),
        (lambda: hs.signals.Signal2D(np.ones((8, 8))), "these data are images"),
        (lambda: hs.signals.Signal1D(np.full(64, np.nan)), "no number"),
        (lambda: hs.signals.Signal1D(np.ones(64, dtype=complex)), "not real numbers"),
    ],
)
def test_data_that_do_not_suit_are_refused_in_plain_words(
    signal: Any, says: str, model: Any
) -> None:
    with pytest.raises(DataError, match=says):
        model_for(model, signal())
