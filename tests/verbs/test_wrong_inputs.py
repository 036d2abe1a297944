"""What a person gets wrong is told, with what to do, and changes nothing."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning
from tests.verbs.state import assert_same_state, state_of
from tests.verbs.wrong_parts import CONTAINERS, LINKS, NUMBERS
from tests.verbs.wrong_words import AFTERWARDS, BATCHES, FITS, RANGES, STORES

c1 = hs.model.components1D

EVERY = CONTAINERS | NUMBERS | LINKS | BATCHES | RANGES | FITS | STORES


@pytest.fixture
def model():
    rng = np.random.default_rng(1)
    axes = [{"size": 4}, {"size": 3}, {"size": 30, "scale": 0.5, "offset": 1, "units": "eV"}]
    m = hs.signals.Signal1D(rng.normal(5, 1, (4, 3, 30)), axes=axes).create_model()
    m.extend([c1.Gaussian(A=3, sigma=1, centre=8), c1.Gaussian(), c1.Polynomial(order=1)])
    m.set_parameters_value("sigma", 2.0)
    m[1].centre.twin = m[0].centre
    return m


def test_the_table_is_long_enough():
    assert len(EVERY) + len(AFTERWARDS) >= 60


@pytest.mark.parametrize("name", EVERY)
def test_what_is_wrong_is_told_and_changes_nothing(model, name):
    wrong, kind, words = EVERY[name]
    expect(model, wrong, kind, words)


@pytest.mark.parametrize("name", AFTERWARDS)
def test_what_is_wrong_now_is_told_and_changes_nothing(model, name):
    prepare, wrong, kind, words = AFTERWARDS[name]
    prepare(model)
    expect(model, wrong, kind, words)


def expect(model, wrong, kind, words):
    before = state_of(model)
    with pytest.raises(kind, match=words):
        wrong(model)
    assert_same_state(before, state_of(model))


def test_a_start_outside_of_its_bounds_is_told(model):
    model[0].sigma.bmax = 1.5
    with pytest.warns(
        HSJupyterWarning, match=r"Gaussian.sigma = 2 is not in 0 to 1\.5: the fit st"
    ):
        model.fit()
    assert model[0].sigma.value <= 1.5
