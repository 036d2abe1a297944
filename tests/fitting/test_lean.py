"""What the driver leaves out changes nothing: lines far away, steps that do not move, zeros."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.fitting import kept, layout, solve, tables
from hsjupyter.fitting.jobs import Job, pixels_of
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.separate import separate
from hsjupyter.formula import parse
from hsjupyter.formula.hoist import hoist
from hsjupyter.formula.numpy_code import Evaluator

c1 = hs.model.components1D


def many_lines(channels=1024, lines=6, pixels=8):
    """Narrow lines on a parabola and a decay."""
    x = 0.02 * np.arange(channels)
    rng = np.random.default_rng(7)
    m = None
    parts = [(200 * (1 + k % 3), 0.05 + 0.004 * k, 1.5 + 17.0 * k / lines) for k in range(lines)]
    y = 40 + 2 * x - 0.05 * x**2 + 900 * (x + 1) ** -1.5
    for height, sigma, centre in parts:
        y = y + height * np.exp(-((x - centre) ** 2) / (2 * sigma**2))
    s = hs.signals.Signal1D(rng.poisson(np.tile(y, (pixels, 1))).astype(float))
    s.axes_manager[-1].scale = x[1]
    m = s.create_model()
    for height, sigma, centre in parts:
        m.append(c1.Gaussian(A=2 * height * sigma, sigma=1.1 * sigma, centre=centre + 0.01))
    m.append(c1.PowerLaw(A=800, r=1.4, origin=-1.0))
    m.append(c1.Polynomial(order=2))
    return m


def fit(m, optimizer="leastsq"):
    plan = make_plan(m)
    n = int(np.prod(m.maps.shape))
    starts = np.full((n, len(plan.start)), np.nan)
    job = Job(np.arange(n), starts, np.tile(plan.active, (n, 1)), optimizer)
    return plan, solve.solve_job(plan, pixels_of(m), job)


def test_lines_that_do_not_reach_are_left_out_and_nothing_changes(monkeypatch):
    m = many_lines()
    _, lean = fit(m)
    compiled = tables.compile_lean
    kept.forget_tables()
    tables.lean_of.cache_clear()
    monkeypatch.setattr(
        tables,
        "compile_lean",
        lambda *words: dataclasses.replace(compiled(*words), reach=None),
    )
    plan, dense = fit(m)
    tables.lean_of.cache_clear()
    made = tables.make_tables(plan, plan.active, fixed=plan.start)
    kept.forget_tables()
    assert made.table[layout.N_REACHES] == 0
    assert len(lean.pixels) == len(dense.pixels) == 8
    assert_allclose(lean.chisq, dense.chisq, rtol=1e-12)
    assert_allclose(lean.values, dense.values, rtol=1e-9)
    assert_allclose(lean.std, dense.std, rtol=1e-9)


def test_narrow_lines_reach_some_blocks_only():
    m = many_lines()
    plan = make_plan(m)
    tables.lean_of.cache_clear()
    made = tables.make_tables(plan, plan.active, fixed=plan.start)
    assert made.table[layout.N_REACHES] == 6


TEXTS = [
    ("where(x > Max(left_cutoff, origin), A * (x - origin)**(-r), 0)", ("A", "r")),
    ("A * exp(-x / t) * log(x + b) ** n", ("A", "n")),
    ("A * erf(x - b) + c * x ** n", ("A", "c", "n")),
]


@pytest.mark.parametrize(("text", "moving"), TEXTS)
def test_what_does_not_move_is_worked_out_once_and_read(text, moving):
    formula = parse(text)
    lean = tables.compile_lean(formula, moving)
    x = np.linspace(0.5, 9, 70)
    p = np.random.default_rng(1).uniform(0.3, 0.9, len(formula.order))
    rows = np.concatenate([x[np.newaxis], lean.once((x,), p)])
    value, lines = lean.kernel(rows, p)
    assert_allclose(value, formula.value((x,), p), rtol=1e-13)
    assert_allclose(lines, formula.derivatives((x,), p, moving), rtol=1e-12)


def test_where_all_moves_nothing_is_worked_out_before():
    formula = parse("A * exp(-x / t)")
    assert hoist(formula.derivative_tape(), frozenset((0, 1))) is None


def test_the_part_worked_out_once_knows_nothing_that_moves():
    formula = parse(TEXTS[1][0])
    moving = frozenset(formula.order.index(name) for name in TEXTS[1][1])
    once = hoist(formula.derivative_tape(TEXTS[1][1]), moving).once
    spoken = {int(i.number) for i in once.instructions if i.op == "parameter"}
    assert not spoken & moving
    assert Evaluator(once)((np.ones(3),), np.ones(4)).shape[1] == 3


def separation_of(*components, change=None):
    s = hs.signals.Signal1D(np.ones((2, 40)))
    m = s.create_model()
    m.extend(components)
    if change is not None:
        change(m)
    plan = make_plan(m)
    slots = plan.free_slots(plan.active)
    found = separate(plan, plan.active, slots)
    names = [plan.names[s] for s in slots]
    return {names[k] for k in found.linear}, dict(zip(names, found.owner, strict=True)), names


def test_areas_are_linear_and_own_their_widths():
    linear, owner, names = separation_of(c1.Gaussian(), c1.Offset())
    assert linear == {"Gaussian.A", "Offset.offset"}
    assert names[owner["Gaussian.sigma"]] == "Gaussian.A"
    assert names[owner["Gaussian.centre"]] == "Gaussian.A"


def test_areas_that_share_a_width_are_not_solved_for_at_once():
    def share(m):
        m[1].sigma.twin = m[0].sigma

    linear, owner, _ = separation_of(c1.Gaussian(), c1.Gaussian(), c1.Offset(), change=share)
    assert linear == {"Offset.offset"}
    assert owner["Gaussian.centre"] == -1


def test_an_area_that_follows_another_is_one_number():
    def follow(m):
        m[1].A.twin_function_expr = "x / 3"
        m[1].A.twin = m[0].A

    linear, owner, names = separation_of(c1.Gaussian(), c1.Gaussian(), change=follow)
    assert linear == {"Gaussian.A"}
    assert names[owner["Gaussian_0.sigma"]] == "Gaussian.A"


def test_a_product_has_one_linear_factor_only():
    linear, _, _ = separation_of(c1.Expression("a * b * x + c", "product"))
    assert linear in ({"product.a", "product.c"}, {"product.b", "product.c"})


def test_bounds_of_linear_numbers_are_kept_and_reached():
    m = many_lines()
    _, loose = fit(m)
    slots = [m.maps.slot(m[k].A).start for k in (0, 2)]
    low, high = 0.8 * loose.values[:, slots[0]].min(), 1.2 * loose.values[:, slots[1]].max()
    m[0].A.set_bounds(0, low)
    m[2].A.set_bounds(high, 2 * high)
    _, found = fit(m)
    assert_allclose(found.values[:, slots[0]], low)
    assert_allclose(found.values[:, slots[1]], high)
    assert np.isnan(found.std[:, slots]).all()
    assert (found.chisq > loose.chisq).all()
