"""Slips of the pen are told, wherever they would silently do nothing."""

import numpy as np
import pytest

import hsjupyter.api as hs

ONE = hs.model.components1D


@pytest.mark.parametrize(
    ("name", "near"),
    [("actve", "active"), ("sigm", "sigma"), ("centr", "centre"), ("fwm", "fwhm")],
)
def test_a_component_has_no_attribute_by_a_slip(name, near):
    g = ONE.Gaussian()
    with pytest.raises(ValueError, match=f"has no '{name}'; did you mean .*'{near}'"):
        setattr(g, name, 1.0)
    assert not hasattr(g, name)


def test_each_name_that_would_have_been_right_is_listed_once():
    with pytest.raises(ValueError, match="did you mean 'value'") as told:
        ONE.Gaussian().A.valeu = 3
    known = str(told.value).partition("known: ")[2].split(", ")
    assert "std" in known
    assert len(known) == len(set(known))


def test_a_parameter_is_not_replaced_by_a_number():
    g = ONE.Gaussian()
    with pytest.raises(ValueError, match=r"sigma is a parameter, 3 came; set its number with"):
        g.sigma = 3
    assert g.sigma.value == 1.0


def test_other_attributes_and_a_persons_own_class_are_free():
    g = ONE.Gaussian()
    g.note = "of the first sample"
    assert g.note == "of the first sample"

    class Mine(hs.Component):
        def __init__(self):
            super().__init__(("width1",))
            self.width2 = 3.0

        def function(self, x):
            return self.width1.value * x + self.width2

    assert Mine().width2 == 3.0


def test_a_component_that_is_not_there_is_told_with_the_near_ones():
    m = hs.signals.Signal1D(np.ones(9)).create_model()
    m.append(ONE.Gaussian(name="Long Hydrogen name"))
    assert m.components.Long_Hydrogen_name is m[0]
    with pytest.raises(AttributeError, match=r"m\.components has no 'Long_H.*did you mean 'Long_"):
        m.components.Long_Hydrogen_nam  # noqa: B018 - asking is what is tested
    assert not hasattr(m.components, "_repr_png_")
