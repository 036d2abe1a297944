"""Images fitted by rows and columns: the same answers as channel by channel, and when it is so."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hsjupyter.api as hs
from hsjupyter.fitting import kept, tables
from hsjupyter.fitting.losses import LOSSES
from hsjupyter.fitting.plan import make_plan

c2 = hs.model.components2D
TURNED = "k * exp(-((x - x0)**2 / (2 * s**2) + (y - y0)**2 / (2 * t**2)))"


def spots(rows=24, across=24, pixels=9, level=0.0):
    y, x = np.mgrid[:rows, :across].astype(float)
    k = np.arange(pixels)[:, np.newaxis, np.newaxis]
    centre = across / 2 - 1 + 0.2 * k, rows / 2 + 1 - 0.1 * k
    widths = across / 8 * (1 + 0.02 * k), rows / 10
    exponent = sum(((a - c) / w) ** 2 for a, c, w in zip((x, y), centre, widths, strict=True))
    line = 300 * np.exp(-exponent / 2) + level
    m = hs.signals.Signal2D(np.random.default_rng(1).poisson(line).astype(float)).create_model()
    starts = {"centre_x": across / 2, "centre_y": rows / 2}
    starts |= {"sigma_x": across / 7, "sigma_y": rows / 9}
    m.append(c2.Gaussian2D(A=200 * across * rows / 10, **starts))
    return m


def with_an_expression(m):
    m.signal.data = m.signal.data + 5.0
    m.append(c2.Expression("b + c * y", "plane", b=4.0, c=0.0))


def weighted(m):
    variance = np.maximum(m.signal.data, 4.0)
    m.signal.set_noise_variance(hs.signals.Signal2D(variance))


def within(m):
    m.set_signal_range(3, 20, 2, 21)


def with_a_hole(m):
    m.remove_signal_range(3, 5, 3, 5)


def twinned(m):
    m[0].sigma_y.twin_function_expr = "0.8 * x"
    m[0].sigma_y.twin = m[0].sigma_x


def half_fixed(m):
    m[0].centre_x.free = m[0].sigma_y.free = False


def turned(m):
    m[0].rotation_angle.free = True
    m[0].rotation_angle.value = 0.1


def at_an_angle(m):
    m[0].rotation_angle.value = 0.3


CHANGES = [with_an_expression, weighted, within, twinned, half_fixed]
WHOLE = [with_a_hole, turned, at_an_angle]


def by_rows(m):
    plan = make_plan(m)
    still = kept.still_numbers(plan, plan.start[np.newaxis])
    return kept.tables_of(plan, plan.active.tobytes(), LOSSES["ls"], still).across != (0, 0)


def fitted(m, **words):
    m.multifit(workers=1, show_progressbar=False, **words)
    return m.maps.values.copy(), m.maps.std.copy(), m.maps.chisq.copy()


@pytest.mark.parametrize("size", [(24, 24), (9, 31), (60, 44), (41, 43), (5, 5)], ids=str)
@pytest.mark.parametrize("change", [None, *CHANGES])
@pytest.mark.parametrize("loss", ["ls", "ML-poisson"])
def test_maps_of_images_are_the_same_by_rows_and_by_channels(monkeypatch, size, change, loss):
    if change is within and size != (24, 24):
        change = None
    models = []
    for most in (tables.MOST, 0):
        monkeypatch.setattr(tables, "MOST", most)
        kept.forget_tables()
        m = spots(*size, pixels=4, level=1.0 if loss != "ls" else 0.0)
        if change is not None:
            change(m)
        assert by_rows(m) == (most > 0)
        models.append(fitted(m, loss_function=loss))
    kept.forget_tables()
    for ours, theirs in zip(*models, strict=True):
        assert_allclose(ours, theirs, rtol=2e-5)
    assert_allclose(models[0][2], models[1][2], rtol=1e-8)


@pytest.mark.parametrize("change", WHOLE)
def test_what_is_no_rectangle_or_turned_is_fitted_channel_by_channel(change):
    m = spots()
    change(m)
    assert not by_rows(m)
    fitted(m)
    assert np.isfinite(m.maps.chisq).all()


def test_a_text_of_two_coordinates_is_fitted_by_rows():
    m = spots()
    old = m[0]
    m.remove(old)
    starts = {"k": 200.0, "x0": 12.0, "y0": 12.0, "s": 3.0, "t": 3.0}
    m.append(c2.Expression(TURNED, "spot", **starts))
    assert by_rows(m)
    fitted(m)
    other = spots()
    fitted(other)
    assert_allclose(m.chisq.data, other.chisq.data, rtol=1e-8)


def test_images_wider_than_a_block_are_fitted_channel_by_channel():
    m = spots(rows=3, across=tables.MOST + 1, pixels=1)
    assert not by_rows(m)
