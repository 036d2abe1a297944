"""A dashboard, as a person without Python uses it: choose, upload, move, fit, cancel, take home."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import hsjupyter.api as hs
from tests.e2e.pointing import drag, slide
from tests.e2e.spectra import spectra
from tests.e2e.visitors import Visitor, dashboard_server, serious_faults

LIMITS = "upload_mb = 1\nready = 1\nmemory_mb = 3000\n"


@dataclass(frozen=True)
class Served:
    """A served dashboard: its address, its folder, and files a visitor may have at home."""

    url: str
    folder: Path
    own: Path
    wrong: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("dashboard")
    (folder / "data").mkdir()
    model = spectra(3, 4).create_model()
    line = hs.model.components1D.Gaussian(A=20.0, sigma=0.7, centre=4.6, name="line")
    model.extend([line, hs.model.components1D.Offset(4.0, name="ground")])
    line.sigma.set_bounds(0.1, 2.0)
    recipe = model.save_recipe(
        folder / "recipe.hspy",
        title="One line",
        text="Move the sliders, then press Fit.",
        touch={"line": "free", "line.A": "slider", "ground": "locked"},
        labels={"line.A": "Strength"},
    )
    own = spectra(centre=4.2).save(folder / "own.hspy")
    wrong = spectra(centre=4.2)
    wrong.axes_manager[-1].units = "nm"
    spectra(2, centre=3.8).save(folder / "data" / "pair.hspy")
    spectra(500, 500).save(folder / "data" / "large.hspy")
    (folder / "limits.toml").write_text(LIMITS)
    words = ("--data", str(folder / "data"), "--limits", str(folder / "limits.toml"))
    with dashboard_server(folder, recipe, *words) as url:
        yield Served(url, folder, own, wrong.save(folder / "wrong.hspy"))


@pytest.fixture
def visitor(served: Served, chromium: Browser) -> Iterator[Visitor]:
    one = Visitor(chromium, served.url)
    one.come()
    yield one
    one.leave()
    assert one.refused == []
    assert one.errors == []


def test_a_visitor_fits_the_map_undoes_and_takes_all_home(
    served: Served, visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="One line")).to_be_visible()
    assert page.content().count("show_recipe") == 0
    expect(page.get_by_label("ground offset value")).to_have_text("4")
    # What a hand does is undone.
    field = page.get_by_label("line centre value", exact=True)
    field.fill("5")
    field.press("Enter")
    expect(visitor.button("Undo")).to_be_enabled()
    visitor.button("Undo").click()
    expect(field).to_have_value("4.6")
    visitor.button("Fit").click()
    expect(page.locator(".hsj-good").first).to_contain_text("looks like noise")
    assert abs(visitor.value("line centre") - 4) < 0.05
    visitor.button("Fit the whole map").click()
    expect(page.locator(".hsj-verdicts")).to_contain_text("12 of 12 places are fitted")
    assert serious_faults(page) == []
    with visitor.take_home("Values (CSV)", tmp_path).open(newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 12
    centres = [float(row[next(k for k in row if k.startswith("line.centre"))]) for row in table]
    assert np.abs(np.array(centres) - 4).max() < 0.05
    fitted = hs.load(visitor.take_home("Data and fit (.hspy)", tmp_path)).models.restore("fitted")
    np.testing.assert_allclose(fitted["line"].centre.map["values"].ravel(), centres)
    report = visitor.take_home("Report (HTML)", tmp_path).read_text()
    assert "Strength" in report
    assert report.count("data:image/png;base64,") == 2
    assert not re.search(r"<script|https?://", report)


def test_a_visitor_drags_the_line_and_a_slider(visitor: Visitor) -> None:
    page = visitor.page
    field = page.get_by_label("line centre value", exact=True)
    hand = page.locator('.hsj-figure .hsj-hand[aria-label="line position"]')
    expect(page.locator('.hsj-hand[aria-label="ground position"]')).to_have_count(0)
    drag(hand, -60)
    expect(field).not_to_have_value("4.6")
    assert visitor.value("line centre") < 4.4
    expect(visitor.button("Undo")).to_be_enabled()
    visitor.button("Undo").click()
    expect(field).to_have_value("4.6")
    slide(page.get_by_label("line Strength slider", exact=True), 0.1)
    expect(page.get_by_label("line Strength value", exact=True)).not_to_have_value("20")
    assert visitor.value("line Strength") < 15
    slide(page.get_by_label("line centre slider", exact=True), 0.9)
    expect(field).not_to_have_value("4.6")
    assert visitor.value("line centre") > 6


@pytest.mark.parametrize("kind", ["msa", "csv"])
def test_a_visitor_uploads_a_spectrum_of_an_instrument(
    kind: str, visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    own = spectra(centre=3.7).save(tmp_path / f"own.{kind}")
    page.locator("input[type=file]").set_input_files(own)
    expect(page.get_by_text(f"Now: own.{kind}")).to_be_visible()
    visitor.button("Fit").click()
    expect(page.get_by_label("line centre value", exact=True)).not_to_have_value("4.6")
    assert abs(visitor.value("line centre") - 3.7) < 0.05
    fitted = hs.load(visitor.take_home("Data and fit (.hspy)", tmp_path))
    np.testing.assert_allclose(fitted.data, hs.load(own).data)


def test_a_visitor_chooses_and_uploads_data(served: Served, visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("data to choose from").select_option("pair.hspy")
    expect(page.get_by_text("Now: pair.hspy")).to_be_visible()
    upload = page.locator("input[type=file]")
    upload.set_input_files(served.own)
    expect(page.get_by_text("Now: own.hspy")).to_be_visible()
    expect(visitor.button("Fit the whole map")).to_have_count(0)
    visitor.button("Fit").click()
    expect(page.locator(".hsj-good").first).to_be_visible()
    assert abs(visitor.value("line centre") - 4.2) < 0.05
    problem = page.locator(".hsj-problem:visible")
    upload.set_input_files(served.wrong)
    expect(problem).to_contain_text("is in 'nm', and this page is made for 'eV'")
    upload.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"1"})
    expect(problem).to_contain_text("it reads .hspy, .msa, .csv")
    upload.set_input_files({"name": "a.hspy", "mimeType": "x/y", "buffer": b"\0" * (1 << 21)})
    expect(problem).to_contain_text("this page takes up to 1 MB")
    upload.set_input_files({"name": "a.hspy", "mimeType": "x/y", "buffer": b"no file of HDF5"})
    expect(problem).to_contain_text(re.compile(r"a\.hspy.*\(reference [0-9A-F]{6}\)"))
    words = problem.inner_text()
    assert "Traceback" not in words
    assert str(served.folder.parent) not in words
    assert "hsjupyter-upload" not in words
    # What was there is unharmed, and the log has the whole story.
    expect(page.get_by_text("Now: own.hspy")).to_be_visible()
    reference = re.findall(r"[0-9A-F]{6}", words)[-1]
    log = (served.folder / "hsjupyter-dashboard.log").read_text()
    assert f"reference {reference}" in log
    assert "Traceback" in log


# The fit takes a second or two: the page itself presses the button as soon as it is seen.
PRESS_CANCEL = """() => {
  const look = () => {
    const seen = [...document.querySelectorAll("button")].find(
      (button) => button.textContent === "Cancel" && button.offsetParent !== null);
    if (seen) seen.click(); else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def test_a_visitor_watches_the_map_fill_and_cancels(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("data to choose from").select_option("large.hspy")
    expect(page.get_by_text("Now: large.hspy")).to_be_visible()
    page.locator("select.hsj-choice").last.select_option(label="line centre")
    page.evaluate(PRESS_CANCEL)
    visitor.button("Fit the whole map").click()
    words = page.locator(".hsj-words:visible")
    expect(words).to_contain_text("cancelled")
    expect(visitor.button("Fit the whole map")).to_be_enabled()
    done, total = map(int, re.findall(r"(\d+) of (\d+) pixels", words.inner_text())[0])
    assert 0 < done < total == 250_000


def test_a_visitor_drags_a_spot_of_an_image_and_fits(chromium: Browser, tmp_path: Path) -> None:
    images = hs.signals.Signal2D(np.random.default_rng(2).normal(0.0, 0.1, size=(24, 32)))
    spot = hs.model.components2D.Gaussian2D(
        A=300.0, sigma_x=3.0, sigma_y=2.0, centre_x=20.0, centre_y=12.0, name="spot"
    )
    images.data += spot.function(*images.signal_coordinates())
    model = images.create_model()
    model.append(spot)
    spot.centre_x.value, spot.centre_y.value = 14.0, 12.0
    recipe = model.save_recipe(tmp_path / "spot.hspy", title="Where is the spot?")
    with dashboard_server(tmp_path, recipe) as url:
        visitor = Visitor(chromium, url)
        visitor.come()
        page = visitor.page
        drag(page.locator('.hsj-plane .hsj-hand[aria-label="spot position"]').first, 20)
        field = page.get_by_label("spot centre_x value", exact=True)
        expect(field).not_to_have_value("14")
        visitor.button("Fit").click()
        # What a person dragged it to is not right to a hundredth.
        expect(field).to_have_value(re.compile(r"^(19\.9|20\.0)"))
        expect(page.locator(".hsj-verdicts")).to_contain_text("data − model should show no pattern")
        assert serious_faults(page) == []
        report = visitor.take_home("Report (HTML)", tmp_path).read_text()
        assert "the data, the fit, and what is left over" in report
        visitor.leave()
        assert visitor.refused == []
        assert visitor.errors == []


FORBIDDEN = """async () => {
  const kernel = document.querySelector("#jupyter-config-data").textContent;
  const { kernelId } = JSON.parse(kernel);
  const tried = {};
  for (const path of ["api/kernels", "api/contents", "api/terminals", "tree", "files/recipe.hspy",
                      "voila/files/recipe.hspy", "recipe.hspy", "voila/static/../../recipe.hspy",
                      `api/kernels/${kernelId}/interrupt`, "edit/dashboard.ipynb"]) {
    const answer = await fetch(path);
    const text = await answer.text();
    tried[path] = [answer.status, text.includes("HDF") || text.includes("show_recipe")];
  }
  const headers = Object.fromEntries((await fetch(location.href, {method: "POST"})).headers);
  return { tried, headers };
}"""


def test_nothing_but_the_page_is_served(visitor: Visitor) -> None:
    answer = visitor.page.evaluate(FORBIDDEN)
    assert {path: got for path, got in answer["tried"].items() if got[0] == 200 or got[1]} == {}
    headers = answer["headers"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"


ASKED_AGAIN = """async () => {
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const parts = loaded.filter((name) => name.includes("/voila/labextensions/"));
  const kept = await Promise.all(parts.map(async (name) => {
    const headers = (await fetch(name)).headers;
    return [new URL(name).pathname, headers.get("cache-control")];
  }));
  return Object.fromEntries(kept);
}"""


def test_who_comes_again_loads_no_widgets_again(visitor: Visitor) -> None:
    kept = visitor.page.evaluate(ASKED_AGAIN)
    assert len(kept) > 20
    assert {path for path, words in kept.items() if "immutable" not in (words or "")} == set()
    # For ever: it has to be called otherwise when something else is in it.
    assert {path for path in kept if not re.search(r"[0-9a-f]{8}", path)} == set()
