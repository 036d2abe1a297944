"""A Jupyter kernel is killed in the middle of a cell, and a run goes on in a new one."""

import signal

import numpy as np
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from benchmarks.killed_kernels import a_model, cell, kernel, pixels_in, resumed
from hsjupyter.storage.journal import read_journal

PATIENCE = 120

HELD = """
import threading
from hsjupyter.storage.journal import Journal
plain, jobs = Journal.append, []

def append(journal, outcome):
    plain(journal, outcome)
    jobs.append(outcome)
    if len(jobs) == 3:
        print("three jobs are in the journal", flush=True)
        threading.Event().wait()

Journal.append = append
"""


def heard(client, words):
    """Whether a cell says something, before it is over."""
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if words in message["content"].get("text", ""):
            return True
        if message["msg_type"] == "error":
            raise AssertionError("\n".join(message["content"]["traceback"]))


def test_a_killed_kernel_loses_what_was_in_flight_and_no_more(tmp_path):
    data = hs.data.two_gaussians(shape=(30, 64), seed=1)
    data.save(tmp_path / "map.hspy")
    reference = a_model(data)
    reference.multifit(show_progressbar=False, autosave=False)
    with kernel() as (manager, client):
        client.execute(HELD + cell("begin", tmp_path))
        assert heard(client, "three jobs are in the journal")
        manager.signal_kernel(signal.SIGKILL)
    kept = read_journal(tmp_path / "run.hsjrun").outcomes
    assert len(kept) == 3
    found = resumed(tmp_path)
    assert str(found["state"]) == "done"
    assert sorted(pixels_in(kept) + found["after"].tolist()) == list(range(30 * 64))
    assert_allclose(found["values"], reference.maps.values, rtol=1e-8, atol=1e-11)
    assert np.isfinite(found["chisq"]).all()
    assert not (tmp_path / "run.hsjrun").exists()
