"""`import hsjupyter.api` costs little more than what it stands on."""

import os
import subprocess
import sys

import pytest

TIMED = """
import sys, time
begin = time.perf_counter()
import numpy, traitlets
base = time.perf_counter()
import hsjupyter.api
end = time.perf_counter()
print(base - begin, end - begin)
"""
HEAVY = """
import sys, hsjupyter.api
print(*(name for name in {names!r} if name in sys.modules))
"""
NAMES = [
    "IPython",
    "anywidget",
    "bqplot",
    "dask",
    "h5py",
    "hyperspy",
    "ipyparallel",
    "ipywidgets",
    "llvmlite",
    "matplotlib",
    "numba",
    "pandas",
    "rsciio",
    "scipy",
    "scipy.fft",
    "scipy.interpolate",
    "scipy.optimize",
    "scipy.signal",
    "scipy.special",
    "sympy",
    "xraylib",
]


@pytest.fixture
def compiled(tmp_path):
    """The environment of a person: the files are compiled, as an installation leaves them."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path)}


def answer(program, environment=None):
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment,
    )
    return done.stdout.split()


def test_the_api_is_there_in_four_times_what_numpy_and_traitlets_take(capsys, compiled):
    answer(TIMED, compiled)  # compiles and warms the files
    runs = [tuple(map(float, answer(TIMED, compiled))) for _ in range(5)]
    # The fastest run is the one that others disturbed least.
    base, whole = (min(column) for column in zip(*runs, strict=True))
    with capsys.disabled():
        told = f"{whole:.2f} s, {whole / base:.1f} times numpy and traitlets ({base:.2f} s)"
        sys.stdout.write(f"\nimport hsjupyter.api: {told}\n")
    assert whole < 4 * base


def test_the_api_loads_nothing_heavy():
    assert answer(HEAVY.format(names=NAMES)) == []


@pytest.mark.parametrize("name", ["scipy.fft", "h5py"])
def test_a_heavy_library_would_be_seen(name):
    assert name in answer(f"import {name}\n" + HEAVY.format(names=NAMES))
