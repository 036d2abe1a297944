"""A time in which views do not follow a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from hsjupyter.core.model import BaseModel


class Suspension:
    """Begins when it is made; ends with its ``with`` block, or by ``model.resume_update()``.

    Parameters
    ----------
    model : BaseModel
    update_on_resume : bool
        Views are asked to draw when it ends.
    """

    def __init__(self, model: BaseModel, update_on_resume: bool) -> None:
        self._model, self._update = model, update_on_resume
        model.suspended += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        model: Any = self._model
        model.resume_update(self._update)
