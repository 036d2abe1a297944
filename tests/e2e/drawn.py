"""What is drawn on the page, as numbers: paths of lines and bands, and sizes of pictures."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

Numbers = NDArray[np.float64]

MODEL, RESIDUAL, DATA = "rgb(209, 52, 47)", "rgb(141, 122, 184)", "rgb(127, 127, 127)"
PATHS = """() => [...document.querySelectorAll(".hsj-figure")].flatMap((figure) =>
  [...figure.querySelectorAll("path.line, path.area")]
    .filter((path) => path.checkVisibility() && path.getAttribute("d"))
    .map((path) => ({
      kind: path.classList.contains("area") ? "area" : "line",
      stroke: getComputedStyle(path).stroke,
      fill: getComputedStyle(path).fill,
      d: path.getAttribute("d"),
    })))"""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Path2D:
    """A path on the page: its corners in pixels, (corner, 2), and its text."""

    corners: Numbers
    d: str


def points_of(d: str) -> Numbers:
    """The corners of a path of straight pieces, (corner, 2)."""
    return np.array([float(one) for one in NUMBER.findall(d)]).reshape(-1, 2)


def wait_for(page: Page, kind: str, colour: str) -> None:
    """Wait for a line, or a band, of a colour."""
    page.wait_for_function(
        f"([kind, colour]) => ({PATHS})().some((one) => one.kind === kind"
        ' && (kind === "area" ? one.fill : one.stroke) === colour)',
        arg=[kind, colour],
    )


def line_on(page: Page, colour: str) -> Path2D:
    """The line of a colour that is in sight; of several the last, which lies over the others."""
    found = [p for p in page.evaluate(PATHS) if p["kind"] == "line" and p["stroke"] == colour]
    assert found, f"no line of {colour} is drawn"
    return Path2D(points_of(found[-1]["d"]), found[-1]["d"])


def band_on(page: Page, colour: str) -> tuple[Numbers, Numbers]:
    """The ends of the band of a colour that is in sight, in pixels: upper and lower, (channel,)."""
    found = [p for p in page.evaluate(PATHS) if p["kind"] == "area" and p["fill"] == colour]
    assert found, f"no band of {colour} is drawn"
    y = points_of(found[0]["d"])[:, 1]
    there, back = y[: len(y) // 2], y[len(y) // 2 :][::-1]
    return np.minimum(there, back), np.maximum(there, back)


def height_of_one(line: Numbers, numbers: Numbers) -> float:
    """Pixels of a height of 1, from a line that is drawn and the numbers that it shows."""
    slope, offset = np.polyfit(numbers, line[:, 1], 1)
    assert np.abs(slope * numbers + offset - line[:, 1]).max() < 0.1
    return float(-slope)


def along(line: Numbers, positions: Numbers) -> tuple[float, float]:
    """Pixels of a width of 1, and the pixel of 0, from a line and the positions of its corners."""
    slope, start = np.polyfit(positions, line[:, 0], 1)
    np.testing.assert_allclose(line[:, 0], start + slope * positions, atol=0.1)
    return float(slope), float(start)


def size_of_png(path: Path) -> tuple[int, int]:
    """Width and height of a picture in a file."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
