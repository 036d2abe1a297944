"""What a person gets wrong with maps, ranges, fits and files: deed, error, words that help."""

import numpy as np
import pytest

import hsjupyter.api as hs
from hsjupyter.core.errors import (
    AxisError,
    BoundsError,
    DataError,
    FileFormatError,
    FitError,
    HSJupyterError,
    HSJupyterWarning,
    MissingFileError,
    ModelError,
    ParameterError,
    TwinError,
    UnknownNameError,
)
from tests.verbs.state import state_of
from tests.verbs.wrong_parts import expression, put

c1 = hs.model.components1D


def follow(text):
    """Let the second sigma follow the first by a law."""

    def prepare(m):
        m[1].sigma.twin_function_expr = text
        m[1].sigma.twin = m[0].sigma

    return prepare


def spoil(value, where=(0, 0, 10)):
    def prepare(m):
        m.signal.data[where] = value

    return prepare


def bad_variance(m):
    m.signal.metadata.set_item(
        "Signal.Noise_properties.variance", hs.signals.Signal1D(-np.ones(30))
    )


def half_a_law(m):
    with pytest.warns(HSJupyterWarning, match="twin_function"):
        m[0].A.twin_function = np.exp


def connected(m):
    m.events.fitted.connect(print)


BATCHES = {
    "value of an unknown parameter": (
        lambda m: m.set_parameters_value("Sigma", 3),
        UnknownNameError,
        "did you mean 'sigma'",
    ),
    "value that fits some": (
        lambda m: m.set_parameters_value("A", "x"),
        ParameterError,
        "a number is wanted",
    ),
    "value in an unknown component": (
        lambda m: m.set_parameters_value("A", 3, component_list=[0, "nope"]),
        UnknownNameError,
        "has no 'nope'",
    ),
    "free by an unknown name": (
        lambda m: m.set_parameters_free(parameter_name_list=["sigmma"]),
        UnknownNameError,
        "did you mean 'sigma'",
    ),
    "both kinds only": (
        lambda m: m.set_parameters_not_free(only_linear=True, only_nonlinear=True),
        ParameterError,
        "give one of them",
    ),
    "free of a component": (
        lambda m: m[0].set_parameters_free(["A", "width"]),
        UnknownNameError,
        "has no 'width'; known: A, centre, sigma",
    ),
    "active of a word for all": (
        lambda m: m.set_component_active_value("off"),
        ParameterError,
        "True or False is wanted",
    ),
    "too few numbers": (
        lambda m: m.fetch_values_from_array([1, 2]),
        ParameterError,
        r"in the order of m\.p0: \[1.0, 2.0\].*7 finite numbers are wanted",
    ),
    "numbers that are none": (
        lambda m: m.fetch_values_from_array([1, 2, np.nan, 4, 5, 6, 7]),
        ParameterError,
        "7 finite numbers are wanted, for Gaussian.A",
    ),
    "too many numbers of a component": (
        lambda m: m[0].fetch_values_from_array([1, 2, 3, 4]),
        ParameterError,
        "3 finite numbers are wanted, for Gaussian.A, Gaussian.sigma",
    ),
    "a mask of the wrong shape": (
        lambda m: m.assign_current_values_to_all(mask=np.zeros((3, 4))),
        DataError,
        r"the navigation shape \(4, 3\)",
    ),
    "a field that is none": (
        lambda m: m[0].A.map["value"],
        UnknownNameError,
        "did you mean 'values'",
    ),
    "a signal of no field": (
        lambda m: m[0].A.as_signal("error"),
        UnknownNameError,
        "known: is_set",
    ),
    "a map of no model": (
        lambda _: c1.Gaussian().A.as_signal(),
        ModelError,
        "its component is in no model; append it to one",
    ),
    "a line of no model": (lambda _: c1.Gaussian()(), ModelError, r"use \.function\(x\) or append"),
    "statistics of an unknown name": (
        lambda m: m.print_model_statistics({"B": {"min": 1}}),
        UnknownNameError,
        "has no 'B'",
    ),
    "statistics with a bad threshold": (
        lambda m: m.print_model_statistics({"A": {"min": "much"}}),
        ParameterError,
        "such as '5th' for five per cent",
    ),
    "statistics with a bad word": (
        lambda m: m.print_model_statistics({"A": {"least": 1}}),
        UnknownNameError,
        "known: max, min",
    ),
}

RANGES = {
    "range turned round": (lambda m: m.set_signal_range(9, 3), AxisError, "the smaller one first"),
    "range beyond": (lambda m: m.set_signal_range(80, 90), AxisError, "the axis goes from 1 to 15"),
    "range of words": (lambda m: m.set_signal_range("a", "b"), AxisError, "give two values inside"),
    "range of three": (lambda m: m.set_signal_range((1, 2, 3)), AxisError, "2 ends are wanted"),
    "range without channels": (
        lambda m: m.remove_signal_range(0, 99),
        DataError,
        "leave at least one channel on",
    ),
    "mask of the wrong shape": (
        lambda m: m.set_signal_range_from_mask(np.ones(7)),
        DataError,
        r"the signal's shape \(30,\) is wanted",
    ),
    "part beyond": (lambda m: m.inav[9], AxisError, "it has 3 channels"),
    "part of too many axes": (lambda m: m.inav[0, 0, 0], AxisError, "there are 2 axes"),
    "part of a word": (lambda m: m.isig["a"], HSJupyterError, "'a'"),
    "pixel beyond": (
        lambda m: put(m.axes_manager, "indices", (3, 0)),
        AxisError,
        r"outside of the map of shape \(3, 4\)",
    ),
    "low loss of a number": (lambda m: put(m, "low_loss", 3), DataError, "a signal is wanted"),
    "low loss without zero": (
        lambda m: put(
            m, "low_loss", hs.signals.Signal1D(np.ones(9), axes=[{"offset": 1, "scale": 0.5}])
        ),
        DataError,
        "it must hold the zero-loss peak at 0",
    ),
}

FITS = {
    "unknown optimizer": (lambda m: m.fit("leastsqs"), UnknownNameError, "did you mean 'leastsq'"),
    "beginning of a name": (lambda m: m.fit("Nelder"), UnknownNameError, "Nelder-Mead"),
    "unknown loss": (lambda m: m.fit(loss_function="lss"), UnknownNameError, "did you mean 'ls'"),
    "unknown option": (
        lambda m: m.fit(max_nfve=3),
        UnknownNameError,
        "did you mean 'max_nfev'",
    ),
    "unknown word of multifit": (
        lambda m: m.multifit(autosav=True),
        UnknownNameError,
        "has no 'autosav'",
    ),
    "one thing twice": (
        lambda m: m.fit(optimizer="lm", fitter="trf"),
        FitError,
        "both 'fitter' and its newer word 'optimizer' came",
    ),
    "bounds that cannot be kept": (
        lambda m: m.fit("CG", bounded=True),
        FitError,
        "cannot keep bounds; these can",
    ),
    "a derivative that is none": (lambda m: m.fit(grad="exact"), UnknownNameError, "analytical"),
    "a mask for multifit": (
        lambda m: m.multifit(mask=np.zeros(5)),
        DataError,
        "True for pixels to leave out",
    ),
    "unknown path": (
        lambda m: m.multifit(iterpath="serpentin"),
        UnknownNameError,
        "did you mean 'serpentine'",
    ),
    "path beyond": (
        lambda m: m.multifit(iterpath=[(0, 0), (3, 0)]),
        AxisError,
        "the fastest axis first",
    ),
    "autosave of nothing": (
        lambda m: m.multifit(autosave=True, autosave_every=-1),
        FitError,
        "a whole number of pixels is wanted",
    ),
    "fit of an unknown component": (
        lambda m: m.fit_component("Gaussan", signal_range=(2, 9)),
        UnknownNameError,
        "did you mean 'Gaussian'",
    ),
    "fit of a component beyond": (
        lambda m: m.fit_component(m[0], signal_range=(20, 30)),
        AxisError,
        "the axis goes from 1 to 15",
    ),
    "fit of a component in a word": (
        lambda m: m.fit_component(m[0], signal_range="interactiv"),
        UnknownNameError,
        "did you mean 'interactive'",
    ),
    "criterion of a loss": (
        lambda m: hs.model_selection.AIC(m, loss_function="huber"),
        UnknownNameError,
        "known: ML-poisson, ls, ml",
    ),
}

STORES = {
    "a model without a name": (
        lambda m: m.store("_hidden"),
        ModelError,
        "does not begin with an un",
    ),
    "a model that is not stored": (
        lambda m: m.signal.models.restore("first"),
        UnknownNameError,
        "has no 'first'",
    ),
    "no file of parameters": (
        lambda m: m.load_parameters_from_file("nowhere.npz"),
        MissingFileError,
        "nowhere.npz",
    ),
    "a dictionary of something": (
        lambda m: m.signal.create_model(dictionary={"components": []}),
        ModelError,
        r"what m\.as_dictionary\(\) gives is wanted",
    ),
    "results of no format": (
        lambda m: m.export_results("/tmp", format="xyz"),  # noqa: S108 - nothing is written
        FileFormatError,
        "xyz",
    ),
    "an event of a word": (
        lambda m: m.events.fitted.connect("f"),
        ModelError,
        "a function is wanted",
    ),
    "an event of no argument": (
        lambda m: m.events.fitted.connect(print, ["value"]),
        UnknownNameError,
        "known: obj",
    ),
    "an event not connected": (
        lambda m: m.events.fitted.disconnect(print),
        ModelError,
        "is not connected; see .connected",
    ),
}

# What is wrong only after something else was done: prepare, wrong, error, words.
AFTERWARDS = {
    "bounds that cross": (
        lambda m: put(m[0].sigma, "bmax", 3),
        lambda m: put(m[0].sigma, "bmin", 4),
        BoundsError,
        r"both with set_bounds\(bmin, bmax\)",
    ),
    "positive below nothing": (
        lambda m: m[0].centre.set_bounds(-5, -1),
        lambda m: put(m[0].centre, "ext_force_positive", True),
        BoundsError,
        "no positive number is below bmax=-1",
    ),
    "law that is not finite": (
        lambda m: put(m[1].sigma, "twin_function_expr", "log(x - 100)"),
        lambda m: put(m[1].sigma, "twin", m[0].sigma),
        TwinError,
        "a finite number is wanted; set another value, or change the law",
    ),
    "nothing free": (
        lambda m: m.set_parameters_not_free(),
        lambda m: m.fit(),
        ModelError,
        r"free some, e\.g\. with m\.set_parameters_free\(\)",
    ),
    "nothing active": (
        lambda m: m.set_component_active_value(False),
        lambda m: m.fit(),
        ModelError,
        r"append one, or set component\.active = True",
    ),
    "no component": (lambda m: m.clear(), lambda m: m.fit(), ModelError, "append one"),
    "NaN in the range": (
        spoil(np.nan),
        lambda m: m.fit(),
        DataError,
        r"1 of 30 channels hold NaN or infinity, the first at 6",
    ),
    "infinity in the range": (spoil(np.inf), lambda m: m.fit(), DataError, "mend the data"),
    "NaN everywhere": (
        spoil(np.nan, ...),
        lambda m: m.multifit(show_progressbar=False),
        FitError,
        r"so the run was stopped; pixel \(\d+(, \d+)*,?\) said: .*try m\.fit\(\) there",
    ),
    "NaN in a criterion": (
        spoil(np.nan),
        hs.model_selection.BIC,
        DataError,
        "leave those channels out",
    ),
    "a variance below zero": (
        bad_variance,
        lambda m: m.fit(),
        DataError,
        "it must be positive and finite",
    ),
    "no way back from a law": (
        follow("x * exp(x)"),
        lambda m: put(m[1].sigma, "value", 3),
        TwinError,
        "set what it follows, or give twin_inverse_function_expr",
    ),
    "a value that a follower cannot follow": (
        follow("log(x)"),
        lambda m: put(m[0].sigma, "value", -1),
        TwinError,
        "a finite number is wanted",
    ),
    "a law twice": (
        half_a_law,
        expression("2 * x"),
        TwinError,
        "set one of them, and the other to '' or None",
    ),
    "an event twice": (
        connected,
        lambda m: m.events.fitted.connect(print),
        ModelError,
        "disconnect it first",
    ),
    "a linear fit of a line that is bent": (
        state_of,
        lambda m: m.fit("lstsq"),
        ModelError,
        r"set_parameters_not_free\(only_nonlinear=True\)",
    ),
    "a search without ends": (
        state_of,
        lambda m: m.fit("Differential Evolution"),
        ModelError,
        "set bmin and bmax",
    ),
    "a name that a copy has": (
        lambda m: m.append(c1.Gaussian(name="copy")),
        lambda m: put(m["copy"], "name", "Gaussian"),
        ModelError,
        "Another component already has the name Gaussian",
    ),
}
