"""What is lent is what was meant, wherever it lies, and is gone with who lent it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import hsjupyter.api as hs
from hsjupyter.engines import ipp, lending
from hsjupyter.engines.lending import (
    Lender,
    Lent,
    Memory,
    OutOfReachError,
    borrowed,
    can_read,
    sign,
    take_back,
)
from hsjupyter.fitting.jobs import Pixels

SHAPE, SIGNAL = (6, 7), (5,)
NUMBERS = np.random.default_rng(1).normal(size=(*SHAPE, *SIGNAL))
c1 = hs.model.components1D


def in_file(tmp_path, mode="r", dtype="<f8"):
    path = tmp_path / "numbers.raw"
    path.write_bytes(b"a header " + NUMBERS.astype(dtype).tobytes())
    return np.memmap(path, dtype, mode, offset=9, shape=NUMBERS.shape)


def lazy(tmp_path):
    hs.signals.Signal1D(NUMBERS).save(tmp_path / "map.hspy")
    return hs.load(tmp_path / "map.hspy", lazy=True).data


KINDS = {
    "memory": lambda _: NUMBERS.copy(),
    "float32": lambda _: NUMBERS.astype("f4"),
    "another byte order": lambda _: NUMBERS.astype(">f8"),
    "strides": lambda _: np.asfortranarray(NUMBERS),
    "a view": lambda _: np.repeat(NUMBERS, 2, axis=1)[:, ::2],
    "a memory map": in_file,
    "a memory map of another byte order": lambda path: in_file(path, dtype=">f8"),
    "a part of a memory map": lambda path: in_file(path)[1:],
    "every second of a memory map": lambda path: in_file(path)[::2],
    "a private memory map": lambda path: in_file(path, "c"),
    "a dataset": lazy,
}
NOISE = {
    "none": lambda _data: None,
    "a number": lambda _data: 2.5,
    "one for all": lambda _data: np.arange(1.0, 6.0),
    "of every pixel": lambda data: np.abs(np.asarray(data)) + 1,
}
IN_FILES = {k for k in KINDS if k.endswith(("memory map", "byte order", "dataset"))}
IN_FILES -= {"another byte order", "every second of a memory map", "a private memory map"}


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(chosen=st.data())
def test_what_is_borrowed_is_what_was_lent(tmp_path_factory, kind, noise, chosen):
    data = KINDS[kind](tmp_path_factory.mktemp("lent"))
    shape = tuple(data.shape[:2])
    pixels = Pixels(data, NOISE[noise](data), None, shape, 1)
    n = int(np.prod(shape))
    which = chosen.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n))
    lent, memory = Lender(pixels).lend(np.array(which))
    assert not isinstance(lent.data, np.ndarray)
    assert (memory is None) == (kind in IN_FILES and noise != "of every pixel")
    there = borrowed(lent)
    assert there.data.dtype == data.dtype
    for pixel in which:
        wanted, found = pixels.at(pixel), there.at(pixel)
        assert_array_equal(found.y, wanted.y)
        assert_array_equal(found.variance, wanted.variance)


def test_memory_is_used_again_once_it_is_back():
    pixels = Pixels(NUMBERS, None, None, SHAPE, 1)
    first, memory = Lender(pixels).lend(np.arange(4))
    second, another = Lender(pixels).lend(np.arange(4))
    assert another is not memory
    take_back(another)
    third, again = Lender(pixels).lend(np.arange(8, 12))
    assert again is another
    assert (third.data.path, third.data.path) == (second.data.path, another.put(NUMBERS).path)
    assert_array_equal(borrowed(first).data, NUMBERS.reshape(-1, 5)[:4])


def test_what_is_too_much_is_not_kept(monkeypatch):
    monkeypatch.setattr(lending, "_spare", [])
    monkeypatch.setattr(lending, "SPARE", 1000)
    memories = [Memory() for _ in range(3)]
    for memory in memories:
        memory.put(np.zeros(50))
        take_back(memory)
    assert lending._spare == memories[:2]  # noqa: SLF001 - what is kept


def test_memory_is_gone_with_who_lent_it():
    memory = Memory()
    lent = memory.put(NUMBERS)
    assert Path(lent.path).exists()
    del memory
    with pytest.raises(OutOfReachError):
        lent.open()


LEND = """
import time
import numpy as np
from hsjupyter.engines.lending import Memory
memory = Memory()
print(repr(memory.put(np.arange(5.0))), flush=True)
time.sleep(600)
"""


def test_nothing_is_left_of_a_process_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", LEND], stdout=subprocess.PIPE, text=True) as other:
        words = other.stdout.readline()
        lent = eval(words, {"Lent": Lent})  # noqa: S307 - our own words
        held = lent.open()
        assert_array_equal(held, np.arange(5.0))
        os.kill(other.pid, signal.SIGKILL)
        other.wait(60)
    with pytest.raises(OutOfReachError):
        lent.open()
    assert_array_equal(held, np.arange(5.0))  # who reads it holds it


def test_another_file_of_the_same_name_is_not_taken_for_it(tmp_path):
    data = in_file(tmp_path)
    lent, _ = Lender(Pixels(data, None, None, SHAPE, 1)).lend(np.arange(3))
    path = Path(data.filename)
    path.rename(tmp_path / "before.raw")
    path.write_bytes((tmp_path / "before.raw").read_bytes())
    with pytest.raises(OutOfReachError):
        borrowed(lent)
    _, memory = Lender(Pixels(data, None, None, SHAPE, 1)).lend(np.arange(3))
    assert memory is not None


def test_a_sign_is_read_here_and_no_other_is():
    assert can_read(sign())
    assert not can_read(None)
    assert not can_read(replace(sign(), token=b"of another machine"))
    assert not can_read(replace(sign(), where=replace(sign().where, path="/proc/1/fd/1000")))


# -- engines ---------------------------------------------------------------------------------------


def a_map():
    m = hs.data.two_gaussians(shape=(30, 40), seed=1).create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    return m


@pytest.fixture(scope="module")
def wanted():
    m = a_map()
    m.multifit(workers=0, show_progressbar=False)
    return m.maps


@pytest.fixture
def told(monkeypatch):
    """The pixels of bundles that go to engines, sent or lent."""
    seen, plain = [], ipp.Bundle

    def bundle(*words):
        seen.append(words[2])
        return plain(*words)

    monkeypatch.setattr(ipp, "Bundle", bundle)
    monkeypatch.setattr("hsjupyter.engines.processes.Bundle", bundle)
    return seen


def places(cluster):
    return {"engines": {"client": cluster}, "processes": {"executor": "processes", "workers": 2}}


@pytest.mark.parametrize("place", ["engines", "processes"])
def test_data_are_lent_on_this_machine(cluster, told, wanted, place):
    m = a_map()
    m.multifit(**places(cluster)[place], show_progressbar=False)
    assert told
    assert all(isinstance(pixels.data, Lent) for pixels in told)
    np.testing.assert_allclose(m.maps.values, wanted.values, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("place", ["engines", "processes"])
def test_data_are_sent_to_other_machines(cluster, told, wanted, place, monkeypatch):
    monkeypatch.setattr(ipp, "sign", lambda: None)
    monkeypatch.setattr("hsjupyter.engines.processes.sign", lambda: None)
    m = a_map()
    m.multifit(**places(cluster)[place], show_progressbar=False)
    assert told
    assert all(isinstance(pixels.data, np.ndarray) for pixels in told)
    np.testing.assert_allclose(m.maps.values, wanted.values, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("place", ["engines", "processes"])
def test_who_cannot_open_what_is_lent_is_sent_it(cluster, told, wanted, place, monkeypatch):
    plain = Memory.put
    monkeypatch.setattr(Memory, "put", lambda *words: replace(plain(*words), inode=(0, 0)))
    m = a_map()
    run = m.multifit(**places(cluster)[place], show_progressbar=False)
    assert (run.state, run.done, run.failures) == ("done", 1200, [])
    kinds = [isinstance(pixels.data, Lent) for pixels in told]
    assert 1 <= sum(kinds) <= 4
    assert not kinds[-1]
    np.testing.assert_allclose(m.maps.values, wanted.values, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("place", ["engines", "processes"])
def test_a_file_is_opened_where_it_is_read(cluster, told, wanted, place, tmp_path):
    hs.data.two_gaussians(shape=(30, 40), seed=1).save(tmp_path / "map.hspy")
    m = hs.load(tmp_path / "map.hspy", lazy=True).create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    m.multifit(**places(cluster)[place], show_progressbar=False)
    assert told
    assert not any(isinstance(pixels.data, np.ndarray | Lent) for pixels in told)
    np.testing.assert_allclose(m.maps.values, wanted.values, rtol=1e-8, atol=1e-11)
