"""A model of a signal that was changed in place tells so at every use, and never guesses."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import ModelError

ONE = hs.model.components1D


def spectra():
    line = 2 * np.exp(-((np.arange(20) - 9.0) ** 2) / 8)
    data = line + np.random.default_rng(1).normal(5, 0.1, size=(3, 4, 20))
    m = hs.signals.Signal1D(data).create_model()
    m.extend([ONE.Gaussian(A=2.0, sigma=2.0, centre=9.0), ONE.Offset(offset=5.0)])
    m.multifit(show_progressbar=False)
    m.signal.axes_manager.indices = (3, 2)
    return m


def images():
    data = np.random.default_rng(2).normal(5, 0.1, size=(3, 4, 8, 10))
    m = hs.signals.Signal2D(data).create_model()
    m.append(hs.model.components2D.Gaussian2D(A=9.0, sigma_x=2.0, sigma_y=2.0, centre_x=4.0))
    m.signal.axes_manager.indices = (3, 2)
    return m


MADE = {"spectra": spectra, "images": images}
CHANGES = {
    "crop the map": lambda s: s.crop(0, 0, 2),
    "crop": lambda s: s.crop_signal(2, 7),
    "rebin": lambda s: s.become("rebin", s.rebin(scale=[2] * len(s.data.shape))),
    "interpolate": lambda s: s.interpolate_on_axis(
        {"size": 5, "offset": 1.0, "scale": 1.0}, -1, inplace=True
    ),
}
USES = {
    "call": lambda m: m(),
    "component": lambda m: m([0]),
    "fit": lambda m: m.fit(),
    "multifit": lambda m: m.multifit(show_progressbar=False),
    "fit_component": lambda m: m.fit_component(0, signal_range=None),
    "plot": lambda m: m.plot(display=False),
    "gui": lambda m: m.gui(display=False),
    "parameter gui": lambda m: m[0].A.gui(display=False),
    "as_signal": lambda m: m.as_signal(),
    "parameter as_signal": lambda m: m[0].A.as_signal(),
    "map": lambda m: m[0].A.map,
    "chisq": lambda m: m.chisq,
    "red_chisq": lambda m: m.red_chisq,
    "dof": lambda m: m.dof,
    "set_signal_range": lambda m: m.set_signal_range(*(2.0, 5.0) * len(m.channel_switches.shape)),
    "reset_signal_range": lambda m: m.reset_signal_range(),
    "mask": lambda m: m.set_signal_range_from_mask(m.channel_switches),
    "inav": lambda m: m.inav[0],
    "isig": lambda m: m.isig[1:3],
    "copy": lambda m: m.copy(),
    "store": lambda m: m.store(),
    "as_dictionary": lambda m: m.as_dictionary(),
    "append": lambda m: m.append(m[0].copy()),
    "store_current_values": lambda m: m.store_current_values(),
    "fetch": lambda m: m.fetch_stored_values(),
    "assign": lambda m: m.assign_current_values_to_all(),
    "set everywhere": lambda m: m.set_parameters_value("A", 3.0),
    "print everywhere": lambda m: m.print_model_statistics(),
    "to_dataframe": lambda m: m.to_dataframe(),
    "criteria": hs.model_selection.AIC,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", MADE)
def test_every_use_of_a_model_of_a_changed_signal_is_refused(kind, change):
    m = MADE[kind]()
    CHANGES[change](m.signal)
    told = {}
    for name, use in USES.items():
        try:
            use(m)
        except ModelError as why:
            told[name] = str(why)
    assert told.keys() == USES.keys()
    for words in told.values():
        assert words.startswith(f"<{type(m).__name__}>: its signal was changed in place")
        assert m.signal.axes_manager.dimensions in words
        assert "make a new model with signal.create_model()" in words


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", MADE)
def test_the_signal_itself_stays_good(kind, change):
    m = MADE[kind]()
    s = m.signal
    CHANGES[change](s)
    for place in s.axes_manager:
        assert s().shape == s.axes_manager.signal_shape[::-1]
        assert len(place) == s.axes_manager.navigation_dimension
    assert repr(m) == f"<{type(m).__name__}>"
    assert m[0].A.value == m[0].A.value
    again = s.create_model()
    again.append(ONE.Offset() if kind == "spectra" else hs.model.components2D.Gaussian2D())
    assert again().shape == s().shape


def test_a_change_that_keeps_the_sizes_is_followed():
    m = spectra()
    s, before = m.signal, m()
    s.axes_manager[-1].offset = 1.0
    np.testing.assert_allclose(m(), np.append(before[1:], m()[-1]), rtol=1e-12)
    s.crop(0, 0, 4)
    s.change_dtype("float32")
    s.axes_manager.set_axis(s.axes_manager[-1].copy(), -1)
    m.fit()
    assert m.chisq.data.shape == (3, 4)


def test_data_of_another_shape_are_refused_and_the_model_goes_on():
    m = spectra()
    with pytest.raises(ValueError, match=r"data of shape \(3, 4, 21\) came"):
        m.signal.data = np.ones((3, 4, 21))
    m.signal.data = m.signal.data + 1
    m.fit()
    assert m.fit_output.success


def test_a_part_taken_before_the_change_lives_on():
    m = spectra()
    part = m.inav[:2].isig[2:12]
    m.signal.crop(0, 0, 2)
    assert part().shape == (10,)
    part.fit()
