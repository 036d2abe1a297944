"""What the kernel of a visitor runs: the one cell of a served recipe."""

from __future__ import annotations

import os
from pathlib import Path

from IPython.display import display

from hsjupyter.gui.dashboard import Dashboard
from hsjupyter.gui.settings import WARM, obey, settings_here
from hsjupyter.storage.recipes import read_recipe


def show_recipe() -> None:
    """Show the page of the recipe that this server serves, within its limits."""
    settings = settings_here()
    model, recipe = read_recipe(Path(settings.recipe))
    page = Dashboard(model, recipe, settings)
    if os.environ.get(WARM) == "True":
        page.warm()
    obey(settings)
    display(page.box)
