"""A dashboard that is served, and a visitor's page on it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Browser, Locator, Page, Route

from tests.e2e.servers import ended_on_request, free_port, python_under_test, serving

PATIENCE = 60_000
OF_THE_PAGE = ("blob:", "data:")


@contextmanager
def dashboard_server(folder: Path, target: Path, *words: str) -> Iterator[str]:
    """Serve a dashboard as the command does; yields its address.

    Parameters
    ----------
    folder : Path
        Where it runs, and where its logs go.
    target : Path
        The recipe or the notebook.
    words : str
        More of the command line.
    """
    port = free_port()
    python = python_under_test()
    own = shutil.which("hsjupyter", path=str(Path(python).parent))
    if own is None:
        raise RuntimeError(f"there is no command hsjupyter beside {python}; install it there")
    command = [own, "dashboard", str(target), "--no-browser", "--port", str(port), *words]
    with ended_on_request(), serving(command, "is running at", folder, python):
        yield f"http://127.0.0.1:{port}/"


class Visitor:
    """One person on the page of a dashboard, whose browser reaches nothing but this machine.

    Attributes
    ----------
    page : Page
    refused : list of str
        Addresses that the page asked for elsewhere.
    errors : list of str
        Uncaught errors of the page.
    """

    def __init__(self, browser: Browser, url: str, *, width: int = 1400) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 1000})
        self.page.set_default_timeout(PATIENCE)
        self.refused: list[str] = []
        self.errors: list[str] = []
        self._url = url
        self.page.route("**/*", self._let_through)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _let_through(self, route: Route) -> None:
        address = route.request.url
        if address.startswith((self._url, *OF_THE_PAGE)):
            route.continue_()
        else:
            self.refused.append(address)
            route.abort()

    def come(self, tries: int = 1) -> None:
        """Open the page, again where no place is free, and wait until all of it is drawn.

        Raises
        ------
        AssertionError
            The server did not give it.
        """
        for _ in range(tries):
            answer = self.page.goto(self._url)
            if answer is not None and answer.ok:
                break
        else:
            message = f"the server says {answer and answer.status}"
            raise AssertionError(message)
        self.page.locator(".hsj-root[data-hs-ready='1']").nth(3).wait_for(state="attached")
        drawn = self.page.locator(".hsj-figure path.line, .hsj-plane canvas")
        drawn.last.wait_for(state="attached")

    def button(self, text: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=text, exact=True)

    def value(self, label: str) -> float:
        """The number a field shows."""
        return float(self.page.get_by_label(f"{label} value", exact=True).input_value())

    def take_home(self, words: str, folder: Path) -> Path:
        """Press a download's button; the file that came."""
        with self.page.expect_download() as coming:
            self.button(words).click()
        target = folder / coming.value.suggested_filename
        coming.value.save_as(target)
        return target

    def leave(self) -> None:
        """Close the page."""
        self.page.close()


SERIOUS = """async (frame) => {
  const { violations } = await axe.run(frame ?? document);
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
}"""


def serious_faults(page: Page, frame: str | None = None) -> list[str]:
    """What axe-core finds wrong for people who cannot see or use a mouse, serious or worse.

    Parameters
    ----------
    page : Page
    frame : str, optional
        A selector: look only there.
    """
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
    found: list[str] = page.evaluate(SERIOUS, frame)
    return found
