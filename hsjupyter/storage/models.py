"""The models kept in a signal: ``s.models``."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from itertools import count, product
from string import ascii_lowercase
from typing import Any
from warnings import warn

from hsjupyter.core.errors import (
    FileFormatError,
    FormulaError,
    HSJupyterError,
    HSJupyterWarning,
    ModelError,
    TwinError,
    UnknownNameError,
    unknown_name,
)
from hsjupyter.core.model import BaseModel
from hsjupyter.core.registry import MODELS, model_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.storage.model_reader import component_names, record_from_tree
from hsjupyter.storage.records import fill_model, record_of_model

# What a branch that is not what it should be may raise on its way.
DAMAGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError)


class ModelManager:
    """Frozen copies of models, by name; prints as a tree.

    Parameters
    ----------
    signal : BaseSignal
        Whose models they are; it holds the records.
    """

    def __init__(self, signal: BaseSignal) -> None:
        self._signal = signal
        reachable = (name for name in signal.stored_models if not hasattr(type(self), name))
        self.__dict__.update({name: StoredModel(self, name) for name in reachable})

    def store(self, model: BaseModel, name: str | None = None) -> None:
        """Keep a frozen copy of a model.

        Parameters
        ----------
        model : BaseModel
            A model of this signal.
        name : str, optional
            Letters, digits and underscores, not beginning with an underscore; anything else
            becomes an underscore. The next of a, b, ..., z, aa, ab, ... where not given. A model
            of that name is replaced.

        Raises
        ------
        ModelError
            The model is of another signal, or the name cannot be.
        """
        if model.signal is not self._signal:
            raise ModelError(f"{model!r} is not a model of {self._signal!r}; store it in its own")
        kept = self._signal.stored_models
        chosen = next(n for n in _names() if n not in kept) if name is None else _checked(name)
        kept[chosen] = {
            "date": datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            "dimensions": self._signal.axes_manager.dimensions,
            "model": record_of_model(model),
        }

    def _record(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = self._signal.stored_models[self._kept_name(name)]
        return record

    def _kept_name(self, name: str) -> str:
        """The name by which it is kept: ``"two lines"`` was stored as ``two_lines``."""
        kept = self._signal.stored_models
        for known in (name, _plain(name)):
            if known in kept:
                return known
        raise unknown_name(f"{self._signal!r}.models", name, kept)

    def restore(self, name: str) -> Any:
        """The stored model, made again; a copy of its own.

        Warns where something of a file's model cannot be taken over.

        Raises
        ------
        UnknownNameError
            No model of that name is stored.
        FileFormatError
            The model came from a file, and is damaged beyond reading.
        ModelError
            The signal is neither of spectra nor of images.
        """
        record = self._record(name)
        signal = self._signal
        dimension = signal.axes_manager.signal_dimension
        if dimension not in MODELS:
            raise ModelError(
                f"{signal!r}.models.{name}: the signal has {dimension} signal axes, and a model is "
                "of spectra or images; take s.as_signal1D(axis) or s.as_signal2D(axes)"
            )
        new = model_class(dimension, signal.metadata.get_item("Signal.signal_type", ""))
        if "tree" not in record:
            return fill_model(new(signal), record["model"])
        try:
            return self._restore_tree(name, record["tree"], new)
        except DAMAGE as why:
            if isinstance(why, HSJupyterError):
                raise
            raise FileFormatError(
                f"the model {name} of {signal!r} is damaged ({type(why).__name__}: {why}); take "
                "another copy of its file"
            ) from why

    def _restore_tree(self, name: str, tree: dict[str, Any], new: Callable[..., Any]) -> Any:
        signal = self._signal
        plain = record_from_tree(tree, signal, f"the model {name}")
        try:
            return fill_model(new(signal), plain)
        except (TwinError, UnknownNameError, FormulaError) as why:
            warn(
                f"the model {name} is restored without its links between parameters, since one of "
                f"them cannot be ({why}); set twin and twin_function_expr again",
                HSJupyterWarning,
                stacklevel=3,
            )
            return fill_model(new(signal), {**plain, "links": []})

    def remove(self, name: str) -> None:
        """Forget a stored model."""
        del self._signal.stored_models[self._kept_name(name)]

    def pop(self, name: str) -> Any:
        """Restore a stored model and forget it."""
        model = self.restore(name)
        self.remove(name)
        return model

    def __getitem__(self, name: str) -> "StoredModel":
        return StoredModel(self, self._kept_name(name))

    def __len__(self) -> int:
        return len(self._signal.stored_models)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._signal.stored_models))

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        return "".join(self._branches())

    def component_names(self, name: str) -> list[str]:
        """The components of a stored model, in order."""
        record = self._record(name)
        if "tree" in record:
            return component_names(record["tree"])
        return [c["name"] for c in record["model"]["components"]]

    def _lines(self) -> Iterator[str]:
        names = list(self)
        for name in names:
            last = name == names[-1]
            yield f"{'└' if last else '├'}── {name}"
            beam = "    " if last else "│   "
            record = self._record(name)
            components = sorted(self.component_names(name))
            yield f"{beam}├── components"
            for component in components:
                corner = "└" if component == components[-1] else "├"
                yield f"{beam}│   {corner}── {component}"
            yield f"{beam}├── date = {record['date']}"
            yield f"{beam}└── dimensions = {record['dimensions']}"

    def _branches(self) -> Iterator[str]:
        """The same tree as nested lists that fold; texts of files are escaped."""
        if not len(self):
            yield "<p>no stored models</p>"
        for name in self:
            record = self._record(name)
            items = "".join(f"<li>{escape(c)}</li>" for c in self.component_names(name))
            yield (
                f"<details open><summary>{escape(name)}</summary><ul>"
                f"<li>components<ul>{items}</ul></li>"
                f"<li>date = {escape(record['date'])}</li>"
                f"<li>dimensions = {escape(record['dimensions'])}</li></ul></details>"
            )


class StoredModel:
    """One stored model: ``s.models.<name>``."""

    def __init__(self, manager: ModelManager, name: str) -> None:
        self._manager, self._name = manager, name

    def restore(self) -> Any:
        """The model, made again."""
        return self._manager.restore(self._name)

    def remove(self) -> None:
        """Forget it."""
        self._manager.remove(self._name)

    def pop(self) -> Any:
        """Restore it and forget it."""
        return self._manager.pop(self._name)

    def __repr__(self) -> str:
        return f"<stored model {self._name}>"


def _names() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "".join(letters)


def _checked(name: str) -> str:
    if not name or name.startswith("_") or "." in name:
        raise ModelError(
            f"the model name {name!r} came; a name without dots that does not begin with an "
            "underscore is wanted"
        )
    return _plain(name)


def _plain(name: str) -> str:
    return re.sub(r"\W|^(?=\d)", "_", name)
