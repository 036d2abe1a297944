"""What the site shows of fits, each a function that fills an empty figure."""

import warnings
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import hsjupyter.api as hs
from hsjupyter.samfire.global_strategies import MAXIMA
from hsjupyter.samfire.histograms import frequent

c = hs.model.components1D
QUIET = {"show_progressbar": False}
TELLING: dict[str, dict[str, Any]] = {
    "DoublePowerLaw": {"A": 1.0},
    "Polynomial": {"order": 3, "coefficients": (0.02, -0.4, 2.0, 3.0)},
    "SEE": {"Phi": 2.0, "B": 3.0, "sigma": 0.2},
    "Vignetting": {"optical_center": 6.0, "height": 1.0, "period": 20.0},
}
"""Values for those that start without a shape."""
RANGES = {
    "DoublePowerLaw": (1.0, 4.0),
    "PowerLaw": (1.0, 4.0),
    "Voigt": (6.0, 14.0),
    "VolumePlasmonDrude": (5.0, 25.0),
}
PATTERNS = {"EELSCLEdge", "Expression", "ScalableFixedPattern"}
"""They need an element, a text or a measurement to have a shape."""


def sum_of_components(figure: Figure) -> None:
    """One spectrum, its model and the components."""
    s = hs.data.two_gaussians()
    m = s.create_model()
    m.extend([c.Gaussian(A=2500, sigma=9, centre=45), c.Gaussian(A=900, sigma=2.5, centre=62)])
    s.axes_manager.indices = (3, 4)
    m.fit()
    x = s.axes_manager[-1].axis
    place = figure.subplots()
    place.plot(x, s.data[4, 3], ".", ms=3, color="gray", label="data")
    for component in m:
        place.plot(x, component(), "--", lw=1.2, label=component.name)
    place.plot(x, m(), color="tab:red", lw=1.5, label="model")
    place.set(xlabel="x", ylabel="counts")
    place.legend()


def _shape(name: str) -> tuple[np.ndarray, np.ndarray]:
    made = getattr(c, name)(**TELLING.get(name, {}))
    low, high = RANGES.get(name, (0.0, 12.0))
    x = np.linspace(low, high, 300)
    if name not in RANGES and made._position is not None and not made._position.value:
        made._position.value = (low + high) / 3
    return x, np.asarray(made.function(x), dtype=float) + 0 * x


def shapes_of_spectra(figure: Figure) -> None:
    """Every component for spectra, with values that show what it is."""
    names = [n for n in dir(c) if n not in PATTERNS]
    columns = 6
    rows = -(-len(names) // columns)
    figure.set_size_inches(figure.get_figwidth(), 1.05 * rows)
    places = figure.subplots(rows, columns).ravel()
    for place in places:
        place.set_axis_off()
    for name, place in zip(names, places, strict=False):
        place.plot(*_shape(name), lw=1.5)
        place.set_title(name, fontsize=7)


def shapes_of_images(figure: Figure) -> None:
    """The component for images as it starts and turned, and a ring from a formula."""
    kinds = hs.model.components2D
    y, x = np.mgrid[-4:4:80j, -4:4:80j]
    turned = kinds.Gaussian2D(sigma_x=1.6, sigma_y=0.8, add_rotation=True)
    turned.rotation_angle.value = 0.6
    ring = kinds.Expression("exp(-(sqrt(x**2 + y**2) - r)**2 / w)", "ring", r=2.5, w=0.5)
    shown = {"Gaussian2D": kinds.Gaussian2D(), "Gaussian2D, turned": turned, "Expression": ring}
    figure.set_figheight(2.2)
    for place, (name, made) in zip(figure.subplots(1, 3), shown.items(), strict=True):
        place.imshow(made.function(x, y), origin="lower")
        place.set_title(name, fontsize=9)
        place.set_axis_off()


@cache
def _lifetimes() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    t = np.arange(0, 10, 0.1)
    expected = 200 * 0.1 / 2 * np.exp(-t / 2)
    s = hs.signals.Signal1D(rng.poisson(expected, (1000, len(t))).astype(float))
    s.axes_manager[-1].scale = 0.1
    ways: dict[str, Any] = {
        "all alike": {},
        "count = variance": {},
        "likelihood": {"optimizer": "fisher", "loss_function": "ML-poisson"},
    }
    found = {}
    for way, words in ways.items():
        if way == "count = variance":
            s.estimate_poissonian_noise_variance()
        m = s.create_model()
        m.append(c.Exponential(A=10, tau=2))
        m[0].tau.set_bounds(0.1, 20)
        m.multifit(**words, **QUIET)
        found[way] = m[0].tau.map["values"]
    return found


def three_losses(figure: Figure) -> None:
    """Lifetimes of a thousand decays, by three losses."""
    place = figure.subplots()
    bins = np.linspace(0.7, 3.1, 80)
    for way, values in _lifetimes().items():
        place.hist(values, bins, histtype="step", lw=1.5, label=f"{way}: mean {values.mean():.2f}")
    place.axvline(2.0, color="gray", ls=":", label="truth: 2")
    place.set(xlabel="lifetime", ylabel="decays")
    place.legend()


@cache
def _galaxy() -> Any:
    s = hs.data.abell478_map()
    m = s.create_model()
    alpha = c.Gaussian(A=1000, sigma=2.5, centre=7126, name="H alpha")
    nitrogen = c.Gaussian(A=1200, sigma=2.5, centre=7148, name="N II 6583")
    m.extend([c.Offset(30, name="continuum"), alpha, nitrogen])
    m.set_signal_range(7115.0, 7175.0)
    m.multifit(**QUIET)
    return m


def maps_of_a_galaxy(figure: Figure) -> None:
    """Three maps of one fit."""
    m = _galaxy()
    shown = {
        "area of H alpha": (m["H alpha"].A.map["values"], "magma"),
        "centre (Å)": (m["H alpha"].centre.map["values"], "coolwarm"),
        "reduced chi squared": (m.red_chisq.data, "viridis"),
    }
    for place, (title, (values, colours)) in zip(figure.subplots(1, 3), shown.items(), strict=True):
        low, high = np.nanpercentile(values, [2, 98])
        image = place.imshow(values, cmap=colours, vmin=low, vmax=high, origin="lower")
        place.set_title(title, fontsize=9)
        place.set_axis_off()
        figure.colorbar(image, ax=place, shrink=0.8)


@cache
def _two_phases() -> tuple[np.ndarray, Any, Any]:
    rng = np.random.default_rng(3)
    v, u = np.mgrid[:48, :48] / 48
    second = (u - 0.55) ** 2 + (v - 0.5) ** 2 < 0.1
    centre = np.where(second, 150 + 6 * v, 70 + 25 * u)
    x = np.arange(220.0)
    peak = 90 * np.exp(-0.5 * ((x - centre[..., None]) / 5) ** 2)
    hump = 35 * np.exp(-0.5 * ((x - 110) / 14) ** 2)
    s = hs.signals.Signal1D(rng.normal(12 + peak + hump, 3.0))
    s.set_noise_variance(9.0)

    def model() -> Any:
        m = s.create_model()
        m.extend([c.Offset(12), c.Gaussian(A=1200, sigma=14, centre=110), c.Gaussian(1000, 5, 80)])
        m[1].sigma.set_bounds(10, 25)
        m[2].sigma.set_bounds(2, 9)
        return m

    plain, good = model(), model()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pixels that fail are what the drawing is about
        plain.multifit(**QUIET)
    samf = good.create_samfire(workers=1, random_state=0)
    samf.metadata.goodness_test.tolerance = 0.6
    samf.start(seeds="auto", **QUIET)
    return centre, plain, samf


def samfire_at_work(figure: Figure) -> None:
    """The truth, a plain fit, and SAMFire's order and result."""
    centre, plain, samf = _two_phases()
    shown = {
        "the truth": centre,
        "one start for all": plain[2].centre.map["values"],
        "SAMFire: the order": samf.order.data,
        "SAMFire: the result": samf.model[2].centre.map["values"],
    }
    for place, (title, values) in zip(figure.subplots(1, 4), shown.items(), strict=True):
        order = "order" in title
        scale = {} if order else {"vmin": 65, "vmax": 160}
        place.imshow(values, cmap="cividis" if order else "viridis", origin="lower", **scale)
        place.set_title(title, fontsize=9)
        place.set_axis_off()
    figure.set_figheight(2.2)


def samfire_histogram(figure: Figure) -> None:
    """What the strategy of the whole map knows, and the starts it takes from it."""
    _, _, samf = _two_phases()
    samf.change_strategy("Histogram global strategy")
    counts, edges = samf.database().histograms["Gaussian_0.centre"]
    where, _ = frequent(samf.model[2].centre.map["values"].ravel(), edges, MAXIMA)
    place = figure.subplots()
    place.stairs(counts, edges, fill=True, alpha=0.5, label="good pixels")
    height = np.interp(where, (edges[1:] + edges[:-1]) / 2, counts)
    place.plot(where, height, "v", color="tab:red", label="starts")
    place.set(xlabel="centre of the sharp peak", ylabel="pixels")
    place.legend()


def pulls(figure: Figure) -> None:
    """Distances from the truth in units of the error, beside the normal distribution."""
    s = hs.data.two_gaussians()
    m = s.create_model()
    m.extend([c.Gaussian(A=2500, sigma=9, centre=45), c.Gaussian(A=900, sigma=2.5, centre=62)])
    m.multifit(**QUIET)
    truth = s.metadata.Truth.as_dictionary()
    found = [
        (p.map["values"] - truth[f"Gaussian_{i}"][p.name]) / p.map["std"]
        for i, component in enumerate(m)
        for p in component.parameters
    ]
    place = figure.subplots()
    bins = np.linspace(-4, 4, 41)
    place.hist(np.ravel(found), bins, density=True, alpha=0.5, label="6 parameters, 1024 pixels")
    x = np.linspace(-4, 4, 200)
    place.plot(x, np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), label="normal distribution")
    place.set(xlabel="(fitted - truth) / error", ylabel="density")
    place.legend()


def _chain(place: Axes, height: float, words: list[str], *, arrows: bool = True) -> None:
    """Boxes from left to right, each with an arrow to the next where wanted."""
    step = 1 / len(words)
    for k, word in enumerate(words):
        place.text(
            (k + 0.5) * step,
            height,
            word,
            ha="center",
            va="center",
            fontsize=8.5,
            bbox={"boxstyle": "round,pad=0.5", "facecolor": "none", "edgecolor": "tab:blue"},
        )
        if k and arrows:
            begin, end = ((k - 0.08) * step, height), ((k + 0.08) * step, height)
            place.annotate("", end, begin, arrowprops={"arrowstyle": "->", "color": "gray"})


def one_formula(figure: Figure) -> None:
    """What is made of a formula, and what becomes of a map."""
    place = figure.subplots()
    place.set_axis_off()
    place.set(xlim=(0, 1), ylim=(0, 1))
    place.text(0, 0.95, "A formula", weight="bold")
    _chain(
        place,
        0.75,
        [
            "text",
            "parser:\na list of words",
            "tape of plain\noperations",
            "derivatives,\non the same tape",
        ],
    )
    _chain(
        place,
        0.5,
        ["numpy", "machine code\nby LLVM", "JavaScript\nin the browser", "LaTeX"],
        arrows=False,
    )
    place.text(0.5, 0.62, "of which are made", ha="center", va="center", fontsize=8.5)
    place.text(0, 0.3, "A map", weight="bold")
    _chain(
        place,
        0.1,
        ["model", "plan:\nplain arrays", "jobs of pixels", "threads, processes,\nengines", "maps"],
    )
