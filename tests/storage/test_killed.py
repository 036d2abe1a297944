"""A save that is killed or runs out of disk leaves the old file, or the new one, whole."""

import sys
from subprocess import PIPE, Popen, run

import numpy as np
import pytest

from hsjupyter.signals import Signal1D
from hsjupyter.storage import load, save

SAVER = """
import sys, numpy as np
import hsjupyter.signals
from hsjupyter.signals import Signal1D
from hsjupyter.storage import save
number = 0
while True:
    number += 1
    save(Signal1D(np.full((40, 40, 256), number)), sys.argv[1], overwrite=True)
    print(number, flush=True)
"""

FULL = """
import resource, sys, signal
import numpy as np
from hsjupyter.core.errors import SaveError
from hsjupyter.signals import Signal1D
from hsjupyter.storage import save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
noise = np.random.default_rng(0).normal(size=(40, 40, 256))
try:
    save(Signal1D(noise), sys.argv[1], overwrite=True)
except SaveError as why:
    print(why)
"""


@pytest.mark.parametrize("wait", range(6))
def test_a_killed_save_leaves_a_whole_file(wait, tmp_path):
    target = tmp_path / "fit.hspy"
    with Popen([sys.executable, "-c", SAVER, str(target)], stdout=PIPE, text=True) as saver:
        for _ in range(wait + 1):
            saver.stdout.readline()
        while not list(tmp_path.glob(".fit.hspy.*.part")):
            assert saver.poll() is None
        saver.kill()
    data = load(target).data
    assert data.shape == (40, 40, 256)
    assert data.min() == data.max() >= wait + 1


@pytest.mark.parametrize("limit", [0, 100, 5000, 1_000_000])
def test_a_full_disk_leaves_the_old_file(limit, tmp_path):
    target = save(Signal1D(np.arange(5.0)), tmp_path / "fit")
    before = target.read_bytes()
    done = run(
        [sys.executable, "-c", FULL, str(target), str(limit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "what was there is unharmed" in done.stdout
    assert target.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["fit.hspy"]
