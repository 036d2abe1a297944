"""The whole layout of a dashboard, for notebooks and for Voila: data, plot, sliders, downloads."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from threading import Timer
from typing import Any

import ipywidgets
import numpy as np

from hsjupyter.core.component import Component
from hsjupyter.core.errors import HSJupyterError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.signal import BaseSignal
from hsjupyter.gui.desk import OF_IMAGES, SUFFIXES, Desk
from hsjupyter.gui.drawn import draw, is_of_images
from hsjupyter.gui.host import Host
from hsjupyter.gui.plain import Refused, explain_plainly, label_of, verdicts_of
from hsjupyter.gui.records import DeskRecord, PageRecord, RowRecord, VerdictRecord
from hsjupyter.gui.report import report
from hsjupyter.gui.settings import Settings
from hsjupyter.gui.table import Table
from hsjupyter.gui.work import OVER, work_of
from hsjupyter.storage.export import save_parameters
from hsjupyter.storage.recipes import Recipe, model_for

log = logging.getLogger(__name__)

ALLOWED = frozenset({"set", "reset", "pixel", "map", "fit", "multifit", "cancel", "undo", "redo"})
"""What a visitor may ask of the model; the rest edits its structure."""
LOOKS = frozenset({"look", "hide"})
"""What a visitor may ask of the plot."""

FIELDS = {"slider": frozenset({"value"}), "free": frozenset({"value", "free"})}


class Dashboard:
    """A page for people who do not program.

    Parameters
    ----------
    model : BaseModel
        Of spectra or images; shown with its own data until others are chosen.
    recipe : Recipe
    settings : Settings
        Limits, and the folder of data to choose from.
    """

    def __init__(self, model: BaseModel, recipe: Recipe, settings: Settings) -> None:
        self._origin, self.recipe, self._settings = model, recipe, settings
        self._folder = Path(settings.data) if settings.data else None
        self._name = str(model.signal.metadata.get_item("General.title", "")) or "the first data"
        self.head, self.foot = (
            Desk(part, self._record(part), self.take, self.make, self._folder)
            for part in ("head", "foot")
        )
        self.box = ipywidgets.VBox(layout={"width": "100%"})
        self.box.add_class("hsj-page")
        self.model: Any = None
        self._late = False
        self._show(model)

    # -- data --------------------------------------------------------------------------------------

    def _record(self, part: str) -> DeskRecord:
        files = [] if self._folder is None else self._folder.iterdir()
        suffixes = OF_IMAGES if is_of_images(self._origin) else SUFFIXES
        return DeskRecord(
            title=self.recipe.title if part == "head" else "",
            text=self.recipe.text.split("\n\n") if part == "head" and self.recipe.text else [],
            files=sorted(f.name for f in files if f.is_file() and f.suffix.lower() in suffixes),
            data=self._name,
            limit=int(self._settings.upload_mb * 2**20),
            suffixes=list(suffixes),
        )

    def take(self, signal: BaseSignal, name: str) -> None:
        """Show other data.

        Parameters
        ----------
        signal : BaseSignal
        name : str
            Of their file.

        Raises
        ------
        DataError
            The recipe's model cannot describe them.
        """
        made = model_for(self._origin, signal)
        before = self._name
        self._name = name
        try:
            self._show(made)
        except Exception:
            self._name = before
            raise
        for desk, part in ((self.head, "head"), (self.foot, "foot")):
            desk.desk = self._record(part)

    def warm(self) -> None:
        """Fit once, apart, so that all is compiled before a visitor comes."""
        made = model_for(self._origin, self._origin.signal)
        shape = made.maps.chisq.shape
        elsewhere = np.ones(shape, dtype=bool)
        elsewhere[(0,) * len(shape)] = False
        try:
            made.fit()
            made.multifit(mask=elsewhere, workers=1, show_progressbar=False)
        except HSJupyterError as why:
            log.info("the recipe could not be fitted as it is: %s", why)

    def _show(self, model: Any) -> None:
        if self.model is not None and work_of(self.model).busy == "multifit":
            work_of(self.model).cancel()
        self._late = False
        plot = draw(model)
        plot.show(lines=True, residual=False)
        plot.may_move = self._may_move
        plot.adjust(tuple(filter(self._has_handle, model)), fix=False, labels=True)
        controls = Host(model, "recipe", page=self._page(model))
        for host in (plot.host, controls):
            host.rules, host.explain = self._check, explain_plainly
        controls.sent = lambda columns: self._follow(controls, columns)
        work = work_of(model)
        work.options = {"workers": self._settings.workers, "show_progressbar": False}
        model.observe(self._on_run, "run")
        plot.box.layout = {"flex": "3 1 380px", "min_width": "0"}
        controls.layout = {"flex": "2 1 300px", "min_width": "0"}
        columns = ipywidgets.HBox(
            [plot.box, controls], layout={"flex_flow": "row wrap", "width": "100%"}
        )
        columns.add_class("hsj-columns")
        old, before = self.box.children[1:2], self.model
        self.model, self.plot, self.controls = model, plot, controls
        self.box.children = (self.head, columns, self.foot)
        if before is not None:
            before.unobserve(self._on_run, "run")
        for row in old:
            for part in row.children:
                part.close()
            row.close()

    # -- what a visitor sees and may do ------------------------------------------------------------

    def _page(self, model: Any) -> PageRecord:
        rows, slot = [], 0
        for component in model:
            for parameter in component.parameters:
                touch = self.recipe.touch.get(str(parameter), "locked")
                for name in parameter.slot_names:
                    label = self.recipe.labels.get(str(parameter), parameter.name)
                    several = parameter.size > 1
                    rows.append(
                        RowRecord(
                            slot=slot,
                            label=f"{label} {name}" if several else label,
                            group=component.name,
                            doc=parameter.doc,
                            units=self.recipe.units.get(str(parameter), parameter.units),
                            touch=touch if component.active else "locked",
                        )
                    )
                    slot += 1
        verdicts = verdicts_of(model, self.recipe.labels)
        if self._late:
            seconds = self._settings.run_seconds
            text = f"The fit of the map was ended: here it may take {seconds:g} seconds at most."
            verdicts.append(VerdictRecord(level="poor", text=text))
        return PageRecord(rows=rows, verdicts=verdicts)

    def _may_move(self, parameter: Parameter) -> bool:
        """Whether a visitor may change it: a handle that is refused is none."""
        return self.recipe.touch.get(str(parameter)) in FIELDS

    def _has_handle(self, component: Component) -> bool:
        named = component.position
        places = {named} if isinstance(named, str) else set(named or ())
        found = [p for p in component.parameters if p.name in places]
        return bool(found) and len(found) == len(places) and all(map(self._may_move, found))

    def _follow(self, controls: Host, columns: set[str]) -> None:
        if {"quality", "values", "std", "free", "run", "pixel", "busy"} & columns:
            controls.page = self._page(self.model)

    def _check(self, table: Table, content: Any) -> None:
        """Refuse what the recipe does not leave to a visitor.

        Raises
        ------
        Refused
            In words for the visitor.
        """
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind not in ALLOWED | LOOKS:
            raise Refused("this page does not allow that")
        if kind in {"set", "reset"}:
            parameter, _ = table.place(content.get("slot"))
            allowed = FIELDS.get(self.recipe.touch.get(str(parameter), "locked"), frozenset())
            if content.get("field", "value") not in allowed:
                raise Refused(f"{label_of(parameter, self.recipe.labels)} is locked on this page")

    def _on_run(self, change: Any) -> None:
        """End a run that takes too long."""
        run = change["new"]
        self._late = False

        def stop() -> None:
            if run.state not in OVER:
                self._late = True
                run.cancel()

        timer = Timer(self._settings.run_seconds, stop)
        timer.daemon = True

        def end(state: Any) -> None:
            if state["new"] in OVER:
                timer.cancel()

        run.observe(end, "state")
        timer.start()

    # -- downloads ---------------------------------------------------------------------------------

    def make(self, what: str) -> tuple[str, str, bytes]:
        """A file to take home.

        Parameters
        ----------
        what : str
            "csv", "hspy" or "report".

        Returns
        -------
        name, type : str
            Of the file, and its media type.
        data : bytes

        Raises
        ------
        Refused
            There is no such file, or a fit is under way.
        """
        if what not in MADE:
            raise Refused("this page does not make such a file")
        if work_of(self.model).busy:
            raise Refused("a fit is running; wait for its end, or cancel it")
        name, form = MADE[what]
        with tempfile.TemporaryDirectory(prefix="hsjupyter-download-") as folder, self.model.lock:
            path = Path(folder) / name
            if what == "csv":
                save_parameters(self.model, path)
            elif what == "hspy":
                kept = dict(self.model.signal.stored_models)
                self.model.save(path, "fitted")
                self.model.signal.stored_models.clear()
                self.model.signal.stored_models.update(kept)
            else:
                path.write_text(report(self.model, self.recipe, self._name), encoding="utf-8")
            return name, form, path.read_bytes()

    def close(self) -> None:
        """Close all its widgets."""
        for part in (self.plot.host, self.controls, self.head, self.foot, self.box):
            part.close()


MADE = {
    "csv": ("parameters.csv", "text/csv"),
    "hspy": ("fitted.hspy", "application/octet-stream"),
    "report": ("report.html", "text/html"),
}
