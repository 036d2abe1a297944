"""Every name and argument of HyperSpy's models is here, or COMPAT.md says why not."""

import inspect
import sys

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.fitting.call import ACCEPTED, OLDER
from tests.compat.names import absences, newer, older

FIT_WORDS = {*OLDER, *ACCEPTED}


@pytest.fixture(scope="module")
def things():
    one = hs.signals.Signal1D(np.ones((2, 5))).create_model()
    one.append(hs.model.components1D.Gaussian())
    two = hs.signals.Signal2D(np.ones((2, 5, 5))).create_model()
    return {"Model1D": one, "Model2D": two, "Component": one[0], "Parameter": one[0].A}


def is_here(things, what):
    whose, _, rest = what.partition(".")
    name, _, argument = rest.rstrip(")").partition("(")
    if not hasattr(things[whose], name):
        return False
    if not argument:
        return True
    parameters = inspect.signature(getattr(things[whose], name)).parameters
    takes_words = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    fits = name in {"fit", "multifit"} and argument in FIT_WORDS
    hands_on = name in {"gui", "plot"}  # to the view, whose own tests say what it takes
    return argument in parameters or (takes_words and (fits or hands_on))


def missing(things, wanted):
    every = dict.fromkeys(wanted)
    return [what for what in every if not is_here(things, what)], len(every)


@pytest.mark.parametrize(("version", "names", "least"), [("1.3", older, 0.98), ("2.x", newer, 0.9)])
def test_the_names_of_hyperspy_are_here(things, version, names, least, capsys):
    absent, of = missing(things, names())
    share = 1 - len(absent) / of
    with capsys.disabled():
        told = f"{of - len(absent)} of {of} names and arguments, {share:.1%}"
        sys.stdout.write(f"\nHyperSpy {version}: {told}\n")
    assert share >= least, absent


@pytest.mark.parametrize("names", [older, newer])
def test_what_is_absent_stands_in_compat_with_its_reason(things, names):
    told = absences()
    absent, _ = missing(things, names())
    untold = [what for what in absent if what not in told and what.partition("(")[0] not in told]
    assert untold == []


def test_what_compat_calls_absent_is_not_here(things):
    found = [what for what in absences() if what.partition(".")[0] in things]
    assert found
    assert [what for what in found if is_here(things, what)] == []


def test_the_reasons_are_reasons():
    assert all(len(reason.split()) >= 3 for reason in absences().values())
