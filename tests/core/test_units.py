"""Units of parameters, as they are declared and as a signal has them."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.units import units_of


def signal(x: str, quantity: str):
    made = hs.signals.Signal1D(np.zeros(4), axes=[{"size": 4, "units": x}])
    made.metadata.set_item("Signal.quantity", quantity)
    return made


@pytest.mark.parametrize(
    ("declared", "units"),
    [
        ("x", "nm"),
        ("1/x", "1/nm"),
        ("y", "counts"),
        ("y·x", "counts·nm"),
        ("y·x^2", "counts·nm^2"),
        ("rad", "rad"),
        ("barn/eV", "barn/eV"),
        ("y·x^(1-alpha)", ""),
        ("", ""),
    ],
)
def test_what_is_declared_is_told_in_units_of_the_signal(declared, units):
    assert units_of(declared, signal("nm", "Intensity (counts)")) == units


@pytest.mark.parametrize(("declared", "units"), [("y·x", ""), ("x", ""), ("mrad", "mrad")])
def test_where_the_signal_has_none_only_physical_ones_are_told(declared, units):
    assert units_of(declared, signal("", "Intensity")) == units


@pytest.mark.parametrize(
    ("declared", "units"),
    [
        ("y", "1e-20 erg/s/cm²/Å"),
        ("y·x", "(1e-20 erg/s/cm²/Å)·Å"),
        ("y·x^2", "(1e-20 erg/s/cm²/Å)·Å^2"),
        ("1/x", "1/Å"),
    ],
)
def test_what_is_a_unit_of_several_parts_stands_in_brackets_beside_others(declared, units):
    assert units_of(declared, signal("Å", "Flux (1e-20 erg/s/cm²/Å)")) == units


def test_each_position_in_an_image_has_the_units_of_its_axis():
    axes = [{"name": "y", "size": 5, "units": "eV"}, {"name": "x", "size": 6, "units": "nm"}]
    m = hs.signals.Signal2D(np.zeros((5, 6)), axes=axes).create_model()
    m.append(hs.model.components2D.Gaussian2D())
    assert (m[0].centre_x.units, m[0].centre_y.units) == ("nm", "eV")


@pytest.mark.parametrize(("upright", "length"), [("nm", "nm"), ("eV", ""), ("", "")])
def test_a_length_in_an_image_has_units_only_where_both_axes_have_the_same(upright, length):
    axes = [{"name": "y", "size": 5, "units": upright}, {"name": "x", "size": 6, "units": "nm"}]
    image = hs.signals.Signal2D(np.zeros((5, 6)), axes=axes)
    image.metadata.set_item("Signal.quantity", "Intensity (counts)")
    m = image.create_model()
    m.append(hs.model.components2D.Gaussian2D())
    spot = m[0]
    assert (spot.sigma_x.units, spot.sigma_y.units) == (length, length)
    assert spot.A.units == ("counts·nm^2" if length else "")
    assert spot.rotation_angle.units == "rad"
