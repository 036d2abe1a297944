"""A model as bytes, and back: those of a .hspy file, which is read with all its checks."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from hsjupyter.core.model import BaseModel
from hsjupyter.core.registry import model_class
from hsjupyter.core.signal import BaseSignal
from hsjupyter.storage.hspy import read
from hsjupyter.storage.hspy_writer import write
from hsjupyter.storage.model_reader import record_from_tree
from hsjupyter.storage.model_trees import tree_of_model
from hsjupyter.storage.records import fill_model, record_of_model

ONE, ALL = "one", "all"
"""Names of a model of one pixel, and of one that keeps which components count at which pixel."""


def bytes_of_model(model: BaseModel) -> bytes:
    """What makes the model again, without the stored values of its pixels.

    Which components count at which pixel is kept where that differs from pixel to pixel.
    """
    by_pixel = any(component.active_is_multidimensional for component in model)
    n = len(model.maps.shape)
    record = record_of_model(model, None if by_pixel else (0,) * n)
    if not by_pixel:
        maps = {name: array[(0,) * (n - 1)] for name, array in record["maps"].items()}
        record["maps"] = maps
    kind = str(model.signal.metadata.get_item("Signal.signal_type", ""))
    kept = {"date": datetime.now(UTC).isoformat(), "dimensions": "", "model": record}
    axis = {"size": 2, "navigate": False, "scale": 1.0, "offset": 0.0, "name": "", "units": ""}
    models = {ALL if by_pixel else ONE: tree_of_model(kept, kind)[0]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.hspy"
        write(path, {"data": np.zeros(2), "axes": [axis], "models": models})
        return path.read_bytes()


def model_from_bytes(raw: bytes, signal: BaseSignal) -> Any:
    """The model of these bytes, of a signal.

    Raises
    ------
    FileFormatError
        They are no model.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.hspy"
        path.write_bytes(raw)
        ((name, tree),) = read(path)[0].get("models", {"": {}}).items()
    manager = signal.axes_manager
    kind = signal.metadata.get_item("Signal.signal_type", "")
    new = model_class(manager.signal_dimension, kind)(signal)
    n = manager.navigation_dimension
    like = signal.inav[(0,) * n] if n and name == ONE else signal
    record = record_from_tree(tree, like, "the model of the run")
    if name == ONE:
        shape, slots = manager.map_shape, record["maps"]["values"].shape[-1]
        record["maps"] = {
            "values": np.full((*shape, slots), np.nan),
            "std": np.full((*shape, slots), np.nan),
            "is_set": np.zeros((*shape, slots), dtype=bool),
            "active": np.ones((*shape, len(record["components"])), dtype=bool),
            "chisq": np.full(shape, np.nan),
            "dof": np.full(shape, np.nan),
        }
    return fill_model(new, record)
