"""One slow pixel on an engine: the same answer, seen on its way, whoever dies of it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import EnginesLostError, FitError
from hsjupyter.engines import alone
from hsjupyter.engines.crew import EngineGoneError
from hsjupyter.fitting.call import fit_call
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.objective import make_objective
from hsjupyter.fitting.plan import make_plan
from hsjupyter.fitting.solve import solve_pixel
from hsjupyter.fitting.telling import telling

c1 = hs.model.components1D
BOUNDS = {"A": (0, 1e5), "sigma": (0.1, 50), "centre": (0, 100)}


@pytest.fixture
def m():
    made = hs.data.two_gaussians(shape=(4, 8), seed=1).create_model()
    made.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Offset(offset=1)])
    made[1].set_parameters_not_free()
    for name, (low, high) in BOUNDS.items():
        getattr(made[0], name).bmin, getattr(made[0], name).bmax = low, high
    made.axes_manager.indices = (2, 1)
    return made


def test_an_engine_finds_the_same(cluster, m):
    here = m.fit()
    wanted, std = m.maps.values[1, 2].copy(), m.maps.std[1, 2].copy()
    m[0].A.value, m[0].sigma.value, m[0].centre.value = 300, 8, 40
    there = m.fit(client=cluster)
    assert_allclose(there.x, here.x, rtol=1e-8)
    assert_allclose(m.maps.values[1, 2], wanted, rtol=1e-8)
    assert_allclose(m.maps.std[1, 2], std, rtol=1e-8)
    assert m.fit_output is there
    assert m[0].A.value == m.maps.values[1, 2, m.maps.slot(m[0].A)]


def test_a_global_search_is_seen_on_its_way(cluster, m):
    wanted = m.fit().x
    m[0].A.value, m[0].sigma.value, m[0].centre.value = 5, 1, 5
    seen = []
    m[0].centre.observe(lambda change: seen.append(change["new"]), "value")
    found = m.fit(optimizer="Differential Evolution", client=cluster, popsize=120, maxiter=400)
    assert_allclose(found.x, wanted, rtol=1e-4)
    assert len(seen) > 1
    assert abs(seen[0] - seen[-1]) > 0
    assert seen[-1] == m[0].centre.value


def test_what_is_told_gets_better_and_better(m, monkeypatch):
    monkeypatch.setattr("hsjupyter.fitting.telling.TELLING", -1.0)
    plan, told = make_plan(m), []
    objective = make_objective(plan, pixels_of(m).at(0), plan.start, plan.active)
    wanted = solve_pixel(objective, "Nelder-Mead", {})
    found = solve_pixel(telling(objective, told.append), "Nelder-Mead", {})
    assert_allclose(found.x, wanted.x)
    costs = [objective.value(row[objective.slots]) for row in told]
    assert len(costs) > 20
    assert (np.diff(costs) < 0).sum() > len(costs) / 2
    assert costs[-1] == pytest.approx(wanted.fun)


def test_an_error_is_of_the_same_kind_and_working_values_are_as_before(cluster, m):
    m[0].A.bmax = None
    m[0].A.value = 1e308
    m[0].sigma.bmin, m[0].sigma.value = 1e-300, 1e-300
    before = m.row()
    with pytest.raises(FitError, match="the model is not finite in") as here:
        m.fit()
    with pytest.raises(FitError) as there:
        m.fit(client=cluster)
    assert str(there.value) == str(here.value)
    assert_allclose(m.row(), before)


def test_what_an_engine_dies_of_is_done_by_another(cluster, m, monkeypatch):
    plain, died = alone.apply, []

    def apply(view, *words):
        if not died:
            died.append(view.targets)
            raise EngineGoneError("it died")
        return plain(view, *words)

    monkeypatch.setattr(alone, "apply", apply)
    assert m.fit(client=cluster).success
    assert len(died) == 1
    monkeypatch.setattr(type(cluster), "ids", property(lambda _: []))
    with pytest.raises(EnginesLostError, match=r"has no engine that could do it, 0 died.*client="):
        m.fit(client=cluster)


def test_an_interrupt_ends_the_search_on_the_engine_as_well(cluster, m, monkeypatch):
    before, sent, plain = m.row(), [], cluster.send_signal

    def send(*given, **words):
        sent.append((given, words))
        return plain(*given, **words)

    def press(_row):
        raise KeyboardInterrupt

    monkeypatch.setattr(cluster, "send_signal", send)
    plan = make_plan(m)
    objective = make_objective(plan, pixels_of(m).at(0), plan.start, plan.active)
    call = fit_call({"optimizer": "Differential Evolution", "popsize": 5000, "maxiter": 100_000})
    with pytest.raises(KeyboardInterrupt):
        alone.solve_on_engine(cluster, objective, call, press)
    assert sent[0][0] == ("SIGINT",)
    assert_allclose(m.row(), before)
    assert m.fit(client=cluster).success  # the engine is free again


def test_a_function_that_is_written_in_this_session_cannot_travel(cluster, m):
    with pytest.raises(FitError, match=r"<lambda>.*put it into a file"):
        m.fit(client=cluster, optimizer="BFGS", grad=lambda p: p)
