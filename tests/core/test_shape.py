"""Differences stand in for derivatives in any units."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hsjupyter.core.shape import central_differences

X = np.linspace(-3, 3, 50)


def bell(coords, p):
    height, width, place = p
    return height * np.exp(-(((coords[0] - place) / width) ** 2))


def slopes(x, height, width, place):
    z = (x - place) / width
    line = np.exp(-(z**2))
    return np.array([line, 2 * height * line * z**2 / width, 2 * height * line * z / width])


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e12])
@pytest.mark.parametrize("place", [0.0, 0.4, -1e-9])
def test_derivatives_do_not_depend_on_units(unit, place):
    x = X * unit
    p = [7.0, 0.8 * unit, place * unit]
    near = central_differences(bell, (x,), p)
    wanted = slopes(x, *p)
    for row, right in zip(near, wanted, strict=True):
        assert_allclose(row, right, atol=1e-6 * np.abs(right).max())


@pytest.mark.parametrize("height", [0.0, 1e-14, 1e14])
def test_a_height_of_nothing_has_its_derivative(height):
    near = central_differences(bell, (X,), [height, 0.8, 0.4])
    assert_allclose(near[0], slopes(X, height, 0.8, 0.4)[0], rtol=1e-6, atol=1e-9)


def test_a_number_that_does_not_matter_has_none():
    near = central_differences(lambda coords, p: np.full_like(coords[0], p[0]), (X,), [2.0, 5.0])
    assert_allclose(near[0], 1, rtol=1e-9)
    assert not near[1].any()
