"""``m.as_dictionary()`` is all of a model; ``s.create_model(dictionary=...)`` makes it again."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import ModelError
from hsjupyter.core.maps import FIELDS

ONE, TWO = hs.model.components1D, hs.model.components2D


def spectra():
    rng = np.random.default_rng(4)
    x = np.arange(40)
    lines = sum(a * np.exp(-((x - x0) ** 2) / 8) for a, x0 in ((3, 10), (6, 22), (4, 30)))
    s = hs.signals.Signal1D(lines + 0.3 * np.cos(x / 5) + rng.normal(9.0, 0.05, size=(2, 3, 40)))
    m = s.create_model()
    text = "height * exp(-(x - x0) ** 2 * 4 * log(2)/ fwhm ** 2)"
    one = ONE.Gaussian(A=3.0, sigma=2.0, centre=10.0, name="one line")
    two = ONE.Gaussian(A=5.0, sigma=2.0, centre=22.0)
    given = ONE.Expression(text, name="G", position="x0", height=2, fwhm=4, x0=30)
    # Bent: of a straight one nothing tells its shift from its scale, and rounding says both.
    ground = ONE.ScalableFixedPattern(hs.signals.Signal1D(8.5 + 0.3 * np.cos(x / 5)))
    m.extend([one, two, ONE.Polynomial(order=2), given, ground])
    two.sigma.twin = one.sigma
    two.A.twin_function_expr = "2*x + 1"
    two.A.twin = one.A
    given.height.twin_function_expr = "one_line.A + Gaussian.sigma"
    one.centre.set_bounds(8.0, 12.0)
    one.A.ext_force_positive = True
    two.centre.free = False
    given.active_is_multidimensional = True
    m.set_component_active_value(False, component_list=[given], only_current=True)
    m[2].active = False
    ground.isbackground = False
    m.set_signal_range(3.0, 35.0)
    m.remove_signal_range(20.0, 21.0)
    m.multifit(show_progressbar=False)
    return m


def images():
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:9, :12]
    spots = np.exp(-((x - 6) ** 2 + (y - 4) ** 2) / 8) + np.exp(-((x - 3) ** 2 + (y - 3) ** 2) / 8)
    s = hs.signals.Signal2D(spots + rng.normal(0, 0.01, size=(2, 9, 12)))
    m = s.create_model()
    text = "k * exp(-((x-x0)**2 / (2 * sx ** 2) + (y-y0)**2 / (2 * sy ** 2)))"
    turned = TWO.Expression(
        text,
        name="g",
        add_rotation=True,
        position=("x0", "y0"),
        sx=2.0,
        sy=1.5,
        x0=6.0,
        y0=4.0,
        k=1,
    )
    round_one = TWO.Gaussian2D(A=30.0, sigma_x=2.0, sigma_y=2.0, centre_x=3.0, centre_y=3.0)
    m.extend([turned, round_one])
    round_one.sigma_y.twin = round_one.sigma_x
    m.set_signal_range(1, 10, 1, 8)
    m.multifit(show_progressbar=False)
    m.signal.axes_manager.indices = (1,)
    return m


def losses():
    x = np.arange(60.0)
    low = hs.signals.Signal1D(np.exp(-((np.arange(21.0) - 6) ** 2) / 4))
    low.axes_manager[0].offset = -6.0
    m = hs.signals.Signal1D(np.exp(-((x - 30) ** 2) / 20)).create_model()
    m.append(ONE.Gaussian(A=4.0, sigma=2.0, centre=30.0))
    m.low_loss = low
    m.convolved = False
    m[0].convolved = False
    return m


MADE = {"spectra": spectra, "images": images, "low loss": losses}
OF_PARAMETER = (
    "value",
    "std",
    "free",
    "bmin",
    "bmax",
    "units",
    "ext_bounded",
    "ext_force_positive",
)
OF_TWIN = ("twin_function_expr", "twin_inverse_function_expr")
OF_COMPONENT = ("name", "active", "active_is_multidimensional", "isbackground", "convolved")


@pytest.mark.parametrize("kind", MADE)
def test_a_model_made_of_a_dictionary_is_the_same_and_shares_nothing(kind):
    m = MADE[kind]()
    again = m.signal.create_model(dictionary=m.as_dictionary())
    assert type(again) is type(m)
    assert [repr(c) for c in again] == [repr(c) for c in m]
    for mine, theirs in zip(m, again, strict=True):
        for name in OF_COMPONENT:
            assert getattr(theirs, name) == getattr(mine, name), (mine, name)
        np.testing.assert_array_equal(theirs._active_array, mine._active_array)
    for mine, theirs in zip(m.parameters, again.parameters, strict=True):
        assert str(theirs) == str(mine)
        for name in (*OF_PARAMETER, *OF_TWIN):
            assert getattr(theirs, name) == getattr(mine, name), (mine, name)
        assert str(theirs.twin) == str(mine.twin)
        assert theirs.twin is None or theirs.twin.component.model is again
        for field in FIELDS:
            np.testing.assert_array_equal(theirs.map[field], mine.map[field])
            assert not np.shares_memory(theirs.map[field], mine.map[field])
    np.testing.assert_array_equal(again.channel_switches, m.channel_switches)
    for name in ("chisq", "dof", "red_chisq"):
        np.testing.assert_array_equal(getattr(again, name).data, getattr(m, name).data)
    if m.low_loss is not None:
        np.testing.assert_array_equal(again.low_loss.data, m.low_loss.data)
        assert not np.shares_memory(again.low_loss.data, m.low_loss.data)
    assert again.convolved == m.convolved
    np.testing.assert_allclose(again(), m(), rtol=1e-13)
    np.testing.assert_allclose(again.as_signal().data, m.as_signal().data, rtol=1e-13)


@pytest.mark.parametrize("kind", MADE)
def test_what_is_done_to_one_is_not_done_to_the_other(kind):
    m = MADE[kind]()
    record = m.as_dictionary()
    before = m()
    again = m.signal.create_model(dictionary=record)
    again.set_parameters_value("A" if kind != "images" else "k", 7.0)
    again[0].name = "another"
    again.remove(again[-1])
    np.testing.assert_array_equal(m(), before)
    third = m.signal.create_model(dictionary=record)
    np.testing.assert_allclose(third(), before, rtol=1e-13)


def test_twins_made_again_follow_in_both_ways():
    m = spectra()
    again = m.signal.create_model(dictionary=m.as_dictionary())
    one, two, given = again["one line"], again["Gaussian"], again["G"]
    one.A.value = 4.0
    one.sigma.value = 1.25
    assert two.A.value == pytest.approx(9.0)
    assert given.height.value == pytest.approx(5.25)
    two.A.value = 21.0
    assert one.A.value == pytest.approx(10.0)
    two.sigma.twin = None
    assert two.sigma.free


def test_a_dictionary_fits_as_the_model_it_was_taken_from():
    m = spectra()
    again = m.signal.create_model(dictionary=m.as_dictionary())
    for model in (m, again):
        model.signal.axes_manager.indices = (1, 1)
        model.fit()
    np.testing.assert_allclose(again.row(), m.row(), rtol=1e-9, equal_nan=True)


def test_a_dictionary_of_another_map_is_refused_and_makes_nothing():
    record = spectra().as_dictionary()
    other = hs.signals.Signal1D(np.ones((5, 40)))
    with pytest.raises(ModelError, match=r"maps of shape \(2, 3\) came.*\(5,\).*m\.extend\("):
        other.create_model(dictionary=record)


def test_a_dictionary_of_other_channels_is_refused():
    record = spectra().as_dictionary()
    other = hs.signals.Signal1D(np.ones((2, 3, 41)))
    with pytest.raises(ValueError, match=r"channel switches of shape \(40,\) came"):
        other.create_model(dictionary=record)
