"""The first fits of processes: at once, interrupted, and where nothing can be kept."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs

PROGRAM = """
import json, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & lets it be ignored
import numpy as np
import hsjupyter.api as hs
from hsjupyter.formula import machine_code

def told(compile):
    def wrapped(*args):
        print("compiling", flush=True)
        compile(*args)
    return wrapped

machine_code._optimise = told(machine_code._optimise)
c1 = hs.model.components1D
m = hs.data.two_gaussians(shape=(3, 2)).create_model()
m.extend([c1.Gaussian(A=2500, sigma=9, centre=45), c1.Gaussian(A=900, sigma=2.5, centre=62)])
print("ready", flush=True)
sys.stdin.readline()
try:
    m.fit()
except KeyboardInterrupt:
    print("interrupted", flush=True)
    m.fit()
one = m.maps.values[0, 0].tolist()
m.multifit(show_progressbar=False)
print(json.dumps([one, m.maps.values.tolist()]), flush=True)
"""


@pytest.fixture(scope="module")
def right():
    """What this process finds."""
    c1 = hs.model.components1D
    m = hs.data.two_gaussians(shape=(3, 2)).create_model()
    m.extend([c1.Gaussian(A=2500, sigma=9, centre=45), c1.Gaussian(A=900, sigma=2.5, centre=62)])
    m.fit()
    one = m.maps.values[0, 0].copy()
    m.multifit(show_progressbar=False)
    return one, m.maps.values


def child(folder):
    """A process that stands ready to fit for the first time."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "HSJUPYTER_CACHE": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def words_of(process, right):
    """What a process that is let go prints before its answers, which are right."""
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    *words, answers = printed.splitlines()
    for found, wanted in zip(json.loads(answers), right, strict=True):
        assert_allclose(np.array(found, dtype=float), wanted, rtol=1e-12)
    return words


def test_processes_that_begin_at_once_leave_a_whole_cache(tmp_path, right):
    both = [child(tmp_path), child(tmp_path)]
    for process in both:
        go(process)
    for process in both:
        assert "compiling" in words_of(process, right)
    kept = list((tmp_path / "kernels").iterdir())
    assert kept
    for file in kept:
        assert file.suffix == ".o"
        assert hashlib.sha256(file.read_bytes()[32:]).digest() == file.read_bytes()[:32]
    third = child(tmp_path)
    go(third)
    assert words_of(third, right) == []


def test_a_first_fit_that_is_interrupted_begins_again(tmp_path, right):
    process = child(tmp_path)
    go(process)
    assert process.stdout.readline() == "compiling\n"
    process.send_signal(signal.SIGINT)
    assert "interrupted" in words_of(process, right)
    assert {file.suffix for file in (tmp_path / "kernels").iterdir()} == {".o"}


@pytest.mark.parametrize("file", [True, False], ids=["a file is there", "read only"])
def test_where_nothing_can_be_kept_it_only_takes_longer(tmp_path, file, right):
    place = tmp_path / "kernels"
    if file:
        place.write_text("no folder")
    else:
        place.mkdir(mode=0o555)
    process = child(tmp_path)
    go(process)
    assert "compiling" in words_of(process, right)
    assert place.is_file() == file
