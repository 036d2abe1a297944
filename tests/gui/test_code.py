"""A model written as Python: running it makes the same model."""

from typing import Any

import numpy as np

import hsjupyter.api as hs
from hsjupyter.gui.code import definition
from hsjupyter.model import Model1D
from tests.gui.conftest import two_lines


def made_again(model: Any) -> Any:
    """The model that the Python of another makes."""
    space: dict[str, Any] = {"hs": hs, "s": model.signal}
    exec(definition(model, "fit", "s"), space)  # noqa: S102 - it is what the person would run
    return space["fit"]


def numbers_of(model: Any) -> list[Any]:
    """All that the Python promises to keep."""
    return [
        (str(p), p.value, p.free, p.bmin, p.bmax, str(p.twin), p.twin_function_expr)
        for p in model.parameters
    ]


def edited(model: Model1D) -> Model1D:
    """The model with every kind of edit."""
    expression = hs.model.components1D.Expression("a * exp(-x / tau)", name="decay", tau=2.0)
    model.extend([expression, hs.model.components1D.Polynomial(order=3)])
    left, right = model["left"], model["right"]
    left.sigma.set_bounds(0.1, 2.0)
    left.A.free = False
    right.active = False
    right.sigma.twin_function_expr = "2 * x"
    right.sigma.twin = left.sigma
    right.A.twin_function_expr = "left.A / 3"
    model["Polynomial"].a2.value = -0.25
    model.set_signal_range(1.0, 3.0)
    model.add_signal_range(6.0, 8.5)
    return model


def test_a_model_is_made_again_by_its_python(model: Model1D) -> None:
    again = made_again(edited(model))
    assert numbers_of(again) == numbers_of(model)
    assert [c.active for c in again] == [c.active for c in model]
    assert np.array_equal(again.channel_switches, model.channel_switches)
    np.testing.assert_allclose(again(), model(), rtol=1e-15)


def test_a_model_that_is_as_declared_says_no_more_than_it_needs(model: Model1D) -> None:
    model.remove([c for c in model if c.name != "Offset"])
    assert definition(model, "m", "s").splitlines() == [
        "m = s.create_model()",
        "m.append(hs.model.components1D.Offset(name='Offset'))",
    ]


def test_a_component_that_holds_data_is_told_of() -> None:
    model = two_lines()
    spectrum = hs.signals.Signal1D(np.ones(64))
    model.append(hs.model.components1D.ScalableFixedPattern(spectrum))
    code = definition(model, "m", "s")
    assert "# 'ScalableFixedPattern', ScalableFixedPattern, holds data of its own" in code
    assert [c.name for c in made_again(model)] == ["left", "right", "Offset"]


def test_a_model_of_a_special_signal_begins_empty() -> None:
    signal = hs.signals.Signal1D(np.linspace(2, 1, 50))
    signal.set_signal_type("EELS")
    model = signal.create_model(auto_background=True)
    assert numbers_of(made_again(model)) == numbers_of(model)
