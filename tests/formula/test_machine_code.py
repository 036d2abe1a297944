"""What is compiled stays where it is, and is compiled once, whoever asks on whatever thread."""

import ctypes
import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from hsjupyter.formula.machine_code import compile_text

TEXT = """
define double @{name}(double %x) {{
  %y = fmul double %x, {factor}.0
  ret double %y
}}
"""


@pytest.fixture(autouse=True)
def no_cache_on_disk(monkeypatch):
    monkeypatch.setenv("HSJUPYTER_CACHE", "")


def test_threads_that_ask_at_once_get_the_same_code():
    text, together = TEXT.format(name="thrice", factor=3), Barrier(8)

    def ask(_):
        together.wait(timeout=60)
        return compile_text(text, ("thrice",)).addresses["thrice"]

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1


def test_an_address_outlives_what_told_it():
    address = compile_text(TEXT.format(name="twice", factor=2), ("twice",)).addresses["twice"]
    compile_text(TEXT.format(name="four", factor=4), ("four",))
    gc.collect()
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(address)(21.0) == 42.0
