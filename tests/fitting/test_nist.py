"""NIST StRD nonlinear sets: certified values, errors and residuals from both starting points."""

from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf

import hsjupyter.api as hs
from benchmarks.nist import FOLDER, digits, every_set, read

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "nist"
SETS = list(every_set(*(folder for folder in (FOLDER, BESIDE) if folder.is_dir())))
# Its data are exact to the last digit printed: residuals are smaller than what float64 rounds off.
BELOW_ROUNDING = "Lanczos1"


def model_of(certified):
    """The set as a person would fit it, from no start yet."""
    if len(certified.x) == 2:  # an axis has one position a channel: it counts them
        first, second = certified.x
        assert certified.formula == "b1 - b2*x1 * exp(-b3*x2)"

        class TwoPredictors(hs.Component, registered=False):
            b1, b2, b3 = hs.Par(1.0), hs.Par(1.0), hs.Par(1.0)

            @staticmethod
            def profile(x, b1, b2, b3):
                k = x.astype(int)
                return b1 - b2 * first[k] * np.exp(-b3 * second[k])

        m = hs.signals.Signal1D(certified.y).create_model()
        m.append(TwoPredictors())
        return m
    x, y = certified.rising()
    m = hs.signals.Signal1D(y, axes=[{"axis": x}]).create_model()
    m.append(hs.model.components1D.Expression(certified.formula, certified.name))
    return m


def found_by(certified, start, **words):
    m = model_of(certified)
    for name, value in zip(certified.names, certified.starts[start], strict=True):
        getattr(m[0], name).value = value
    result = m.fit(**words)
    names = [f"{m[0].name}.{name}" for name in certified.names]
    order = [result.names.index(name) for name in names]
    return result, result.x[order], result.std[order]


@pytest.mark.parametrize("certified", SETS, ids=lambda each: each.name)
@pytest.mark.parametrize("start", [0, 1], ids=["far", "near"])
def test_the_default_fit_has_the_certified_digits(certified, start):
    result, values, std = found_by(certified, start)
    assert result.success
    assert digits(values, certified.values) >= 6
    if certified.name != BELOW_ROUNDING:
        assert digits(std, certified.std) >= 6
        assert digits(result.fun, certified.rss) >= 6


def least_rss_of(certified, points):
    """The least residual sum of squares with sixty digits: Gauss-Newton from what is certified."""
    with mp.workdps(60):
        b = mp.matrix([mpf(repr(float(each))) for each in certified.values])
        for _ in range(4):
            rows, left = mp.matrix(len(points), 6), mp.matrix(len(points), 1)
            for i, (y, x) in enumerate(points):
                left[i] = y
                for k in (0, 2, 4):
                    rows[i, k] = mp.exp(-b[k + 1] * x)
                    rows[i, k + 1] = -b[k] * x * rows[i, k]
                    left[i] -= b[k] * rows[i, k]
            rss = sum(each**2 for each in left)
            b += mp.lu_solve(rows, left)
        return float(rss)


def test_the_one_exception_is_lost_before_any_fit_begins():
    text = (FOLDER / f"{BELOW_ROUNDING}.dat").read_text(encoding="ascii")
    certified = read(FOLDER / f"{BELOW_ROUNDING}.dat")
    printed = [line.split() for line in text[text.rindex("Data:") :].splitlines()[1:]]
    with mp.workdps(60):
        as_printed = [(mpf(y), mpf(x)) for y, x in printed]
    as_float64 = [(mpf(float(y)), mpf(float(x))) for y, x in printed]
    assert digits(least_rss_of(certified, as_printed), certified.rss) > 9
    assert digits(least_rss_of(certified, as_float64), certified.rss) < 4


def test_a_tolerance_that_is_given_is_taken_at_its_word():
    certified = next(each for each in SETS if each.name == "ENSO")
    (tight, *_), (loose, values, _) = (found_by(certified, 0, **w) for w in ({}, {"ftol": 1e-3}))
    assert loose.success
    assert loose.nfev < tight.nfev
    assert digits(values, certified.values) < 6


def test_digits_are_counted_on_both_sides():
    assert digits(1.0 + 1e-7, 1.0) == pytest.approx(7, abs=0.01)
    assert digits(np.array([2.0, 1 - 1e-3]), np.array([2.0, 1.0])) == pytest.approx(3, abs=0.01)
    assert digits(np.nan, 1.0) == 0
    assert digits(5.0, 1.0) == 0


def test_every_set_is_read_whole():
    for certified in SETS:
        residual = certified.y.size - len(certified.values)
        assert residual > 0
        assert certified.starts.shape == (2, len(certified.values))
    assert {each.name for each in SETS} >= {"ENSO", "Hahn1", "Lanczos1", "MGH17", "Nelson"}
