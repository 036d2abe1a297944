"""Whatever is done to a model, in whatever order: one home per value, nothing shared."""

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import hsjupyter.api as hs
from hsjupyter.core.errors import BoundsError, TwinError
from hsjupyter.core.twins import attribute_name

c1 = hs.model.components1D

PIXELS = (2, 3)
CHANNELS = 8
NAMES = ("Gaussian", "Carbon", "Long name", "Gaussian_0", "Offset", "x 1")
KINDS = (
    c1.Gaussian,
    c1.Lorentzian,
    c1.Offset,
    lambda: c1.Polynomial(order=1),
)
LAWS = ("", "2 * x", "x + 1", "x**3")

numbers = st.integers(-40, 40).map(lambda n: n / 4)
picks = st.integers(0, 10_000)


class Models(RuleBasedStateMachine):
    """A model, a plain record of what it must hold, and parts of it made on the way."""

    @initialize()
    def begin(self):
        rng = np.random.default_rng(0)
        self.signal = hs.signals.Signal1D(rng.normal(size=(*PIXELS, CHANNELS)))
        self.model = self.signal.create_model()
        self.model.extend([c1.Gaussian(), c1.Gaussian(), c1.Polynomial(order=1)])
        self.stored = {}  # (parameter, pixel) -> numbers that were stored
        self.parts = []  # models made of this one, with what they held then

    # -- components

    def component(self, pick):
        return self.model[pick % len(self.model)]

    def parameter(self, pick):
        every = self.model.parameters
        return every[pick % len(every)]

    def here(self):
        return self.model.axes_manager.map_index

    @rule(kind=st.sampled_from(KINDS), place=picks)
    def add(self, kind, place):
        if len(self.model) < 6:
            component = kind()
            self.model.insert(place % (len(self.model) + 1), component)

    @precondition(lambda self: len(self.model))
    @rule(pick=picks)
    def remove(self, pick):
        component = self.component(pick)
        values = [p.value for p in self.model.parameters if p.component is not component]
        self.model.remove(component)
        assert component.model is None
        assert values == [p.value for p in self.model.parameters]
        for key in [key for key in self.stored if key[0].component is component]:
            del self.stored[key]

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, name=st.sampled_from(NAMES))
    def rename(self, pick, name):
        component, was = self.component(pick), self.component(pick).name
        others = {attribute_name(c.name) for c in self.model if c is not component}
        try:
            component.name = name
        except ValueError:
            assert attribute_name(name) in others
            assert component.name == was
        else:
            assert attribute_name(name) not in others

    @precondition(lambda self: len(self.model) > 1)
    @rule(turned=st.booleans())
    def reorder(self, turned):
        if turned:
            self.model.reverse()
        else:
            self.model.sort()

    # -- numbers

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, value=numbers)
    def set_value(self, pick, value):
        p = self.parameter(pick)
        try:
            p.value = (value,) * p.size if isinstance(p.value, tuple) else value
        except TwinError:
            assert p.link is not None or p.followers
        else:
            assert p.link is not None or set(p.flat()) == {value}

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, ends=st.tuples(st.none() | numbers, st.none() | numbers))
    def bound(self, pick, ends):
        p, before = self.parameter(pick), (self.parameter(pick).bmin, self.parameter(pick).bmax)
        try:
            p.set_bounds(*ends)
        except BoundsError:
            assert ends[0] > ends[1]
            assert (p.bmin, p.bmax) == before
        else:
            assert (p.bmin, p.bmax) == ends

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, free=st.booleans())
    def free(self, pick, free):
        p = self.parameter(pick)
        try:
            p.free = free
        except TwinError:
            assert p.link is not None
        else:
            assert p.free == free

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, other=picks, law=st.sampled_from(LAWS))
    def follow(self, pick, other, law):
        p, source = self.parameter(pick), self.parameter(other)
        p.twin = None
        p.twin_function_expr = law
        value = p.value
        try:
            p.twin = source
        except TwinError:
            assert (p.link, p.twin, p.value) == (None, None, value)
        else:
            assert p.link.sources == (source,)

    @precondition(lambda self: len(self.model))
    @rule(pick=picks)
    def follow_no_more(self, pick):
        p = self.parameter(pick)
        value = p.value
        p.twin = None
        p.twin_function_expr = ""
        assert p.value == value
        assert p.link is None

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, other=picks)
    def follow_by_name(self, pick, other):
        p, source = self.parameter(pick), self.parameter(other)
        whose = attribute_name(source.component.name)
        if p.twin is not None or p.size > 1 or source.size > 1:
            return
        try:
            p.twin_function_expr = f"{whose}.{source.name} / 2"
        except TwinError:
            assert p.link is None or p.link.sources != (source,)

    # -- pixels

    @rule(index=st.tuples(*(st.integers(0, n - 1) for n in PIXELS[::-1])))
    def go(self, index):
        self.model.axes_manager.indices = index

    @precondition(lambda self: len(self.model))
    @rule()
    def store(self):
        self.model.store_current_values()
        self.stored |= {(p, self.here()): p.value for p in self.model.parameters}

    @precondition(lambda self: len(self.model))
    @rule(pick=picks)
    def assign_to_all(self, pick):
        p = self.parameter(pick)
        p.assign_current_value_to_all()
        self.stored |= {(p, where): p.value for where in np.ndindex(*PIXELS)}

    @precondition(lambda self: len(self.model))
    @rule(pick=picks, active=st.booleans(), by_pixel=st.booleans())
    def switch(self, pick, active, by_pixel):
        component = self.component(pick)
        component.active_is_multidimensional = by_pixel
        component.active = active
        assert (component._active_array is None) != by_pixel

    # -- other models of it

    @precondition(lambda self: len(self.model))
    @rule(how=st.sampled_from(["inav", "isig", "copy", "deepcopy", "store", "dictionary"]))
    def make_part(self, how):
        self.model.store_current_values()
        self.stored |= {(p, self.here()): p.value for p in self.model.parameters}
        part = self.made(how)
        values = [c.row() for c in part]
        here = (0, 1) if how == "inav" else self.here()
        for p, q in zip(self.model.parameters, part.parameters, strict=True):
            assert (q.link is None) == (p.link is None)
            if p.link is None:
                assert q.value == self.stored.get((p, here), p.value)
        self.parts.append((part, [c.name for c in part], values, part.maps.values.copy()))
        self.parts = self.parts[-3:]

    def made(self, how):
        model = self.model
        if how == "inav":
            return model.inav[1:, :]
        if how == "isig":
            return model.isig[2:6]
        if how == "store":
            model.store("kept")
            return self.signal.models.restore("kept")
        if how == "dictionary":
            return self.signal.create_model(dictionary=model.as_dictionary())
        return getattr(model, how)()

    # -- what always holds

    @invariant()
    def names_are_unique(self):
        attributes = [attribute_name(c.name) for c in self.model]
        assert len(set(attributes)) == len(attributes)
        assert all(
            getattr(self.model.components, a) is self.model[i] for i, a in enumerate(attributes)
        )

    @invariant()
    def each_component_knows_its_model(self):
        for component in self.model:
            assert component.model is self.model
            assert all(p.component is component for p in component.parameters)

    @invariant()
    def each_number_has_one_slot(self):
        places = [self.model.maps.slot(p) for p in self.model.parameters]
        slots = [k for place in places for k in range(place.start, place.stop)]
        assert slots == list(range(self.model.maps.values.shape[-1]))
        assert self.model.maps.active.shape == (*PIXELS, len(self.model))

    @invariant()
    def what_was_stored_is_there(self):
        for (p, where), value in self.stored.items():
            np.testing.assert_array_equal(p.map["values"][where], value)
            assert p.map["is_set"][where]

    @invariant()
    def followers_follow(self):
        for p in self.model.parameters:
            if p.link is not None:
                assert p.flat() == p.link.numbers(q.flat() for q in p.link.sources)
                assert not p.free
                assert all(p in q.followers for q in p.link.sources)
                assert all(q.component.model is self.model for q in p.link.sources)
            for follower in p.followers:
                assert p in follower.link.sources

    @invariant()
    def parts_stay_as_they_were(self):
        for part, names, values, maps in self.parts:
            assert [c.name for c in part] == names
            assert part.signal is not self.signal or part.axes_manager is self.model.axes_manager
            np.testing.assert_array_equal(part.maps.values, maps)
            if part.axes_manager is not self.model.axes_manager:  # else it navigates along
                assert [c.row() for c in part] == values
            assert not {id(p) for p in part.parameters} & {id(p) for p in self.model.parameters}
            assert not np.shares_memory(part.maps.values, self.model.maps.values)
            for p in part.parameters:
                assert all(q.component.model is part for q in (p.link.sources if p.link else ()))


Models.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestModels = Models.TestCase
