"""Steps that a bound cuts: what is left of one may lead up, and is then no end."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

import hsjupyter.api as hs
from hsjupyter.fitting import batch

X = np.linspace(100, 110, 60)


def line(truth, start, low):
    """Counts on a falling line, whose slope has a bound above that; far from 0."""
    data = np.random.default_rng(0).poisson(truth[0] + truth[1] * X, size=(7, 60)).astype(float)
    axis = {"size": X.size, "offset": X[0], "scale": X[1] - X[0]}
    m = hs.signals.Signal1D(data, axes=[{"size": 7}, axis]).create_model()
    m.append(hs.model.components1D.Expression("a0 + a1 * x", name="Line", a0=start[0], a1=start[1]))
    m[0].a1.bmin = low
    return m


def deviance(data, a0, a1):
    model = a0 + a1 * X
    ratio = np.where(data > 0, data / model, 1.0)
    return 2 * (model - data + data * np.log(ratio)).sum()


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "numpy"])
@pytest.mark.parametrize("start", [(0.0, 1.0), (0.0, 2.0), (5.0, 0.95), (-40.0, 1.4)], ids=str)
def test_a_cut_step_that_leads_up_is_no_end(start, compiled, monkeypatch):
    if not compiled:
        monkeypatch.setattr(batch, "is_compiled", lambda _plan: False)
    m = line((150.0, -0.5), start, 0.9)
    m.multifit(loss_function="ML-poisson", show_progressbar=False)
    a0, a1 = (m[0].parameters[k].map["values"] for k in range(2))
    assert_allclose(a1, 0.9, rtol=1e-12)
    for k, data in enumerate(m.signal.data):
        best = minimize(lambda p, y=data: deviance(y, p[0], 0.9), [5.0], method="Nelder-Mead")
        assert deviance(data, a0[k], a1[k]) < best.fun * (1 + 1e-8)
