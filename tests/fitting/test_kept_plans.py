"""A plan is made once of a model that stays the same, and anew after whatever changes it."""

import gc
import pickle
import weakref
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.fitting.plan import Plan, freeze

K = hs.model.components1D
X = np.linspace(0.0, 10.0, 64)


def peaks() -> Any:
    s = hs.signals.Signal1D(np.tile(np.exp(-((X - 4) ** 2)) + 0.1, (2, 1)))
    s.axes_manager[-1].scale = X[1]
    m = s.create_model()
    m.extend([K.Gaussian(A=2.0, sigma=0.7, centre=4.2, name="line"), K.Polynomial(order=1)])
    return m


def rename(m: Any) -> None:
    m["line"].name = "other"


def fix(m: Any) -> None:
    m["line"].sigma.free = False


def bound(m: Any) -> None:
    m["line"].sigma.bmax = 3.0


def put_out(m: Any) -> None:
    m["line"].active = False


def leave_channels_out(m: Any) -> None:
    m.set_signal_range(2.0, 8.0)


def shift_the_axis(m: Any) -> None:
    m.signal.axes_manager[-1].offset = 1.0


def stretch_the_axis(m: Any) -> None:
    m.signal.axes_manager[-1].scale = 0.2


def take_for_binned(m: Any) -> None:
    m.signal.axes_manager[-1].is_binned = True


def couple(m: Any) -> None:
    m["line"].A.twin = m["line"].sigma


def append(m: Any) -> None:
    m.append(K.Offset())


def remove(m: Any) -> None:
    m.remove("line")


def convolve(m: Any) -> None:
    low = hs.signals.Signal1D(np.eye(1, 9, 4)[0])
    low.axes_manager[-1].scale, low.axes_manager[-1].offset = X[1], -4 * X[1]
    m.low_loss = low


def begin_elsewhere(m: Any) -> None:
    m["line"].centre.value = 5.0


CHANGES = [
    rename,
    fix,
    bound,
    put_out,
    leave_channels_out,
    shift_the_axis,
    stretch_the_axis,
    take_for_binned,
    couple,
    append,
    remove,
    convolve,
    begin_elsewhere,
]


def told(plan: Plan) -> dict[str, Any]:
    """What a plan says, comparable; a convolution by what it makes of the model."""
    told = {f.name: getattr(plan, f.name) for f in fields(Plan)}
    told["links"] = [(link.slot, link.sources) for link in plan.links]
    told["convolution"] = plan.convolution is None
    return {
        name: [np.asarray(one).tolist() for one in value] if name == "coords" else value
        for name, value in told.items()
    }


def same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_kept_is_what_would_be_made(change: Callable[[Any], None]) -> None:
    m, fresh = peaks(), peaks()
    for bounded in (True, False, True):
        freeze(m, bounded=bounded)
    change(m)
    change(fresh)
    for bounded in (True, False):
        kept, made = told(freeze(m, bounded=bounded)), told(freeze(fresh, bounded=bounded))
        assert [name for name in made if not same(kept[name], made[name])] == []


def test_nothing_changed_shares_what_was_found_out() -> None:
    m = peaks()
    first = freeze(m)
    slots = first.free_slots(first.active)
    m["line"].centre.value = 5.0
    again = freeze(m)
    assert again.start[again.names.index("line.centre")] == 5.0
    assert first.start[first.names.index("line.centre")] == 4.2
    assert again.free_slots(again.active) is slots


def test_a_kept_plan_travels_without_what_was_found_out_and_holds_no_model() -> None:
    m = peaks()
    m.fit()
    plan = freeze(m)
    assert len(pickle.dumps(plan)) < len(pickle.dumps(freeze(peaks()))) + 100
    alive = weakref.ref(m)
    del m
    gc.collect()
    assert alive() is None
