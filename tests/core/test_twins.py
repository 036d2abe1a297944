"""Twins: parameters that follow others, in values, derivatives, errors and copies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import FormulaError, TwinError, UnknownNameError
from hsjupyter.core.shape import central_differences
from hsjupyter.fitting.plan import make_plan

c1 = hs.model.components1D


@pytest.fixture
def model():
    x = np.linspace(0, 20, 100)
    s = hs.signals.Signal1D(np.ones((3, 100)), axes=[{"size": 3}, {"axis": x}])
    m = s.create_model()
    m.extend([c1.Gaussian(A=10, sigma=1, centre=5), c1.Gaussian(A=20, sigma=2, centre=9)])
    m.append(c1.Gaussian(A=5, sigma=1.5, centre=14))
    return m


def test_the_guides_example_holds(model):
    second, third = model[1], model[2]
    second.A.twin = third.A
    second.A.value = 10
    assert third.A.value == 10
    third.A.value = 5
    assert second.A.value == 5
    assert not second.A.free
    second.A.twin_function_expr = "x**2"
    second.A.twin_inverse_function_expr = "sqrt(abs(x))"
    second.A.value = 4
    assert (second.A.value, third.A.value) == (4, 2)
    third.A.value = 4
    assert (second.A.value, third.A.value) == (16, 4)
    second.A.twin = None
    assert second.A.value == 16
    assert second.A.free


def test_the_way_back_is_found_where_there_is_one(model):
    p, q = model[0].sigma, model[1].sigma
    p.twin_function_expr = "2 * x + 1"
    p.twin = q
    p.value = 9
    assert q.value == 4
    p.twin_function_expr = "x * exp(x)"
    with pytest.raises(AttributeError, match="no way back"):
        p.value = 3
    assert (q.value, p.value) == (4, pytest.approx(4 * np.exp(4)))


def test_an_expression_may_name_several_parameters(model):
    model[2].centre.twin_function_expr = "Gaussian.centre + 2 * Gaussian_0.sigma + 0.5"
    assert model[2].centre.value == 5 + 4 + 0.5
    model[1].sigma.value = 3
    assert model[2].centre.value == 11.5
    assert not model[2].centre.free


LINKS = [
    ("identity", "A", None, "x"),
    ("square", "sigma", None, "x**2"),
    ("ratio", "centre", None, "x * 1.2"),
    ("named", "centre", "Gaussian.centre + 2 * Gaussian_0.sigma", None),
]


@pytest.mark.parametrize(("_name", "which", "text", "law"), LINKS, ids=[link[0] for link in LINKS])
@pytest.mark.parametrize("binned", [False, True])
def test_the_jacobian_has_the_chain_rule(model, _name, which, text, law, binned):
    model.signal.axes_manager[-1].is_binned = binned
    follower = getattr(model[2], which)
    if text:
        follower.twin_function_expr = text
    else:
        follower.twin_function_expr = law
        follower.twin = getattr(model[1], which)
        model[0].A.twin = model[2].A  # a second one, a chain where the first is of A
    plan = make_plan(model)
    active = np.ones(3, dtype=bool)
    slots = plan.free_slots(active)

    def value(_, p):
        row = plan.start.copy()
        row[slots] = p
        return plan.value(plan.follow(row), active)

    near = central_differences(value, plan.coords, plan.start[slots])
    exact = plan.jacobian(plan.follow(plan.start.copy()), active)
    assert_allclose(exact, near, atol=2e-8 * np.abs(near).max())


def test_what_is_followed_counts_even_where_its_component_is_switched_off(model):
    model[2].A.twin = model[1].A
    model[1].active = False
    plan = make_plan(model)
    names = [plan.names[s] for s in plan.free_slots(plan.active)]
    assert "Gaussian_0.A" in names
    assert "Gaussian_0.sigma" not in names
    assert "Gaussian_1.A" not in names


def test_followers_get_values_and_errors_by_propagation():
    rng = np.random.default_rng(3)
    x = np.linspace(0, 20, 200)
    truth = [c1.Gaussian(A=100, sigma=1, centre=6), c1.Gaussian(A=50, sigma=1, centre=12)]
    y = np.array([sum(g.function(x) for g in truth) + rng.normal(0, 0.5, 200) for _ in range(4)])
    s = hs.signals.Signal1D(y.reshape(2, 2, 200), axes=[{"size": 2}, {"size": 2}, {"axis": x}])
    s.set_noise_variance(0.25)
    m = s.create_model()
    m.extend([c1.Gaussian(A=80, sigma=1.2, centre=6.2), c1.Gaussian(A=80, sigma=2, centre=11)])
    m[1].A.twin_function_expr = "x / 2"
    m[1].A.twin = m[0].A
    m[1].centre.twin_function_expr = "Gaussian.centre + 6 * Gaussian.sigma"
    m.fit()
    assert m.dof.data[0, 0] == 4
    assert_allclose(m[1].A.std, m[0].A.std / 2, rtol=1e-9)
    result = m.fit_output
    i, j = result.names.index("Gaussian.centre"), result.names.index("Gaussian.sigma")
    variance = result.covar[i, i] + 36 * result.covar[j, j] + 12 * result.covar[i, j]
    assert_allclose(m[1].centre.std, np.sqrt(variance), rtol=1e-9)
    m.multifit(show_progressbar=False)
    assert_allclose(m[1].A.map["values"], m[0].A.map["values"] / 2)
    assert_allclose(m[1].A.map["std"], m[0].A.map["std"] / 2)
    assert_allclose(m[1].centre.map["values"], 12, atol=0.3)
    m.signal.axes_manager.indices = (1, 1)
    assert m[1].A.value == m[0].A.value / 2


def test_parts_and_stored_models_have_links_of_their_own(model):
    model[1].A.twin_function_expr = "x / 2"
    model[1].A.twin = model[0].A
    model[2].centre.twin_function_expr = "2 * Gaussian_0.centre"
    model.store("linked")
    for other in (model.inav[:2], model.isig[:50], model.signal.models.restore("linked")):
        other[0].A.value = 8
        other[1].centre.value = 6
        assert other[1].A.value == 4
        assert other[2].centre.value == 12
        assert other[1].A.twin is other[0].A
    assert model[0].A.value == 10


def test_removing_a_component_cuts_its_links_and_leaves_the_values(model):
    model[0].A.twin = model[1].A
    model[1].sigma.twin = model[2].sigma
    model[2].centre.twin = model[2].A
    removed = model[1]
    model.remove(removed)
    removed.A.value = 77
    assert model[0].A.value == 20
    assert model[0].A.twin is None
    assert model[0].A.free
    assert removed.sigma.twin is None
    assert model[1].centre.twin is model[1].A


def test_vectors_may_be_coupled(model):
    p, q = c1.Polynomial(order=1), c1.Polynomial(order=1)
    model.extend([p, q])
    p.coefficients.twin = q.coefficients
    p.coefficients.value = (3, 4)
    assert q.coefficients.value == (3, 4)


def loop_of_three(m):
    m[0].A.twin = m[1].A
    m[1].A.twin = m[2].A
    m[2].A.twin = m[0].A


def law(m, text):
    m[0].A.twin_function_expr = text
    m[0].A.twin = m[1].A


REFUSED = [
    (lambda m: setattr(m[0].A, "twin", m[0].A), TwinError, "would follow itself"),
    (loop_of_three, TwinError, r"Gaussian_1.A -> Gaussian.A -> Gaussian_0.A -> Gaussian_1.A"),
    (lambda m: setattr(m[0].A, "twin", m[0]), TwinError, "a parameter is wanted"),
    (lambda m: setattr(m[0].A, "twin", "A"), TwinError, "a parameter is wanted"),
    (lambda m: law(m, "3"), TwinError, "with 0 variables; an expression of one variable"),
    (lambda m: law(m, "x * y"), TwinError, "with 2 variables"),
    (lambda m: law(m, "__import__('os')"), FormulaError, "column 1|string|'"),
    (lambda m: law(m, "Gaussian_7.A + 1"), UnknownNameError, "has no 'Gaussian_7'"),
    (lambda m: law(m, "Gaussian_1.a"), UnknownNameError, "has no 'a'"),
    (lambda m: law(m, "Gaussian_1.A + b"), TwinError, "speaks of 'b'"),
    (lambda m: setattr(m[0].A, "twin_function_expr", "Gaussian.A + 1"), TwinError, "itself"),
    (lambda _: setattr(c1.Gaussian().A, "twin_function_expr", "a.b"), TwinError, "is in none"),
]


@pytest.mark.parametrize(("wrong", "kind", "words"), REFUSED)
def test_a_link_that_cannot_be_is_refused_and_changes_nothing(model, wrong, kind, words):
    values = model.row().tolist()
    with pytest.raises(kind, match=words):
        wrong(model)
    assert model.row().tolist() == values or wrong is loop_of_three
    assert model[0].A.link is None or wrong is loop_of_three


def test_a_follower_cannot_be_freed_by_itself_but_batches_pass_over_it(model):
    model[0].A.twin = model[1].A
    with pytest.raises(TwinError, match="free what it follows"):
        model[0].A.free = True
    model.set_parameters_not_free()
    model.set_parameters_free()
    model[0].set_parameters_free()
    assert [p.free for p in model[0].parameters] == [False, True, True]


@given(st.floats(-50, 50), st.sampled_from(["x", "2 * x - 3", "x**3", "sinh(x / 20)"]))
def test_setting_either_side_keeps_both_in_step(value, text):
    p, q = c1.Offset().offset, c1.Offset().offset
    p.twin_function_expr = text
    p.twin = q
    q.value = value
    expected = {"x": value, "2 * x - 3": 2 * value - 3, "x**3": value**3}
    assert p.value == pytest.approx(expected.get(text, np.sinh(value / 20)), abs=1e-9)
