"""The data that are shipped are what they say."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

from hsjupyter import data
from hsjupyter.core.errors import DataError

FOLDER = Path(data.__file__).parent / "sample_data"
SHIPPED = {
    data.abell478_map: ((22, 22, 71), "f4", "Å"),
    data.polystyrene_raman: ((874,), "f4", "cm⁻¹"),
    data.steel_xrf: ((2048,), "u4", "keV"),
}


@pytest.mark.parametrize("make", SHIPPED, ids=lambda make: make.__name__)
def test_shipped_data_are_whole_and_named(make):
    shape, dtype, units = SHIPPED[make]
    s = make()
    assert s.data.shape == shape
    assert s.data.dtype == dtype
    assert np.isfinite(s.data).all()
    assert s.axes_manager.signal_axes[0].units == units
    for name in ("title", "authors", "notes"):
        assert s.metadata.General.get_item(name)
    assert any(word in s.metadata.General.notes for word in ("MIT", "BSD-3-Clause"))
    assert s.metadata.Sample.description


def test_every_file_has_a_function_and_a_notice():
    notice = (FOLDER / "NOTICE.md").read_text("utf-8")
    names = {path.stem for path in FOLDER.glob("*.hspy")}
    assert names == {make.__name__ for make in SHIPPED}
    assert all(f"`{name}.hspy`" in notice for name in names)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000


def test_each_call_gives_a_signal_of_its_own():
    first, second = data.steel_xrf(), data.steel_xrf()
    first.data[:] = 0
    assert second.data.max() > 0


def gaussian(x, A, sigma, centre):
    return A / (sigma * np.sqrt(2 * np.pi)) * np.exp(-((x - centre) ** 2) / (2 * sigma**2))


def test_the_map_shows_three_lines_at_one_redshift_and_noise_as_it_says():
    """Wavelengths in air from NIST; the variance makes chi squared about 1 a channel."""
    s = data.abell478_map()
    x = s.axes_manager.signal_axes[0].axis
    variance = s.get_noise_variance().data

    def residual(p, y, v):
        lines = gaussian(x[:, None], p[1:4], p[4:7], p[7:])
        return (p[0] + lines.sum(axis=1) - y) / np.sqrt(v)

    start = [30, 400, 1000, 1200, 2.5, 2.5, 2.5, 7110, 7126, 7148]
    low = [-np.inf, 0, 0, 0, 1, 1, 1, 7100, 7116, 7138]
    high = [np.inf, np.inf, np.inf, np.inf, 8, 8, 8, 7120, 7136, 7158]
    chisq, redshifts = [], []
    for row, column in [(4, 17), (5, 7), (11, 10), (16, 5), (20, 20)]:
        y, v = s.data[row, column], variance[row, column]
        fit = least_squares(residual, start, bounds=(low, high), x_scale=start, args=(y, v))
        chisq.append(2 * fit.cost / (len(x) - len(start)))
        redshifts.append(fit.x[7:] / [6548.05, 6562.79, 6583.45] - 1)
    assert 0.7 < np.median(chisq) < 1.6
    np.testing.assert_allclose(redshifts, 0.0858, atol=0.0006)
    np.testing.assert_allclose(np.ptp(redshifts, axis=1), 0, atol=2e-4)


def test_the_polystyrene_has_the_ring_breathing_and_its_neighbour():
    """ASTM E1840: 1001.4 and 1031.8 cm⁻¹; the instrument reads 2.6 too low."""
    s = data.polystyrene_raman()
    x = s.axes_manager[0].axis
    ring = x[np.argmax(s.data)]
    near = (x > ring + 15) & (x < ring + 45)
    assert ring == pytest.approx(1001.4 - 2.6, abs=1)
    assert x[near][np.argmax(s.data[near])] - ring == pytest.approx(30.4, abs=1)


@pytest.mark.parametrize(
    ("line", "energy"), [("Cr Ka", 5.411), ("Fe Ka", 6.399), ("Fe Kb", 7.058), ("Ni Ka", 7.472)]
)
def test_the_steel_shows_the_lines_of_its_elements(line, energy):
    """Energies from the X-ray Data Booklet, in keV."""
    s = data.steel_xrf()
    x = s.axes_manager[0].axis
    near = np.flatnonzero(np.abs(x - energy) < 0.1)
    assert x[near[np.argmax(s.data[near])]] == pytest.approx(energy, abs=0.012)


@pytest.mark.parametrize("noise", ["gaussian", "poisson"])
@pytest.mark.parametrize("shape", [(), (5,), (32, 32), (2, 3, 4)])
def test_two_gaussians_are_their_truth_and_noise_of_the_variance(shape, noise):
    s = data.two_gaussians(shape, 200, noise=noise, seed=4)
    assert s.data.shape == (*shape, 200)
    assert s.axes_manager.navigation_shape == shape[::-1]
    x = s.axes_manager.signal_axes[0].axis
    expected = np.zeros(s.data.shape)
    for name in ("Gaussian_0", "Gaussian_1"):
        line = s.metadata.Truth.get_item(name)
        assert np.shape(line.A) == np.shape(line.sigma) == np.shape(line.centre) == shape
        A, sigma, centre = (np.asarray(v)[..., None] for v in (line.A, line.sigma, line.centre))
        expected += gaussian(x, A, sigma, centre)
    variance = s.get_noise_variance()
    variance = variance if isinstance(variance, float) else variance.data
    deviates = ((s.data - expected) ** 2 / variance)[expected > 5]
    # Mean of n squared normal deviates: 1 +- sqrt(2/n); of counts above 5: sqrt(2.2/n).
    assert deviates.mean() == pytest.approx(1, abs=5 * np.sqrt(2.2 / deviates.size))


def test_the_same_seed_gives_the_same_map():
    first, again, other = (data.two_gaussians((3, 4), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.data, again.data)
    assert not np.array_equal(first.data, other.data)


def test_the_truth_is_kept_in_the_file(tmp_path):
    from hsjupyter.storage import load, save

    s = data.two_gaussians((3, 4), 50)
    found = load(save(s, tmp_path / "truth")).metadata.Truth
    np.testing.assert_array_equal(found.Gaussian_1.centre, s.metadata.Truth.Gaussian_1.centre)


@pytest.mark.parametrize(
    "wrong", [{"noise": "pink"}, {"level": 0.0}, {"level": np.nan}, {"shape": (1, 1, 1, 1)}]
)
def test_two_gaussians_refuse_what_they_do_not_know(wrong):
    with pytest.raises(DataError, match=r"two_gaussians: .* wanted"):
        data.two_gaussians(**wrong)
