"""A notebook in a real browser, as a person works with it: open, run, look, ask the kernel."""

import json
import os
import re
import shutil
import textwrap
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, WebSocket

# Noise of the front-ends themselves, seen without any of our code.
KNOWN_ERRORS = (
    "Cannot read properties of undefined (reading 'schema')",
    "Canceled future for ",  # when a kernel ends
    # It gives a bundle two seconds to start; on a busy machine that takes longer, and is done then.
    "[anywidget] Failed to initialize model.",
    # Notebook 7 has no file browser, but goes to the folder that JupyterLab's was in: raised by
    # its own `notebook_core` bundle, and as well on a server that does not have our extension.
    "Command 'filebrowser:open-path' not registered",
)
OF_THE_PAGE = {"blob", "data"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
NEW_NOTEBOOK = {
    "cells": [],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}

APP_READY = "() => !!(window.jupyterapp?.started && window.jupyterapp.shell)"
# An open panel whose kernel answers; driving a menu any earlier loses cells.
KERNEL_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return !!(context?.isReady && context.session?.kernel);
}"""
# A session's file name tells that it is this notebook's panel, and not one left open before it.
# Where a notebook was the last one, Lab opens its launcher when that is closed, by and by: it may
# come over the next notebook, which then is brought to the front again.
KERNEL_READY_FOR = """(path) => {
  const { shell } = window.jupyterapp;
  const panel = [...shell.widgets("main")].find((one) => one.context?.path === path);
  const context = panel?.sessionContext;
  if (!(context?.isReady && context.session?.kernel)) return false;
  if (shell.currentWidget !== panel) shell.activateById(panel.id);
  return shell.currentWidget === panel;
}"""
NO_SPLASH = "() => !document.getElementById('jupyterlab-splash')"
NOT_EMPTY = "() => !window.jupyterapp.shell.isEmpty('main')"
# A kernel that dies answers nothing and comes back empty: whoever waits for it has to hear of it.
WATCH = """() => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  context.hsjDeath = new Promise((_, fail) => {
    context.statusChanged.connect((_context, status) => {
      if (["restarting", "autorestarting", "dead"].includes(status)) {
        context.hsjDied = true;
        fail(new Error(`the kernel died, its status is ${status}`));
      }
    });
  });
  context.hsjDeath.catch(() => {});
}"""
OPEN = """async (path) => {
  const kernel = { name: "python3" };
  await window.jupyterapp.commands.execute("docmanager:open", { path, kernel });
}"""
HAS_DIED = "() => !!window.jupyterapp.shell.currentWidget?.sessionContext?.hsjDied"
CLOSE = """async (path) => {
  const all = [...window.jupyterapp.shell.widgets("main")];
  const panel = all.find((one) => one.context?.path === path);
  await panel.sessionContext.shutdown();
  panel.dispose();
}"""
SHUT_DOWN = "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }"
THEME = """async (theme) => {
  await window.jupyterapp.commands.execute("apputils:change-theme", { theme });
}"""
# JupyterLab writes its layout down some time after it changed.
LAID_OUT = """async ([side, id, chosen]) => {
  for (;;) {
    const answer = await fetch("/lab/api/workspaces/default");
    const { data } = answer.ok ? await answer.json() : { data: {} };
    if (data["layout-restorer:data"]?.[side]?.current === id && chosen in data) return;
  }
}"""
CELL = """async (code) => {
  const { commands, shell } = window.jupyterapp;
  const notebook = shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  await commands.execute("notebook:insert-cell-below");
  const cell = notebook.activeCell;
  cell.model.sharedModel.setSource(code);
  const death = shell.currentWidget.sessionContext.hsjDeath;
  await Promise.race([commands.execute("notebook:run-cell"), death]);
  return cell.model.outputs.toJSON();
}"""
RUN_ALL = """async () => {
  const { commands, shell } = window.jupyterapp;
  const death = shell.currentWidget.sessionContext.hsjDeath;
  await Promise.race([commands.execute("notebook:run-all-cells"), death]);
  const cells = shell.currentWidget.content.widgets;
  return cells.flatMap((cell) => cell.model.outputs?.toJSON() ?? []);
}"""
ASK = """async (code) => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  const request = context.session.kernel.requestExecute({ code, store_history: false });
  const outputs = [];
  request.onIOPub = ({ header, content }) => {
    if (["stream", "execute_result", "display_data", "error"].includes(header.msg_type)) {
      outputs.push({ output_type: header.msg_type, ...content });
    }
  };
  await Promise.race([request.done, context.hsjDeath]);
  return outputs;
}"""


def text_of(outputs: list[dict[str, Any]]) -> str:
    """Join what a cell printed and returned, as a person would read it.

    Parameters
    ----------
    outputs : list of dict
        Outputs as notebook files keep them.

    Raises
    ------
    AssertionError
        When one of them is an error; with the kernel's traceback.
    """
    parts: list[str] = []
    for output in outputs:
        if output["output_type"] == "error":
            trace = COLOURS.sub("", "\n".join(output.get("traceback", [])))
            message = f"the kernel raised {output['ename']}: {output['evalue']}\n{trace}"
            raise AssertionError(message)
        text = output["text"] if "text" in output else output["data"].get("text/plain", "")
        parts.append(text if isinstance(text, str) else "".join(text))
    return "".join(parts).strip()


def lies_beyond(address: str) -> bool:
    """Whether an address is not of this machine: nobody may ask for it."""
    whole = urlsplit(address)
    return whole.scheme not in OF_THE_PAGE and whole.hostname != "127.0.0.1"


def open_lab(page: Page, url: str) -> None:
    """Show JupyterLab with nothing open, and wait until it takes commands."""
    page.goto(f"{url}/lab?reset")
    wait_for_lab(page)


def wait_for_lab(page: Page) -> None:
    """Wait until JupyterLab is laid out as it was, and its splash is off the screen.

    While that fades, another one, such as a new theme shows, would be taken off twice.
    """
    page.wait_for_function(APP_READY)
    page.evaluate("async () => { await window.jupyterapp.restored; }")
    page.wait_for_function(NO_SPLASH)


class Notebook:
    """One notebook, in JupyterLab or in Notebook 7.

    Attributes
    ----------
    page : Page
        Playwright's page, for the mouse and the keyboard.
    errors : list of str
        Uncaught errors of the page since this notebook was made; the fixture wants none.
    refused : list of str
        Addresses beyond this machine that the page asked for, and did not get.
    console : list of str
        Errors and warnings written to the browser's console.
    folder : Path
        The kernel's working directory.
    """

    def __init__(self, page: Page, url: str, folder: Path, shots: Path, *, lab: bool) -> None:
        self.page = page
        self.url = url
        self.folder = folder
        self.errors: list[str] = []
        self.console: list[str] = []
        self.refused: list[str] = []
        self._shots = shots
        self._lab = lab
        self._opened = False
        self._served = ""
        page.on("pageerror", self._hear_error)
        page.on("console", self._hear_console)
        page.on("request", self._hear_request)
        page.on("websocket", self._hear_request)

    def _hear_error(self, error: Error) -> None:
        if not any(known in str(error) for known in KNOWN_ERRORS):
            self.errors.append(str(error))

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(f"{message.type}: {message.text}")

    def _hear_request(self, asked: Request | WebSocket) -> None:
        if lies_beyond(asked.url):
            self.refused.append(asked.url)

    def open(self, path: Path | None = None) -> None:
        """Open a copy of the notebook ``path``, or a new one, and wait for its kernel."""
        self.folder.mkdir(exist_ok=True)
        target = self.folder / (path.name if path else "new.ipynb")
        if path is None:
            target.write_text(json.dumps(NEW_NOTEBOOK))
        else:
            shutil.copy(path, target)
        self._served = f"{self.folder.name}/{target.name}"
        if self._lab:
            self._show()
            return
        self.page.goto(f"{self.url}/notebooks/{self._served}")
        self.page.wait_for_function(APP_READY)
        self._follow()

    def _show(self) -> None:
        self.page.evaluate(OPEN, self._served)
        self._follow()

    def _follow(self) -> None:
        self.page.wait_for_function(KERNEL_READY_FOR, arg=self._served)
        self.page.evaluate(WATCH)
        self._opened = True

    def reload(self, *, laid_out: bool = True) -> None:
        """Load JupyterLab again, ``laid_out`` as it was or empty, and show this notebook.

        By an address that names no notebook: one that is named is opened by and by, over what is in
        front by then, and once more where it has been closed meanwhile.
        """
        self.page.goto(f"{self.url}/lab" if laid_out else f"{self.url}/lab?reset")
        wait_for_lab(self.page)
        self._show()

    def wait_until_laid_out(self, side: str, panel: str) -> None:
        """Wait until JupyterLab would open with a panel in front on a side, and a model chosen."""
        self.page.evaluate(LAID_OUT, [side, panel, f"hsjupyter:chosen:{self._served}"])

    def close(self) -> None:
        """Shut the kernel down and take the notebook off the screen."""
        self.page.remove_listener("pageerror", self._hear_error)
        self.page.remove_listener("console", self._hear_console)
        self.page.remove_listener("request", self._hear_request)
        self.page.remove_listener("websocket", self._hear_request)
        if self._opened and self.page.evaluate(HAS_DIED):
            # Lab asks what to do, in front of everything: the next test gets a page without that.
            open_lab(self.page, self.url)
        elif self._opened and self._lab:
            self.page.evaluate(CLOSE, self._served)
            self.page.wait_for_function(NOT_EMPTY)  # the launcher is there
        elif self._opened:
            self.page.evaluate(SHUT_DOWN)
        self._opened = False

    def run_all(self) -> str:
        """Run every cell; return what they printed and returned, an error raises here."""
        self.page.wait_for_function(KERNEL_READY)
        return text_of(self.page.evaluate(RUN_ALL))

    def cell(self, code: str) -> str:
        """Append a cell and run it, so that its output is on the screen; return its text."""
        if not self._opened:
            self.open()
        return text_of(self.page.evaluate(CELL, textwrap.dedent(code).strip()))

    def run(self, code: str) -> str:
        """Evaluate in the kernel, behind the notebook's back; return what it printed or gave."""
        if not self._opened:
            self.open()
        return text_of(self.page.evaluate(ASK, textwrap.dedent(code).strip()))

    def wait_until(self, condition: str, seconds: float = 10.0) -> None:
        """Ask the kernel again and again until the Python expression ``condition`` is true.

        Raises
        ------
        AssertionError
            When it is still false after ``seconds``.
        """
        deadline = time.monotonic() + seconds
        while (answer := self.run(f"print(bool({condition}))")) != "True":
            if time.monotonic() > deadline:
                message = f"after {seconds:g} s the kernel still says {answer} to: {condition}"
                raise AssertionError(message)

    def use_theme(self, theme: str) -> None:
        """Change to "JupyterLab Light" or "JupyterLab Dark"."""
        self.page.evaluate(THEME, theme)
        self.page.wait_for_function(NO_SPLASH)

    def screenshot(self, name: str) -> Path:
        """Write ``name``.png for eyes, into $HSJUPYTER_SHOTS or the test's own folder."""
        folder = Path(os.environ.get("HSJUPYTER_SHOTS") or self._shots)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name}.png"
        self.page.screenshot(path=target)
        return target
