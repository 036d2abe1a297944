"""Other data have another fingerprint: one number, one bit, another order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hsjupyter.fitting.jobs import Pixels
from hsjupyter.storage.fingerprints import fingerprint_of_data

SHAPE, CHANNELS = (9, 11), 67  # 53 kB: some rows of sums, and a rest

DATA = np.random.default_rng(2).normal(size=(*SHAPE, CHANNELS))


def of(data):
    return fingerprint_of_data(Pixels(data, None, None, SHAPE, 1))


@settings(max_examples=200)
@given(st.data(), st.sampled_from(["f8", "f4", "u2", "u1"]))
def test_one_bit_is_told(data, dtype):
    numbers = (1e3 * DATA).astype(dtype)
    other = numbers.copy()
    raw = other.reshape(-1).view(np.uint8)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert of(other) != of(numbers)
    assert of(numbers.copy()) == of(numbers)


@given(st.lists(st.integers(0, DATA.size - 1), min_size=2, max_size=2, unique=True))
def test_two_numbers_that_change_places_are_told(places):
    other = DATA.copy()
    other.reshape(-1)[places] = other.reshape(-1)[places[::-1]]
    assert of(other) != of(DATA)


@pytest.mark.parametrize("change", [np.flipud, np.fliplr, lambda a: a[..., ::-1], np.negative])
def test_another_order_is_told(change):
    assert of(np.ascontiguousarray(change(DATA))) != of(DATA)


def test_strides_are_not_told():
    assert of(np.asfortranarray(DATA)) == of(DATA)
