"""The words of fit and multifit, in HyperSpy's older and newer spelling."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning

c1 = hs.model.components1D
X = np.arange(40.0)


@pytest.fixture
def model():
    rng = np.random.default_rng(4)
    centres = np.linspace(15, 25, 12).reshape(3, 4, 1)
    y = 100 * np.exp(-((X - centres) ** 2) / 18) + rng.normal(0, 0.1, (3, 4, 40))
    m = hs.signals.Signal1D(y).create_model()
    m.append(c1.Gaussian(A=700, sigma=3, centre=20))
    return m


SPELLINGS = [
    {},
    {"optimizer": "lm"},
    {"fitter": "leastsq", "method": "ls"},
    {"optimizer": "trf", "loss_function": "ls", "grad": "fd", "fd_scheme": "3-point"},
    {"fitter": "mpfit", "bounded": True, "ext_bounding": False, "update_plot": True},
    {"grad": True, "print_info": False, "return_info": True, "bounded": None},
]


@pytest.mark.parametrize("words", SPELLINGS)
def test_each_spelling_finds_the_same(model, words):
    result = model.fit(**words)
    assert_allclose(model[0].centre.value, 15, atol=0.01)
    assert result is model.fit_output


def test_words_may_come_by_place(model):
    result = model.fit("lm", "ls", None, False)
    assert result.optimizer == "lm"


def test_what_a_fit_told_is_printed_on_request(model, capsys):
    model.fit(print_info=True)
    printed = capsys.readouterr().out
    assert "reduced chi squared" in printed
    assert "Gaussian.centre" in printed


def test_pixels_of_a_mask_are_left_out(model):
    mask = np.zeros((3, 4), dtype=bool)
    mask[1, 2] = True
    run = model.multifit(mask=mask, show_progressbar=False)
    assert run.total == 11
    assert_array_equal(np.isnan(model.chisq.data), mask)


def test_the_path_may_be_given(model):
    run = model.multifit(iterpath=[(0, 0), (3, 2), (1, 1)], show_progressbar=False)
    assert (run.done, run.state) == (3, "done")
    assert np.argwhere(model[0].A.map["is_set"]).tolist() == [[0, 0], [1, 1], [2, 3]]
    model.multifit(iterpath="flyback", show_progressbar=False)
    assert model[0].A.map["is_set"].all()


@pytest.mark.parametrize("optimizer", ["leastsq", "trf", "L-BFGS-B"])
def test_fixed_parameters_start_from_their_maps_though_others_have_none(model, optimizer):
    truth = np.linspace(2, 5, 12).reshape(3, 4)
    model.signal.data = model.signal.data + truth[..., np.newaxis]
    model.append(c1.Offset())
    offset = model["Offset"].offset
    offset.map["values"], offset.map["is_set"] = truth, True
    offset.free = False
    model.multifit(optimizer=optimizer, show_progressbar=False)
    assert_array_equal(offset.map["values"], truth)
    assert_allclose(model[0].centre.map["values"].ravel(), np.linspace(15, 25, 12), atol=0.02)


def test_free_parameters_may_forget_what_was_stored(model):
    model.multifit(show_progressbar=False)
    model[0].sigma.free = False
    model[0].centre.map["values"] = 1e6  # a start from here would find nothing
    model[0].sigma.map["values"] = 3.0
    model[0].centre.value = 20
    model.multifit(fetch_only_fixed=True, show_progressbar=False)
    assert_allclose(model[0].centre.map["values"].ravel(), np.linspace(15, 25, 12), atol=0.02)
    assert_array_equal(model[0].sigma.map["values"], 3.0)


@pytest.fixture
def many(model):
    """A map of several jobs: what is convolved is fitted pixel by pixel."""
    m = hs.signals.Signal1D(np.tile(model.signal.data, (3, 3, 1))).create_model()
    m.append(c1.Gaussian(A=700, sigma=3, centre=20))
    m.low_loss = hs.signals.Signal1D(np.array([0.0, 1.0, 0.0]), axes=[{"offset": -1}])
    return m


def test_a_python_function_may_be_followed_in_fits(model):
    model.append(c1.Gaussian(A=1, sigma=1, centre=5))
    model[0].sigma.value = 3
    with pytest.warns(HSJupyterWarning, match="twin_function"):
        model[1].sigma.twin_function = lambda s: s / 3
    model[1].sigma.twin = model[0].sigma
    model[1].centre.free = False
    model.fit()
    assert_allclose(model[1].sigma.value, model[0].sigma.value / 3)
    assert_allclose(model[1].sigma.std, model[0].sigma.std / 3, rtol=1e-6)
    exact = model[0].sigma.value
    model.multifit(show_progressbar=False)
    assert_allclose(model[0].sigma.map["values"][0, 0], exact, rtol=1e-5)
    assert_allclose(model[1].sigma.map["values"], model[0].sigma.map["values"] / 3)
    with pytest.warns(HSJupyterWarning, match="cannot be stored, so the values are stored alone"):
        model.store("with a function")
    restored = model.signal.models.restore("with_a_function")
    assert restored[1].sigma.twin is None
    assert_allclose(restored[1].sigma.value, model[1].sigma.value)


def test_a_low_loss_may_be_left_out(model):
    low = hs.signals.Signal1D(np.array([0.0, 1.0, 0.5]), axes=[{"size": 3, "offset": -1}])
    before = model()
    model.low_loss = low
    spread = model()
    assert spread.sum() > 1.3 * before.sum()
    assert_allclose(model(non_convolved=True), before)
    assert len(model.set_convolution_axis()) == 42
    model.convolved = False
    assert_allclose(model(), before)
    assert model.convolution_axis is None
    model.fit()
    assert_allclose(model[0].A.value, 100 * 3 * np.sqrt(2 * np.pi), rtol=1e-2)
    assert not model.inav[0, 0].convolved
    model.convolved = True
    model.fit()
    assert_allclose(model[0].A.value, 100 * 3 * np.sqrt(2 * np.pi) / 1.5, rtol=2e-2)
