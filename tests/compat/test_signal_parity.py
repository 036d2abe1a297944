"""Every name and argument of HyperSpy's signals and axes is here, or COMPAT.md says why not."""

import inspect
import sys

import numpy as np
import pytest

import hsjupyter.api as hs
from tests.compat.names import absences

# What the guide's chapter uses of signals and axes, and what its scripts cannot do without.
GUIDE = {
    "BaseSignal": """
        data axes_manager metadata original_metadata inav isig models create_model save plot copy
        deepcopy map crop get_histogram add_gaussian_noise add_poissonian_noise
        estimate_poissonian_noise_variance get_noise_variance set_noise_variance rebin sum mean max
        as_signal1D as_signal2D transpose T squeeze change_dtype get_current_signal set_signal_type
        min std var valuemax indexmax integrate1D
    """,
    "Signal1D": "align1D shift1D estimate_shift1D",
    "AxesManager": """
        indices coordinates navigation_axes signal_axes navigation_shape signal_shape shape
        navigation_dimension signal_dimension navigation_size signal_size as_dictionary
    """,
    "UniformDataAxis": """
        name units scale offset size axis index value navigate is_binned low_value high_value
        value2index index2value calibrate
    """,
    "DataAxis": "axis name units size is_binned value2index index2value",
    "FunctionalDataAxis": "axis expression x name units size is_binned value2index index2value",
}


@pytest.fixture(scope="module")
def ours():
    spectra = hs.signals.Signal1D(np.ones((2, 3)))
    return {
        "BaseSignal": hs.signals.BaseSignal(np.ones(3)),
        "Signal1D": spectra,
        "Signal2D": hs.signals.Signal2D(np.ones((2, 3))),
        "AxesManager": spectra.axes_manager,
        "UniformDataAxis": hs.axes.UniformDataAxis(3),
        "DataAxis": hs.axes.DataAxis([1, 2]),
        "FunctionalDataAxis": hs.axes.FunctionalDataAxis("x + 1", size=3),
    }


def classes():
    """HyperSpy's own, and what they have from the library of traits."""
    from hyperspy import axes, signals

    library = next(kind for kind in axes.AxesManager.__mro__ if kind.__name__ == "HasTraits")
    inherited = {name for name in dir(library) if not name.startswith("_")}
    kinds = [signals.BaseSignal, signals.Signal1D, signals.Signal2D, axes.AxesManager]
    kinds += [axes.UniformDataAxis, axes.DataAxis, axes.FunctionalDataAxis]
    return kinds, inherited


def names():
    """Public names ``Class.name`` of an installed HyperSpy, and ``Class.name(argument)``."""
    kinds, inherited = classes()
    base = kinds[0]
    for kind in kinds:
        for name in sorted(set(dir(kind)) - inherited):
            thing = getattr(kind, name)
            twice = kind is not base and getattr(base, name, None) is thing
            if name.startswith("_") or twice:
                continue
            yield f"{kind.__name__}.{name}"
            if inspect.isfunction(thing):
                usual = {"self", "args", "kwargs", "kwds", "args_", "kw"}
                for argument in inspect.signature(thing).parameters:
                    if argument not in usual:
                        yield f"{kind.__name__}.{name}({argument})"


def is_here(ours, what):
    whose, _, rest = what.partition(".")
    name, _, argument = rest.rstrip(")").partition("(")
    if name not in dir(ours[whose]):
        return False
    if not argument:
        return True
    parameters = inspect.signature(getattr(ours[whose], name)).parameters
    # Accepted by name: plot hands them on, map knows those that it does not need.
    takes_words = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    return argument in parameters or takes_words


def guided():
    return [f"{whose}.{name}" for whose, words in GUIDE.items() for name in words.split()]


def test_every_word_of_the_guide_is_here(ours):
    assert [what for what in guided() if not is_here(ours, what)] == []


def test_the_words_of_an_installed_hyperspy(ours, capsys):
    every = list(names())
    words = [what for what in every if "(" not in what]
    here = [what for what in words if is_here(ours, what)]
    arguments = [w for w in every if "(" in w and w.partition("(")[0] in here]
    known = [w for w in arguments if is_here(ours, w)]
    with capsys.disabled():
        sys.stdout.write(
            f"\nHyperSpy's signals and axes: all {len(guided())} words of the guide; of all its "
            f"{len(words)} words {len(here)}, with {len(known)} of their {len(arguments)} "
            f"arguments; why not the other {len(words) - len(here)} stands in COMPAT.md\n"
        )
    assert len(here) >= 110
    assert len(known) >= 0.97 * len(arguments)


def test_what_is_absent_stands_in_compat_with_its_reason(ours):
    told = absences()
    absent = [what for what in names() if not is_here(ours, what)]
    assert [w for w in absent if w not in told and w.partition("(")[0] not in told] == []


def test_what_compat_calls_absent_is_not_here(ours):
    mine = [what for what in absences() if what.partition(".")[0] in ours]
    assert len(mine) > 50
    assert [what for what in mine if is_here(ours, what)] == []
