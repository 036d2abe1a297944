"""A dashboard in its kernel: a visitor's, within the limits of the server, or a notebook's."""

from __future__ import annotations

import html
import os
from pathlib import Path

from IPython.display import HTML, display

from hsjupyter.core.model import BaseModel
from hsjupyter.gui.dashboard import Dashboard
from hsjupyter.gui.plain import explain_plainly
from hsjupyter.gui.settings import WARM, is_served, keep_log, limit_memory, settings_here
from hsjupyter.storage.recipes import Recipe, read_recipe

ALERT = """<p role="alert" style="max-width: 46rem; margin: 4rem auto; padding: 4px 12px;
border-left: 3px solid var(--jp-error-color1, #b71c1c);">{}</p>"""


def make_page(model: BaseModel, recipe: Recipe) -> Dashboard:
    """The page of a recipe, which keeps to the limits of the server where there is one.

    Parameters
    ----------
    model : BaseModel
    recipe : Recipe
    """
    settings = settings_here()
    page = Dashboard(model, recipe, settings)
    if is_served():
        keep_log(settings)
        if os.environ.get(WARM) == "True":
            page.warm()
        limit_memory(settings)
    return page


def show_recipe() -> None:
    """Show the page of the recipe that this server serves: the one cell that a visitor runs."""
    settings = settings_here()
    keep_log(settings)
    try:
        page = make_page(*read_recipe(Path(settings.recipe)))
    except Exception as error:  # noqa: BLE001 - a visitor is told, whatever it is
        hidden = {settings.recipe: "The recipe", settings.data: "the folder of data"}
        words = explain_plainly(error, {path: name for path, name in hidden.items() if path})
        display(HTML(ALERT.format(html.escape(f"This page cannot be shown. {words}"))))
        return
    display(page.box)
