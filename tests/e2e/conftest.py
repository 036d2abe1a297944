"""One Jupyter server, one browser and one JupyterLab page for all stories; a kernel a test.

They end with the last story: playwright keeps an event loop running in its thread, and others want
one of their own there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import find_or_install
from tests.e2e.notebook import Notebook, lies_beyond, open_lab
from tests.e2e.servers import jupyter_server

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever lies beyond this machine is refused: nobody listens there. Loopback takes no proxy.
    "--proxy-server=127.0.0.1:9",
)
VIEWPORT = {"width": 1400, "height": 1000}
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE / 2)


@dataclass(frozen=True)
class Jupyter:
    """A running server: its address, and the folder it serves."""

    url: str
    files: Path


@pytest.fixture(scope="package")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    folder = tmp_path_factory.mktemp("jupyter")
    with jupyter_server(folder) as url:
        yield Jupyter(url, folder / "files")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = find_or_install()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def new_page(browser: Browser) -> Page:
    """Return an empty page that waits a minute for what it is asked to wait for."""
    page = browser.new_page(viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture(scope="package")
def lab_page(chromium: Browser, jupyter: Jupyter) -> Iterator[Page]:
    page = new_page(chromium)
    asked: list[str] = []
    listener = lambda request: asked.append(request.url)  # noqa: E731 - it is taken off again
    page.on("request", listener)
    open_lab(page, jupyter.url)
    page.remove_listener("request", listener)
    assert list(filter(lies_beyond, asked)) == []
    yield page
    page.close()


def folder_for(test: str, jupyter: Jupyter) -> Path:
    """Return the served folder of one test, named after it."""
    return jupyter.files / re.sub(r"\W+", "-", test).strip("-")


@pytest.fixture
def lab(
    lab_page: Page, jupyter: Jupyter, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Notebook]:
    """Give a notebook in JupyterLab; the page may raise no error, and ask for nothing elsewhere."""
    folder = folder_for(request.node.name, jupyter)
    notebook = Notebook(lab_page, jupyter.url, folder, tmp_path, lab=True)
    yield notebook
    notebook.close()
    assert notebook.errors == []
    assert notebook.refused == []


@pytest.fixture
def notebook7(
    chromium: Browser, jupyter: Jupyter, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Notebook]:
    """Give a notebook in Notebook 7; the page may raise no error, and ask for nothing elsewhere."""
    page = new_page(chromium)
    folder = folder_for(request.node.name, jupyter)
    notebook = Notebook(page, jupyter.url, folder, tmp_path, lab=False)
    yield notebook
    notebook.close()
    page.close()
    assert notebook.errors == []
    assert notebook.refused == []
