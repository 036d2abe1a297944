"""The same answer wherever it is fitted; what cannot be sent is refused."""

import importlib
import sys
import textwrap

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.core.errors import FitError, HSJupyterWarning, LibraryMissing, UnknownNameError
from hsjupyter.engines import travel
from hsjupyter.engines.choose import executor_for
from hsjupyter.engines.worker import Facts
from hsjupyter.fitting.jobs import pixels_of
from hsjupyter.fitting.plan import make_plan

c1 = hs.model.components1D


def a_map(shape=(20, 40), **words):
    m = hs.data.two_gaussians(shape=shape, seed=1).create_model()
    m.extend([c1.Gaussian(A=300, sigma=8, centre=40), c1.Polynomial(order=1, **words)])
    return m


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A component in a module that this process and its own processes can import."""
    source = '''
    import os
    import hsjupyter.api as hs

    class RaisingSlope(hs.Component):
        """A line that sometimes cannot be."""

        a = hs.Par(1.0)
        b = hs.Par(0.0)

        @staticmethod
        def profile(x, a, b):
            if a == 666.0:
                raise RuntimeError("no such slope")
            if a == 999.0:
                os._exit(7)
            return a + b * x
    '''
    (tmp_path / "my_slopes.py").write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("my_slopes").RaisingSlope
    del sys.modules["my_slopes"]


def slopes(kind, n=70):
    x = np.arange(20.0)
    y = np.linspace(1, 2, n)[:, np.newaxis] + 0.1 * x + np.random.default_rng(3).normal(size=20)
    m = hs.signals.Signal1D(y).create_model()
    m.append(kind())
    return m


@pytest.fixture(scope="module")
def reference():
    m = a_map()
    m.multifit(workers=0, show_progressbar=False)
    return m


PLACES = {
    "one thread": {"workers": 1},
    "two threads": {"workers": 2},
    "processes": {"workers": 2, "executor": "processes"},
    "serial": {"executor": "serial"},
}


def agrees(m, reference):
    for name in ("values", "std", "chisq", "dof"):
        wanted = getattr(reference.maps, name)
        assert_allclose(getattr(m.maps, name), wanted, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("place", PLACES)
def test_the_answer_does_not_depend_on_where(place, reference):
    m = a_map()
    run = m.multifit(**PLACES[place], show_progressbar=False)
    assert (run.state, run.done, run.failures) == ("done", 800, [])
    agrees(m, reference)


@pytest.mark.parametrize("engines", [1, 2])
def test_engines_find_the_same(cluster, engines, reference):
    m = a_map()
    with cluster_of(cluster, engines) as client:
        run = m.multifit(client=client, show_progressbar=False)
    assert (run.state, run.done, run.failures) == ("done", 800, [])
    agrees(m, reference)


def test_four_engines_find_the_same(tmp_path, monkeypatch, reference):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    m = a_map()
    with hs.cluster(n=4) as four:
        run = m.multifit(client=four, show_progressbar=False)
    assert (run.state, run.done, run.failures) == ("done", 800, [])
    agrees(m, reference)


class cluster_of:  # noqa: N801 - reads like a function
    """The cluster, of which only some engines are shown."""

    def __init__(self, client, n):
        self._client, self._n = client, n

    def __enter__(self):
        self._all = type(self._client).ids
        some = self._client.ids[: self._n]
        type(self._client).ids = property(lambda _: some)
        return self._client

    def __exit__(self, *_):
        type(self._client).ids = self._all


def test_shapes_written_in_python_go_to_processes_and_a_pixel_that_raises_is_one_failure(written):
    here, there = slopes(written), slopes(written)
    here.multifit(executor="serial", show_progressbar=False)
    for m in (here, there):
        m[0].a.map["values"][41], m[0].a.map["is_set"][41] = 666.0, True
        m[0].b.map["is_set"][41] = m[0].b.map["values"][41] = True
    with pytest.warns(HSJupyterWarning, match=r"1 of 70 pixels.*\(41,\).*no such slope"):
        run = there.multifit(workers=2, show_progressbar=False)
    (failure,) = run.failures
    assert (failure.pixel, failure.engine.partition(" ")[0]) == (41, "process")
    assert failure.start[0] == 666.0
    assert "in profile" in failure.traceback
    good = np.arange(70) != 41
    assert_allclose(there.maps.values[good], here.maps.values[good], rtol=1e-6)


def test_a_process_that_dies_takes_its_job_along_and_no_other(written):
    m = slopes(written)
    m[0].a.map["values"][40], m[0].a.map["is_set"][40] = 999.0, True
    m[0].b.map["is_set"][40] = m[0].b.map["values"][40] = True
    with pytest.warns(HSJupyterWarning, match=r"32 of 70 pixels.*the process ended by itself"):
        run = m.multifit(workers=2, show_progressbar=False)
    assert sorted(f.pixel for f in run.failures) == list(range(32, 64))
    assert "tried 3 times" in run.failures[0].reason
    assert np.isfinite(m.chisq.data).sum() == 38


def test_engines_without_a_module_are_refused_by_name(cluster, written):
    m = slopes(written)
    with pytest.raises(LibraryMissing, match=r"engine 0 has no module my_slopes.*install it there"):
        m.multifit(client=cluster, show_progressbar=False)
    assert not m[0].a.map["is_set"].any()


def test_what_is_written_in_this_session_cannot_travel(cluster):
    class WrittenHere(hs.Component):
        a = hs.Par(0.0)

        @staticmethod
        def profile(x, a):
            return a + 0 * x

    m = slopes(WrittenHere)
    with pytest.raises(FitError, match=r"WrittenHere.*put it into a file"):
        m.multifit(client=cluster)
    with pytest.raises(FitError, match=r"a process of its own can import it from nowhere"):
        m.multifit(executor="processes", workers=2)
    assert m.multifit(workers=2, show_progressbar=False).state == "done"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (Facts("0.0.1", sys.version_info[:2], (), 1), r"engine 3 has hsjupyter 0\.0\.1 on Python"),
        (Facts(hs.__version__, (2, 7), (), 1), r"on Python 2\.7, here .*install the same on both"),
    ],
)
def test_other_versions_are_refused(facts, says):
    with pytest.raises(FitError, match=says):
        travel.refuse_facts(facts, "engine 3")


WRONG = {
    "executor": ({"executor": "thread"}, UnknownNameError, "did you mean 'threads'"),
    "workers": ({"workers": -1}, FitError, "a number from 0 on"),
    "both": ({"workers": 2, "client": "default"}, FitError, "client= came together with"),
    "client": ({"client": 3}, FitError, r"hs.cluster\(\) gives"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_place_is_refused(name):
    words, kind, says = WRONG[name]
    m = a_map((2, 2))
    with pytest.raises(kind, match=says):
        executor_for(make_plan(m), pixels_of(m), np.zeros(1, np.int64), **words)
