"""Who is told of a change, and how: HyperSpy's words over traitlets."""

import gc
import weakref

import numpy as np
import pytest

import hsjupyter.api as hs

c1 = hs.model.components1D


@pytest.fixture
def model():
    m = hs.signals.Signal1D(np.arange(60.0).reshape(2, 30)).create_model()
    m.append(c1.Polynomial(order=1))
    return m


def test_each_thing_has_its_events(model):
    assert set(vars(model.events)) == {"fitted"}
    assert set(vars(model[0].events)) == {"active_changed"}
    assert set(vars(model[0].coefficients.events)) == {"value_changed"}
    assert model.events is model.events


def test_a_function_is_told_of_a_new_value():
    p, told = c1.Gaussian().A, []
    p.events.value_changed.connect(lambda obj, value: told.append((obj, value)))
    p.value = 3
    p.value = 3
    p.value = 4
    assert told == [(p, 3), (p, 4)]


def test_a_function_is_told_when_a_component_is_switched():
    g, told = c1.Gaussian(), []
    g.events.active_changed.connect(lambda active, **_: told.append(active))
    g.active = False
    g.active = True
    assert told == [False, True]


def test_a_function_is_told_of_a_fit_when_all_is_in_place(model):
    told = []

    def look(obj):
        told.append((obj.fit_output.success, obj[0].coefficients.value, obj.chisq.data[0]))

    model.events.fitted.connect(look)
    model.fit()
    ((success, value, chisq),) = told
    assert success
    assert np.allclose(value, (1, 0), atol=1e-6)
    assert chisq < 1e-9


CALLS = {
    "all by name": (lambda told: lambda obj, value: told.append((obj, value)), "all", 2),
    "all by other names": (lambda told: lambda a, b: told.append((a, b)), "all", 2),
    "one by place": (lambda told: lambda a: told.append((a,)), "all", 1),
    "none": (lambda told: lambda: told.append(()), "all", 0),
    "of C": (lambda told: told.append, "all", None),
    "any": (lambda told: lambda *args: told.append(args), "all", 2),
    "those it names": (lambda told: lambda value, more=(): told.append((value, *more)), "auto", 1),
    "these": (lambda told: lambda value: told.append((value,)), ["value"], 1),
    "no": (lambda told: lambda: told.append(()), [], 0),
    "renamed": (lambda told: lambda number: told.append((number,)), {"value": "number"}, 1),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_function_gets_what_it_wants(name):
    make, kwargs, count = CALLS[name]
    p, told = c1.Gaussian().A, []
    p.events.value_changed.connect(make(told), kwargs)
    p.value = 7
    (found,) = told
    if count is None:
        assert found is p
    else:
        assert found == {2: (p, 7), 0: ()}.get(count, found)
        assert len(found) == count
        assert name in {"one by place", "none", "no"} or 7 in found


def test_one_is_told_no_longer():
    p, told = c1.Gaussian().A, []
    event = p.events.value_changed
    event.connect(told.append)
    assert event.connected == [told.append]
    event.disconnect(told.append)
    p.value = 3
    assert told == []
    assert event.connected == []


def test_nobody_is_told_for_a_while():
    p, told, also = c1.Gaussian().A, [], []
    event = p.events.value_changed
    event.connect(told.append)
    event.connect(also.append)
    with p.events.suppress():
        p.value = 2
        with event.suppress():
            p.value = 3
        p.value = 4
    assert told == also == []
    with event.suppress_callback(told.append):
        p.value = 5
    assert (len(told), len(also)) == (0, 1)
    p.value = 6
    assert (len(told), len(also)) == (1, 2)


def test_one_may_be_told_by_hand():
    p, told = c1.Gaussian().A, []

    def tell(value):
        told.append(value)

    p.events.value_changed.connect(tell)
    p.events.value_changed.trigger()
    p.events.value_changed.trigger(value=99)
    assert told == [1.0, 99]
    assert p.value == 1
    with pytest.raises(ValueError, match="known: obj, value"):
        p.events.value_changed.trigger(number=3)


def test_events_do_not_keep_things_alive():
    p = c1.Gaussian().A
    p.events.value_changed.connect(print)
    gone = weakref.ref(p)
    event = p.events.value_changed
    del p
    gc.collect()
    assert gone() is None
    assert "None" in repr(event)
