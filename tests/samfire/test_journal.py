"""A fit whose process is killed goes on from its journal: nothing is lost, nothing done twice."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from benchmarks.domains import three_domains
from benchmarks.samfire import model_of
from hsjupyter.core.errors import DataError, MissingFileError, ModelError
from tests.samfire.maps import one_peak, seeded

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal
from tests.samfire.maps import seeded
m, _, samf = seeded((20, 20))
def tell(_change):
    print(samf.pixels_done, flush=True)
    if samf.ledger.waves == {wave}:
        os.kill(os.getpid(), signal.SIGKILL)
samf.observe(tell, "told")
samf.start(show_progressbar=False, autosave="fit")
"""


@pytest.mark.parametrize("wave", [1, 9])
def test_a_killed_process_goes_on_from_its_journal(tmp_path, wave):
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED.format(wave=wave))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    told = int(ended.stdout.split()[-1])
    m, centre = one_peak((20, 20))
    samf = m.create_samfire(workers=0)
    run = samf.start(show_progressbar=False, resume=tmp_path / "fit")
    # All that was done before is done, and was not done again.
    assert run.total == 400 - told
    assert samf.pixels_left == 0
    counts = samf.ledger.counts(400)
    assert (counts > 0).sum() == 400 - told
    assert_allclose(m[0].centre.map["values"], centre, atol=1)
    whole, _, other = seeded((20, 20))
    other.start(show_progressbar=False)
    assert_allclose(m.chisq.data, whole.chisq.data, rtol=1e-6)
    assert not (tmp_path / "fit.hsjrun").exists()


def test_a_stopped_fit_leaves_its_journal_and_an_interrupt_is_a_stop(tmp_path):
    truth = three_domains(16)
    start = [(900.0, 8.0, 64.0), (900.0, 9.0, 135.0)]
    m = model_of(hs, truth.signal(hs), start)
    samf = m.create_samfire(workers=0)
    samf.optional_components = [m[0], m[1]]
    samf.observe(lambda _change: samf.stop() if samf.ledger.waves == 2 else None, "told")
    run = samf.start(seeds="auto", show_progressbar=False, autosave=tmp_path / "fit")
    assert run.state == "cancelled"
    done = samf.order.data >= 0
    assert 12 < done.sum() < 256
    again = model_of(hs, truth.signal(hs), start)
    more = again.create_samfire(workers=0)
    more.optional_components = [again[0], again[1]]
    more.start(show_progressbar=False, resume=tmp_path / "fit")
    assert more.pixels_left == 0
    for one, other in zip(m, again, strict=True):
        assert_array_equal(again.maps.active_of(other)[done], m.maps.active_of(one)[done])
    active = np.stack([again.maps.active_of(again[k]) for k in range(2)])
    assert (active == truth.active).all(axis=0).mean() >= 0.98


def test_the_journal_of_something_else_is_refused(tmp_path):
    m, _, samf = seeded((20, 20))
    samf.observe(lambda _change: samf.stop() if samf.ledger.waves == 2 else None, "told")
    samf.start(show_progressbar=False, autosave=tmp_path / "fit")
    path = tmp_path / "fit.hsjrun"
    other, _ = one_peak((20, 20), seed=9)
    with pytest.raises(DataError, match="is of other data"):
        other.create_samfire().start(resume=path)
    other, _ = one_peak((20, 20))
    other[0].sigma.bmin = 0.7
    with pytest.raises(ModelError, match="is of another model"):
        other.create_samfire().start(resume=path)
    with pytest.raises(MissingFileError, match="is not there"):
        other.create_samfire().start(resume=tmp_path / "none")
    # A tail that was torn off is dropped.
    path.write_bytes(path.read_bytes()[:-5])
    again, _ = one_peak((20, 20))
    more = again.create_samfire(workers=0)
    more.start(show_progressbar=False, resume=path)
    assert more.pixels_left == 0
    assert m.maps.shape == again.maps.shape
