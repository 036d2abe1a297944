"""Models that HyperSpy of years ago stored, as they ship inside of its own tests."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning, ModelError

pytestmark = pytest.mark.hyperspy

FOLDER = Path(find_spec("hyperspy").submodule_search_locations[0]) / "tests/component/data"


@pytest.mark.parametrize("name", ["hs14_model", "hs15_model", "hs16_model"])
def test_models_of_1_4_to_1_6_are_restored(name):
    """The numbers are those that HyperSpy's own tests of these files expect."""
    m = hs.load(FOLDER / f"{name}.hspy").models.restore("a")
    gaussian, step, eels_step, polynomial, voigt = m
    assert [p.value for p in (gaussian.A, gaussian.centre, gaussian.sigma)] == [13, 9, 2]
    assert [p.value for p in (step.A, step.k, step.x0)] == [5, 1.5, 75.5]
    assert [p.value for p in (eels_step.A, eels_step.k, eels_step.x0)] == [5, 1.5, 22.5]
    # Its step is zero far to the left, that of the plain one is -pi/2 * A there.
    assert eels_step.function(np.array([-1e9]))[0] == pytest.approx(0.0, abs=1e-6)
    assert step.function(np.array([-1e9]))[0] == pytest.approx(-5 * np.pi / 2)
    assert polynomial.coefficients.value == (0.01, -0.5, 25.0)
    assert type(voigt).__name__ == "PESVoigt"
    assert [p.value for p in (voigt.area, voigt.centre, voigt.FWHM, voigt.gamma)] == [
        100,
        50,
        1.5,
        2.5,
    ]
    assert gaussian.A.bmin == 0
    assert np.isfinite(m()).all()


def test_a_polynomial_that_forgot_its_order_is_restored():
    m = hs.load(FOLDER / "hs211_model_polynomial_reload.hspy").models.restore("a")
    np.testing.assert_allclose(m[0].coefficients.value, (3, 2, 1, 0), atol=2e-3)
    assert m[0].name == "3rd order Polynomial"


def test_a_component_whose_class_was_pickled_keeps_its_values():
    with pytest.warns(HSJupyterWarning, match=r"_bs__class_dump"):
        s = hs.load(FOLDER / "hs2.0_custom_component.hspy")
    with pytest.warns(HSJupyterWarning, match="CustomComponent keeps its values only"):
        m = s.models.restore("a")
    (component,) = m
    assert repr(component) == "<CustomComponent (unknown component CustomComponent)>"
    assert [p.name for p in component.parameters] == ["p1", "p2"]
    with pytest.raises(ModelError, match="is not known here; its values are kept"):
        m.fit()
    with pytest.raises(ModelError, match="Define a component class of that name"):
        m()
