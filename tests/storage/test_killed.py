"""A save that is killed or runs out of disk leaves the old file, or the new one, whole."""

import sys
from subprocess import run

import numpy as np
import pytest

import hsjupyter.api as hs
from tests.storage.kill import kill_once

FULL = """
import resource, sys, signal
import numpy as np
import hsjupyter.api as hs
from hsjupyter.core.errors import SaveError
noise = np.random.default_rng(0).normal(size=(40, 40, 256))
s = hs.signals.Signal1D(noise)
m = s.create_model()
m.append(hs.model.components1D.Gaussian())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
for ending in sys.argv[3:]:
    try:
        m.save(sys.argv[1] + ending, overwrite=True)
    except SaveError as why:
        print(ending, why)
    assert len(s.models) == 0
"""


@pytest.mark.parametrize("seconds", [0.0, 0.04])
@pytest.mark.parametrize("kind", ["signal", "model"])
def test_a_killed_save_leaves_a_whole_file(kind, seconds, tmp_path):
    assert kill_once(tmp_path / "fit.hspy", kind, seconds) in {"old", "new"}


@pytest.mark.parametrize("limit", [0, 100, 5000, 1_000_000])
def test_a_full_disk_leaves_the_old_file(limit, tmp_path):
    endings = (".hspy", ".npz")
    s = hs.signals.Signal1D(np.arange(5.0))
    before = {ending: s.save(tmp_path / f"fit{ending}").read_bytes() for ending in endings}
    command = [sys.executable, "-c", FULL, str(tmp_path / "fit"), str(limit), *endings]
    done = run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for ending in endings:
        assert f"{ending} {tmp_path / 'fit'}{ending} cannot be written" in done.stdout
        assert (tmp_path / f"fit{ending}").read_bytes() == before[ending]
    assert done.stdout.count("what was there is unharmed") == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fit.hspy", "fit.npz"]
