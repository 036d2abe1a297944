"""Models travel to HyperSpy and back: every attribute, every map, every line."""

import warnings

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import HSJupyterWarning
from hsjupyter.core.registry import COMPONENTS
from hsjupyter.storage.dialects import NATIVE, vectors_of

pytestmark = [
    pytest.mark.hyperspy,
    # HyperSpy tells that it computes with numpy where numexpr is not installed, and the like.
    pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning"),
]

EXPRESSIONS = ("Doniach", "Gaussian2D")
"""Theirs of that name is another line, or cannot be restored without its pickled class."""

NAV, CHANNELS = (2, 3), 40
X = 0.5 + 0.25 * np.arange(CHANNELS)


def pattern():
    axis = {"size": CHANNELS, "scale": 0.25, "offset": 0.5}
    return hs.signals.Signal1D(np.exp(-((X - 5) ** 2)), [axis])


MAKE = {
    "EELSCLEdge": lambda: COMPONENTS["EELSCLEdge"]("Cr_L3", energy_scale=1.0),
    "Expression": lambda: COMPONENTS["Expression"]("amp * exp(-x / lam) + E", "e", position="lam"),
    "Polynomial": lambda: COMPONENTS["Polynomial"](order=11),
    "ScalableFixedPattern": lambda: COMPONENTS["ScalableFixedPattern"](
        pattern(), kind="cubic", fill_value="extrapolate"
    ),
}


@pytest.fixture(scope="module")
def theirs():
    import exspy  # noqa: F401 - its components
    from hyperspy import api

    api.preferences.General.show_progressbar = False
    return api


def known():
    """Every component there is that they have under the same name."""
    return sorted(set(NATIVE) | {"Expression", *EXPRESSIONS})


def signal_for(component):
    if component.dimensions == 2:
        return hs.signals.Signal2D(np.ones((*NAV, 5, CHANNELS)))
    axes = [{"size": n, "navigate": True} for n in NAV]
    axes.append({"size": CHANNELS, "scale": 0.25, "offset": 0.5, "units": "eV"})
    if type(component).__name__ != "EELSCLEdge":
        return hs.signals.Signal1D(np.ones((*NAV, CHANNELS)), axes)
    axes[-1] |= {"scale": 1.0, "offset": 560.0}
    s = hs.signals.EELSSpectrum(np.ones((*NAV, CHANNELS)), axes)
    tem = {"beam_energy": 200.0, "convergence_angle": 10.0, "Detector": {"EELS": {}}}
    tem["Detector"]["EELS"]["collection_angle"] = 20.0
    s.metadata.add_dictionary({"Acquisition_instrument": {"TEM": tem}})
    return s


def filled_model(name, draw):
    """A model of one component, all of it set to what is not the default."""
    component = MAKE.get(name, COMPONENTS[name])()
    signal = signal_for(component)
    m = signal.create_model()
    m.remove(list(m))  # of energy losses it begins with a background
    m.append(component)
    fixed = {} if name not in NATIVE else NATIVE[name].fixed_at
    for number, p in enumerate(component.parameters):
        if p.name in fixed:
            continue
        shape = (*NAV, p.size) if isinstance(p.value, tuple) else NAV
        p.map["values"] = draw.uniform(0.6, 0.9, shape) + (570 if p.name == "onset_energy" else 0)
        p.map["std"] = draw.uniform(0.1, 0.2, shape)
        p.map["is_set"] = True
        p.set_bounds(0.5 if number % 2 else None, 1e3)
        p.free = number % 2 == 0
        p.units = "nm"
    for p in component.parameters:
        if p.name in fixed:
            p.map["values"], p.map["is_set"] = fixed[p.name], True
    component.active_is_multidimensional = True
    component._active_array[...] = draw.random(NAV) > 0.3
    component._active_array[0, 0] = True
    m.maps.chisq[...], m.maps.dof[...] = draw.random(NAV), 2
    switches = np.ones(m.channel_switches.shape, dtype=bool)
    switches[..., 3:7] = False
    m.channel_switches = switches
    m.load()
    return m


def pairs(ours, theirs_component):
    """Our parameters beside theirs: value, std, free, bounds, maps."""
    native = NATIVE.get(type(ours).__name__)
    renamed = type(theirs_component).__name__ != type(ours).__name__
    vectors = {} if renamed else vectors_of(type(ours).__name__, ours.init_arguments())
    by_name = {p.name: p for p in theirs_component.parameters}
    for p in ours.parameters:
        if native is not None and p.name in native.lacks:
            continue
        factor = 1.0 if native is None or renamed else native.factors.get(p.name, 1.0)
        if p.name not in vectors:
            yield p, ..., by_name.pop(p.name), factor
            continue
        for i, element in enumerate(vectors[p.name]):
            yield p, i, by_name.pop(element), factor
    assert not by_name, "they have more parameters than we"


def assert_same_parameter(p, element, theirs, factor):
    value = p.value if element is ... else p.value[element]
    np.testing.assert_allclose(np.asarray(value) * factor, theirs.value, rtol=1e-14)
    std = p.std if element is ... else p.std[element]
    if std is None:
        assert theirs.std is None
    else:
        np.testing.assert_allclose(np.asarray(std) * factor, theirs.std, rtol=1e-14)
    assert (p.free, p.units) == (theirs.free, theirs.units)
    for mine, other in ((p.bmin, theirs.bmin), (p.bmax, theirs.bmax)):
        assert (None if mine is None else mine * factor) == other
    for key in ("values", "std"):
        mine = p.map[key] if element is ... else p.map[key][..., element]
        np.testing.assert_allclose(mine * factor, theirs.map[key], rtol=1e-14)
    np.testing.assert_array_equal(p.map["is_set"], theirs.map["is_set"])


def assert_same_component(ours, theirs):
    assert (ours.name, ours.active) == (theirs.name, theirs.active)
    assert ours.active_is_multidimensional == theirs.active_is_multidimensional
    np.testing.assert_array_equal(ours._active_array, theirs._active_array)
    for pair in pairs(ours, theirs):
        assert_same_parameter(*pair)


def assert_same_line(ours, theirs):
    x = X
    if type(ours).__name__ == "EELSCLEdge":
        x = 560.0 + np.arange(CHANNELS)
    if ours.dimensions == 2:
        grid = np.meshgrid(X, X)
        np.testing.assert_allclose(ours.function(*grid), theirs.function(*grid), rtol=1e-9)
        return
    with np.errstate(all="ignore"):
        line, expected = ours.function(x), theirs.function(x)
    # Between its two origins theirs gives NaN, where a negative number is raised to -r.
    at = np.isfinite(expected)
    assert at.sum() > CHANNELS / 2
    # They have constants of fewer digits in some lines.
    np.testing.assert_allclose(line[at], expected[at], rtol=1e-5, atol=1e-9 * np.abs(line).max())


@pytest.mark.parametrize("name", known())
def test_a_component_goes_there_and_comes_back(name, theirs, tmp_path):
    m = filled_model(name, np.random.default_rng(5))
    there = theirs.load(m.save(tmp_path / "ours", "fit")).models.restore("fit")
    (component,) = there
    assert_same_component(m[0], component)
    np.testing.assert_array_equal(there.as_dictionary()["_channel_switches"], m.channel_switches)
    np.testing.assert_array_equal(there.chisq.data, m.maps.chisq)
    np.testing.assert_array_equal(there.dof.data, m.maps.dof)
    if name != "EELSCLEdge":  # exspy's cross-section is that of another reference
        assert_same_line(m[0], component)
    there.save(tmp_path / "theirs.hspy", name="again")
    back = hs.load(tmp_path / "theirs.hspy").models.restore("again")
    (returned,) = back
    assert type(returned).__name__ == ("Expression" if name in EXPRESSIONS else name)
    lacks = NATIVE[name].lacks if name in NATIVE else ()
    for p, q in zip(m[0].parameters, sorted(returned.parameters, key=order_of(m[0])), strict=True):
        if p.name in lacks:
            assert q.value == NATIVE[name].fixed_at[p.name]
            continue
        assert (p.name, p.free, p.units) == (q.name, q.free, q.units)
        assert (p.bmin, p.bmax) == (q.bmin, q.bmax)
        np.testing.assert_allclose(p.value, q.value, rtol=1e-14)
        for key in ("values", "std", "is_set"):
            np.testing.assert_allclose(p.map[key], q.map[key], rtol=1e-14)
    np.testing.assert_array_equal(returned._active_array, m[0]._active_array)
    np.testing.assert_array_equal(back.channel_switches, m.channel_switches)
    np.testing.assert_array_equal(back.maps.chisq, m.maps.chisq)
    np.testing.assert_array_equal(back.maps.dof, m.maps.dof)
    at = (X,) if m[0].dimensions == 1 else np.meshgrid(X, X)
    np.testing.assert_allclose(returned.function(*at), m[0].function(*at), rtol=1e-13, atol=1e-300)


def order_of(component):
    names = [p.name for p in component.parameters]
    return lambda p: names.index(p.name)


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_a_component_comes_back_from_our_own_file_as_it_was(name, tmp_path):
    m = filled_model(name, np.random.default_rng(6))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class of another test may have no formula
        path = m.save(tmp_path / "ours", "fit")
    back = hs.load(path).models.restore("fit")
    assert type(back[0]) is type(m[0])
    for p, q in zip(m[0].parameters, back[0].parameters, strict=True):
        for key in ("name", "value", "std", "free", "bmin", "bmax", "units"):
            assert getattr(p, key) == getattr(q, key)
    for key in ("values", "std", "is_set", "active", "chisq", "dof"):
        np.testing.assert_array_equal(getattr(back.maps, key), getattr(m.maps, key))
    np.testing.assert_array_equal(back.channel_switches, m.channel_switches)


# -- whole models ----------------------------------------------------------------------------------


def coupled_model():
    """Fifteen components, coupled ones among them."""
    s = hs.signals.Signal1D(np.ones((*NAV, CHANNELS)))
    m = s.create_model()
    kinds = hs.model.components1D
    m.extend(kinds.Gaussian(A=n + 1.0, centre=float(n), sigma=1.0) for n in range(12))
    m.append(kinds.Polynomial(order=2))
    m.append(kinds.Polynomial(order=2))
    m.append(kinds.Expression("a * x + b", "line"))
    m[1].sigma.twin = m[0].sigma
    m[2].sigma.twin = m[0].sigma
    m[2].sigma.twin_function_expr = "2 * s + log10(100)"
    m[11].centre.twin = m[10].centre
    m[11].centre.twin_function_expr = "x + 3"
    m[11].centre.twin_inverse_function_expr = "x - 3"
    m["Polynomial_0"].coefficients.twin = m["Polynomial"].coefficients
    m["line"].a.twin_function_expr = "3 * Gaussian_3.A"
    m[0].sigma.value = 1.5
    m.store_working_values()
    return m


def test_order_and_twins_go_there_and_come_back(theirs, tmp_path):
    m = coupled_model()
    there = theirs.load(m.save(tmp_path / "ours", "fit")).models.restore("fit")
    assert [c.name for c in there] == [c.name for c in m]
    assert there[1].sigma.twin is there[0].sigma
    assert there[11].centre.twin is there[10].centre
    assert there["Polynomial_0"].a1.twin is there["Polynomial"].a1
    assert there["line"].a.twin is there["Gaussian_3"].A
    for leader, value in ((there[0].sigma, 2.0), (there[4].A, 7.0), (there[10].centre, -2.0)):
        leader.value = value
    assert (there[1].sigma.value, there[2].sigma.value) == (2.0, 6.0)
    assert (there["line"].a.value, there[11].centre.value) == (21.0, 1.0)
    there[11].centre.value = 8.0
    assert there[10].centre.value == 5.0
    there.save(tmp_path / "theirs.hspy", name="again")
    back = hs.load(tmp_path / "theirs.hspy").models.restore("again")
    assert sorted(c.name for c in back) == sorted(c.name for c in m)
    assert back["Gaussian_0"].sigma.twin is back["Gaussian"].sigma
    back["Gaussian"].sigma.value, back["Gaussian_3"].A.value = 4.0, 2.0
    assert back["Gaussian_1"].sigma.value == 10.0
    assert back["line"].a.value == 6.0
    back["Gaussian_10"].centre.value = 4.0
    assert back["Gaussian_9"].centre.value == 1.0


def test_order_and_twins_come_back_from_our_own_file(tmp_path):
    m = coupled_model()
    back = hs.load(m.save(tmp_path / "ours", "fit")).models.restore("fit")
    assert [c.name for c in back] == [c.name for c in m]
    for p, q in zip(m.parameters, back.parameters, strict=True):
        assert str(p.twin) == str(q.twin)
        assert p.twin_function_expr == q.twin_function_expr
        assert p.twin_inverse_function_expr == q.twin_inverse_function_expr
        assert (p.value, p.free) == (q.value, q.free)


def test_a_link_to_several_stays_ours_and_is_told(theirs, tmp_path):
    s = hs.signals.Signal1D(np.ones(CHANNELS))
    m = s.create_model()
    m.extend([hs.model.components1D.Gaussian(), hs.model.components1D.Gaussian()])
    m[1].sigma.twin_function_expr = "2 * Gaussian.sigma + Gaussian.A"
    with pytest.warns(HSJupyterWarning, match=r"fit: what Gaussian_0\.sigma follows"):
        path = m.save(tmp_path / "ours", "fit")
    back = hs.load(path).models.restore("fit")
    back[0].A.value = 5.0
    assert back[1].sigma.value == 7.0
    there = theirs.load(path).models.restore("fit")
    assert there[1].sigma.twin is None
    assert (there[1].sigma.value, there[1].sigma.free) == (3.0, False)


FORMULAS = {
    "step": "a * heaviside(x - b) + abs(c) * sign(x - b)",
    "choice": "where((x > a) & (x < b), max(a, x, 2), min(b, x))",
    "special": "a * voigt(x - c, b, gamma) + erf(x / b) + log10(x) + expm1(-x * E)",
    "named": "amp * exp(-x / tau) * beta + S * Q / zeta; beta = 2 * N + lam",
    "turned": "atan2(x, a) + sinh(x / 9) - log1p(x) * b**-2 + sqrt(x) / c",
    "chosen": "Piecewise((a * x, x < 3), (b, ~(x > 6)), (c, True))",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_spelling_means_the_same_there(name, theirs, tmp_path):
    s = hs.signals.Signal1D(np.ones(CHANNELS))
    m = s.create_model()
    m.append(hs.model.components1D.Expression(FORMULAS[name], name))
    for number, p in enumerate(m[0].parameters):
        p.value = 1.25 + 0.5 * number
    (component,) = theirs.load(m.save(tmp_path / "ours", "fit")).models.restore("fit")
    assert sorted(p.name for p in component.parameters) == sorted(m[0].slot_names)
    np.testing.assert_allclose(component.function(X), m[0].function(X), rtol=1e-12)


def test_what_they_lack_goes_as_its_formula(theirs, tmp_path):
    """Components of ours whose line they have not, and one of a person."""

    class Hump(hs.Component):
        formula = "height / cosh((x - x0) / w)**2"
        height, x0, w = hs.Par(2.0), hs.Par(3.0), hs.Par(1.5, bmin=0.1)

    kinds = hs.model.components1D
    m = hs.signals.Signal1D(np.ones((*NAV, CHANNELS))).create_model()
    m.extend([Hump(), kinds.Arctan(minimum_at_zero=True), kinds.PESVoigt(), kinds.SEE()])
    m["PESVoigt"].shirley_background.value = 0.2
    m["SEE"].B.value = 0.4
    m.store_working_values()
    path = m.save(tmp_path / "ours", "fit")
    there = theirs.load(path).models.restore("fit")
    assert [type(c).__name__ for c in there] == ["Expression", "Expression", "Expression", "SEE"]
    for c, d in zip(m, there, strict=True):
        np.testing.assert_allclose(d.function(X), c.function(X), rtol=1e-9)
    assert [type(c) for c in hs.load(path).models.restore("fit")] == [type(c) for c in m]


def test_what_has_no_formula_is_told_and_kept(theirs, tmp_path):
    m = hs.signals.Signal1D(np.ones(CHANNELS)).create_model()
    m.append(hs.model.components1D.SEE(B=0.4))
    m[0].sigma.value = 0.5
    with pytest.warns(HSJupyterWarning, match="fit: SEE, a component that it does not know"):
        path = m.save(tmp_path / "ours", "fit")
    with pytest.raises((ImportError, ValueError), match=r"do not match|SEE"):
        theirs.load(path).models.restore("fit")
    back = hs.load(path).models.restore("fit")
    np.testing.assert_array_equal(back[0].function(X), m[0].function(X))


def test_a_low_loss_goes_there_and_comes_back(theirs, tmp_path):
    component = MAKE["EELSCLEdge"]()
    s = signal_for(component)
    axes = [axis.as_dictionary() for axis in s.axes_manager._axes]
    axes[-1] = {"size": 20, "offset": -5.0, "scale": 1.0, "units": "eV", "is_binned": True}
    low_loss = hs.signals.EELSSpectrum(np.random.default_rng(1).random((*NAV, 20)), axes)
    m = s.create_model()
    m.append(component)
    m.low_loss = low_loss
    path = m.save(tmp_path / "ours", "fit")
    there = theirs.load(path).models.restore("fit")
    np.testing.assert_array_equal(there.low_loss.data, low_loss.data)
    assert there.convolved
    there.save(tmp_path / "theirs.hspy", name="again")
    for name, file in (("fit", path), ("again", tmp_path / "theirs.hspy")):
        back = hs.load(file).models.restore(name)
        np.testing.assert_array_equal(back.low_loss.data, low_loss.data)
        assert back.low_loss.axes_manager[-1].offset == -5.0


def test_several_models_in_one_file(theirs, tmp_path):
    s = hs.signals.Signal1D(np.ones(CHANNELS))
    m = s.create_model()
    m.append(hs.model.components1D.Gaussian())
    m.store("narrow")
    m.append(hs.model.components1D.Offset())
    path = m.save(tmp_path / "ours")
    there = theirs.load(path)
    assert len(there.models) == 2
    assert [c.name for c in there.models.restore("a")] == ["Gaussian", "Offset"]
    back = hs.load(path)
    assert [c.name for c in back.models.narrow.restore()] == ["Gaussian"]
    again = hs.load(back.save(tmp_path / "again"))
    assert [c.name for c in again.models.a.restore()] == ["Gaussian", "Offset"]
