"""A number that the data push against a bound ends on the bound, not a rounding before it."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.fitting.optimizers.base import OPTIMIZERS

BOUNDED = ["leastsq", "lm", "trf", "dogbox", "L-BFGS-B", "TNC", "SLSQP"]


@pytest.fixture
def raman():
    """A line narrower than it may be, on a negative ground that may not be negative."""
    s = hs.data.polystyrene_raman()
    s.data = s.data - 3000.0
    m = s.create_model()
    line = hs.model.components1D.Lorentzian(A=3e5, gamma=4, centre=999)
    ground = hs.model.components1D.Offset(10.0)
    m.extend([ground, line])
    m.set_signal_range(970.0, 1015.0)
    line.gamma.bmin, ground.offset.bmin = 3.0, 0.0
    return m


@pytest.mark.parametrize("optimizer", BOUNDED)
def test_a_bound_that_is_reached_is_reached_exactly(raman, optimizer):
    assert OPTIMIZERS[optimizer].ability.bounds
    result = raman.fit(optimizer=optimizer)
    assert (raman[0].offset.value, raman[1].gamma.value) == (0.0, 3.0)
    assert raman[0].offset.at_bound
    assert raman[1].gamma.at_bound
    assert set(result.on_bound) == {"Offset.offset", "Lorentzian.gamma"}
    assert np.isfinite(raman[1].A.std)
    assert raman[1].gamma.std is None
