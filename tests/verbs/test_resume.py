"""A run that was broken off goes on: cancelled, killed, in another process."""

import itertools
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import hsjupyter.api as hs
from hsjupyter.core.errors import DataError, FitError, HSJupyterWarning, ModelError
from hsjupyter.storage.journal import Journal, read_journal

c1 = hs.model.components1D
SHAPE = (30, 64)
BROKEN = np.zeros(SHAPE, dtype=bool)
BROKEN[3, 5] = True


def a_model(signal):
    m = signal.create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1)])
    m[0].sigma.bmin = 1.0
    m[1].coefficients.value = (1.0, 2.0)
    return m


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A file of a map, and the maps that a run in one piece finds."""
    path = tmp_path_factory.mktemp("data") / "map.hspy"
    s = hs.data.two_gaussians(shape=SHAPE, seed=1)
    s.data[BROKEN, 2] = np.nan
    s.save(path)
    m = a_model(hs.load(path))
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        m.multifit(show_progressbar=False, autosave=False)
    return path, m.maps


def broken_off(m, after=2, **words):
    """A run that is cancelled after some jobs."""
    jobs = itertools.count(1)

    def count(run):
        plain = run.count

        def counted(*args):
            plain(*args)
            if next(jobs) == after:
                run.cancel()

        run.count = counted

    m.observe(lambda change: count(change["new"]), "run")
    with warnings.catch_warnings():  # of the pixel that is broken, if it came so far
        warnings.simplefilter("ignore", HSJupyterWarning)
        run = m.multifit(show_progressbar=False, workers=0, **words)
    m.unobserve_all("run")
    assert run.state == "cancelled"
    assert 0 < run.done < run.total
    return run


def agrees(maps, wanted):
    for name in ("values", "std", "chisq", "dof"):
        assert_allclose(getattr(maps, name), getattr(wanted, name), rtol=1e-8, atol=1e-11)
    assert_array_equal(maps.is_set, wanted.is_set)


def pixels_in(kept):
    found = [o.pixels.tolist() + [f.pixel for f in o.failures] for o in kept.outcomes]
    return list(itertools.chain(*found))


def test_a_run_that_ends_well_leaves_nothing_behind(data, tmp_path):
    m = a_model(hs.load(data[0]))
    seen = []
    m.observe(lambda _: seen.append(list(tmp_path.iterdir())), "stored")
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        run = m.multifit(show_progressbar=False, autosave=tmp_path)
    assert max(len(files) for files in seen) == 1
    assert list(tmp_path.iterdir()) == []
    assert run.journal == ""


def test_a_journal_lies_beside_the_data_and_is_told_of(data):
    path, wanted = data
    run = broken_off(a_model(hs.load(path)))
    (left,) = path.parent.glob("*.hsjrun")
    assert run.journal == str(left)
    assert f"hs.resume({str(left)!r})" in repr(run)
    assert left.stat().st_size < 300_000
    with pytest.warns(HSJupyterWarning, match=r"was broken off.*hs.resume"):
        hs.load(path)
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        again = hs.resume(left, show_progressbar=False)
    assert (again.state, again.done, len(again.failures)) == ("done", 1920, 1)
    agrees(again.model.maps, wanted)
    assert again.model[0].sigma.bmin == 1.0
    assert not left.exists()


def test_the_same_model_goes_on_and_every_pixel_is_fitted_once(data, tmp_path, monkeypatch):
    path, wanted = data
    m = a_model(hs.load(path))
    run = broken_off(m, autosave=tmp_path / "a.hsjrun")
    before = pixels_in(read_journal(tmp_path / "a.hsjrun"))
    assert len(before) == run.done
    keep, appended = Journal.append, []

    def append(journal, outcome):
        appended.append(outcome)
        keep(journal, outcome)

    monkeypatch.setattr(Journal, "append", append)
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        m.multifit(resume=tmp_path / "a.hsjrun", show_progressbar=False)
    after = [int(p) for o in appended for p in o.pixels]
    after += [f.pixel for o in appended for f in o.failures]
    assert sorted(before + after) == list(range(1920))
    agrees(m.maps, wanted)


def test_another_model_or_other_data_are_refused(data, tmp_path):
    path, _ = data
    journal = tmp_path / "a.hsjrun"
    broken_off(a_model(hs.load(path)), autosave=journal)
    other = a_model(hs.load(path))
    other[0].sigma.bmax = 50
    with pytest.raises(ModelError, match=r"is of another model.*hs.resume"):
        other.multifit(resume=journal)
    with pytest.raises(ModelError, match="another call of multifit"):
        a_model(hs.load(path)).multifit(resume=journal, optimizer="trf")
    s = hs.load(path)
    s.data[7, 7, 7] += 1
    with pytest.raises(DataError, match="is of other data"):
        a_model(s).multifit(resume=journal)
    with pytest.raises(DataError, match="is of other data"):
        hs.resume(journal, s)
    with pytest.raises(DataError, match=r"of a map of shape \(30, 64\)"):
        hs.resume(journal, s.inav[:5])


def test_data_without_a_file_are_handed_in(data, tmp_path):
    s = hs.load(data[0]).deepcopy()
    s.source = ""
    run = broken_off(a_model(s), autosave=tmp_path)
    with pytest.raises(DataError, match=r"nothing is known, is not there.*hs.resume\(journal, sig"):
        hs.resume(run.journal)
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        again = hs.resume(run.journal, s, show_progressbar=False)
    agrees(again.model.maps, data[1])


def test_stored_starts_and_words_are_those_it_began_with(data, tmp_path):
    path, _ = data
    s, words = hs.load(path), {"optimizer": "trf", "start": "stored"}
    few = np.zeros(SHAPE, dtype=bool)
    few[4:6, :40] = True

    def made():
        m = a_model(s)
        m[0].A.map["values"], m[0].A.map["is_set"] = 250.0, True
        return m

    whole, parts = made(), made()
    whole.multifit(only=few, show_progressbar=False, autosave=False, **words)
    run = broken_off(parts, 1, only=few, autosave=tmp_path, **words)
    again = hs.resume(run.journal, s, show_progressbar=False)
    for name in ("values", "std", "chisq"):
        found, wanted = getattr(again.model.maps, name)[few], getattr(whole.maps, name)[few]
        assert_allclose(found, wanted, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("fails", [1, 3])
def test_a_disk_that_is_full_does_not_end_a_run(data, tmp_path, monkeypatch, fails):
    calls = itertools.count(1)
    keep = Journal.append

    def full(journal, outcome):
        if next(calls) >= fails:
            raise OSError(28, "No space left on device")
        keep(journal, outcome)

    monkeypatch.setattr(Journal, "append", full)
    m = a_model(hs.load(data[0]))
    with pytest.warns(HSJupyterWarning, match=r"cannot be written .*No space left"):
        run = m.multifit(mask=BROKEN, autosave=tmp_path, show_progressbar=False)
    assert (run.state, run.done) == ("done", 1919)
    assert list(tmp_path.iterdir()) == []


def test_where_no_journal_can_be_is_told_and_the_run_goes_on(data, tmp_path):
    m = a_model(hs.load(data[0]))
    nowhere = tmp_path / "nowhere" / "a.hsjrun"
    with pytest.warns(HSJupyterWarning, match=r"autosave: .* cannot be written"):
        run = m.multifit(mask=BROKEN, autosave=nowhere, show_progressbar=False)
    assert run.state == "done"
    with pytest.raises(FitError, match="autosave=3 came"):
        m.multifit(autosave=3)


KILLED = """
import os, signal, sys, warnings
import hsjupyter.api as hs
from hsjupyter.storage.journal import Journal
from tests.verbs.test_resume import a_model
appends, keep = int(sys.argv[3]), Journal.append

def append(journal, outcome):
    global appends
    appends -= 1
    if appends == 0:
        raw, journal._file = journal._file, Torn(journal._file, int(sys.argv[4]))
    keep(journal, outcome)

class Torn:
    def __init__(self, file, n):
        self.file, self.n = file, n
    def write(self, body):
        self.file.write(body[:self.n])
        os.kill(os.getpid(), signal.SIGKILL)

Journal.append = append
a_model(hs.load(sys.argv[1])).multifit(autosave=sys.argv[2], workers=2, show_progressbar=False)
"""


@pytest.mark.parametrize(("job", "torn"), [(1, 0), (3, 40)])
def test_a_process_that_is_killed_loses_what_was_in_flight_and_no_more(data, tmp_path, job, torn):
    path, wanted = data
    journal, script = tmp_path / "a.hsjrun", tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    ended = subprocess.run(
        [sys.executable, script, path, journal, str(job), str(torn)], check=False, timeout=120
    )
    assert ended.returncode == -9
    kept = read_journal(journal)
    assert len(kept.outcomes) == job - 1
    with pytest.warns(HSJupyterWarning, match="1 of 1920"):
        again = hs.resume(journal, show_progressbar=False)
    agrees(again.model.maps, wanted)
