"""The gui and the plot of a model in a notebook, as a person finds their controls."""

import json
import re

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator

from tests.e2e.notebook import Notebook
from tests.e2e.pointing import box_of, middle_of

GUI = ".hsj-root:has(.hsj-kind-model)"
PLOT = ".hsj-root:has(.hsj-kind-plot)"


class Gui:
    """The page, with the controls that a person would look for."""

    def __init__(self, lab: Notebook) -> None:
        self.lab, self.page = lab, lab.page

    def control(self, label: str, where: str = GUI) -> Locator:
        """A control by its whole label."""
        return self.page.locator(f'{where} [aria-label="{label}"]')

    def press(self, text: str, where: str = GUI) -> None:
        """Press a button by what stands on it."""
        button = self.page.locator(f"{where} button", has_text=re.compile(f"^{re.escape(text)}$"))
        self.click(button)

    def click(self, of: Locator) -> None:
        """Click it once it stands still: what comes into sight above may move it."""
        box_of(of)
        of.click()

    def drag(self, of: Locator, right: float, down: float = 0.0) -> None:
        """Take it by the mouse."""
        x, y = middle_of(of)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=4)
        self.page.mouse.up()

    def until(self, condition: str) -> None:
        """Wait for the kernel, which may have others beside it."""
        self.lab.wait_until(condition, seconds=60.0)

    def handle(self, name: str) -> Locator:
        """The point that moves a component."""
        return self.page.locator(f'.hsj-hand[aria-label="{name} position"]')

    def type_into(self, label: str, text: str, where: str = GUI) -> Locator:
        """Type into a field, and press Enter."""
        field = self.control(label, where)
        field.fill(text)
        field.press("Enter")
        return field

    def number(self, expression: str) -> float:
        """What the kernel says a number is."""
        return float(self.lab.run(f"print(repr(float({expression})))"))

    def numbers(self, expression: str) -> NDArray[np.float64]:
        """What the kernel says numbers are."""
        text = self.lab.run(f"import json; print(json.dumps(np.ravel({expression}).tolist()))")
        return np.array(json.loads(text), dtype=np.float64)
