"""Whatever is done to a signal, one thing after another, its parts agree, and numpy agrees."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.testing import assert_allclose, assert_array_equal

from hsjupyter.signals import BaseSignal
from tests.verbs.made import SHAPES, make, sound

PLACES = st.integers(0, 1000)


class Signals(RuleBasedStateMachine):
    """A signal beside an array and a row of axes that are reckoned by hand."""

    @initialize(shapes=SHAPES, seed=st.integers(0, 99))
    def begin(self, shapes, seed):
        self.s = make(*shapes, seed=seed, uniform=True)
        self.manager = self.s.axes_manager
        self.seen = []
        self.manager.observe(lambda change: self.seen.append(change["new"]), "indices")
        self.mirror = self.s.data.copy()
        self.variance = None

    def axis(self, place):
        natural = self.s.axes_manager.natural
        return natural[place % len(natural)]

    @rule(place=PLACES, start=st.integers(0, 3))
    def crop(self, place, start):
        axis = self.axis(place)
        start = min(start, axis.size - 1)
        key = [slice(None)] * self.mirror.ndim
        key[axis.index_in_array] = slice(start, None)
        self.s.crop(axis.name, start)
        self.mirror = self.mirror[tuple(key)]
        self.variance = None if self.variance is None else self.variance[tuple(key)]

    @rule(place=PLACES)
    def rebin(self, place):
        axis = self.axis(place)
        scale = [2 if each is axis and axis.size > 1 else 1 for each in self.manager.natural]
        at, n = axis.index_in_array, axis.size // 2 * 2
        self.s.rebin(scale=scale, out=self.s)
        if n:
            pairs = np.take(self.mirror, range(n), axis=at)
            self.mirror = np.add.reduceat(pairs, range(0, n, 2), axis=at)
            if self.variance is not None:
                pairs = np.take(self.variance, range(n), axis=at)
                self.variance = np.add.reduceat(pairs, range(0, n, 2), axis=at)

    @rule()
    def exchange(self):
        n = self.manager.navigation_dimension
        if n in {1, 2} and not any(self.s.stored_models):
            order = [*range(n, self.mirror.ndim), *range(n)]
            self.s.become("it was turned", self.s.T)
            self.mirror = self.mirror.transpose(order)
            if self.variance is not None:
                self.variance = self.variance.transpose(order)

    @rule(number=st.floats(0.5, 2))
    def multiply(self, number):
        self.s *= number
        self.mirror = self.mirror * number
        if self.variance is not None:
            self.variance = self.variance * number**2

    @rule()
    def sort(self):
        self.s.map(np.sort, axis=-1)
        n = self.manager.signal_dimension
        self.mirror = np.sort(self.mirror, axis=-1) if n else self.mirror
        self.variance = None

    @rule(place=PLACES, scale=st.sampled_from([0.5, 2.0, -1.0]), offset=st.floats(-9, 9))
    def calibrate(self, place, scale, offset):
        axis = self.axis(place)
        axis.scale, axis.offset = scale, offset

    @rule(place=PLACES)
    def go(self, place):
        shape = self.manager.navigation_shape
        self.manager.indices = tuple(place % n for n in shape)

    @rule(binned=st.booleans())
    def bin(self, binned):
        self.s.metadata.Signal.binned = binned
        assert [axis.is_binned for axis in self.manager.signal_axes] == [
            binned
        ] * self.manager.signal_dimension

    @rule()
    def know_the_noise(self):
        self.s.set_noise_variance(np.abs(self.s.data) + 1)
        self.variance = np.abs(self.mirror) + 1

    @rule(place=PLACES)
    def take_a_part(self, place):
        shape = self.manager.navigation_shape
        part = sound(self.s.inav[tuple(slice(place % n, None) for n in shape)])
        assert part.axes_manager is not self.manager
        copied = sound(self.s.deepcopy())
        copied.data = copied.data * 0
        copied.metadata.Signal.signal_type = "other"

    @invariant()
    def all_agree(self):
        if not hasattr(self, "s"):
            return
        sound(self.s)
        assert self.s.axes_manager is self.manager
        assert_allclose(self.s.data, self.mirror, rtol=1e-12)
        variance = self.s.get_noise_variance()
        if self.variance is None:
            assert variance is None
        else:
            assert isinstance(variance, BaseSignal)
            assert_allclose(variance.data, self.variance, rtol=1e-12)
        assert_array_equal(self.s(), self.s.spectrum_at(self.manager.map_index))
        assert self.s.metadata.Signal.signal_type == ""


Signals.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestSignals = Signals.TestCase
