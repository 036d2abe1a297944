"""What the first stage of a fit sees."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from hsjupyter.fitting.first_stage import find_sums


def image(height, width):
    y, x = np.mgrid[:height, :width].astype(float)
    return np.stack([x.ravel(), y.ravel()])


@pytest.mark.parametrize(
    ("n", "factor"), [(300, 1), (390, 2), (900, 4), (2048, 8), (2051, 8)], ids=str
)
def test_channels_of_a_spectrum_are_summed_up_along_it(n, factor):
    sums = find_sums(np.arange(float(n))[np.newaxis], 5)
    assert (sums.factor, sums.count) == (factor, n // factor)
    groups = sums.group(np.arange(3.0 * n).reshape(3, n))
    assert groups.shape == (3, n // factor, factor)
    assert_array_equal(groups[2, 1], 2 * n + factor + np.arange(factor))


@pytest.mark.parametrize(("height", "width", "side"), [(47, 50, 2), (90, 91, 4)], ids=str)
def test_channels_of_an_image_are_summed_up_in_squares(height, width, side):
    sums = find_sums(image(height, width), 5)
    assert (sums.factor, sums.across) == (side * side, width)
    numbers = np.random.default_rng(0).normal(size=(height, width))
    groups = sums.group(numbers.reshape(1, -1))[0].reshape(height // side, width // side, -1)
    for row, column in ((0, 0), (3, 5), (height // side - 1, width // side - 1)):
        square = numbers[row * side :, column * side :][:side, :side]
        assert_array_equal(groups[row, column], square.ravel())


def test_channels_that_are_no_rectangle_are_not_summed_up():
    x = image(90, 91)
    inside = (x[0] - 45) ** 2 + (x[1] - 45) ** 2 < 40**2
    assert find_sums(x[:, inside], 5).factor == 1
    assert find_sums(x[:, np.r_[0:90, 91:5000]], 5).factor == 1


def test_few_channels_for_many_numbers_are_not_summed_up():
    assert find_sums(np.arange(900.0)[np.newaxis], 100).factor == 1
    assert find_sums(image(47, 50), 100).factor == 1
