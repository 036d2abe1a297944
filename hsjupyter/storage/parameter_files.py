"""The maps of all parameters in one ``.npz`` file, and back."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter.core.errors import FileFormatError, MissingFileError
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.storage.limits import available_memory
from hsjupyter.storage.replace import replacing

SUFFIX = ".npz"


def _keys(model: BaseModel) -> dict[str, Parameter]:
    return {f"{i}_{c.name}.{p.name}": p for i, c in enumerate(model) for p in c.parameters}


def _kind_of_map(parameter: Parameter) -> np.dtype[Any]:
    sub = (parameter.size,) if isinstance(parameter.value, tuple) else ()
    return np.dtype([("values", "<f8", sub), ("std", "<f8", sub), ("is_set", "?")])


def write_parameters_file(model: BaseModel, filename: str | Path) -> Path:
    """Write the maps of a model; see `StoreVerbs.save_parameters2file`."""
    path = Path(filename)
    path = path if path.suffix else path.with_name(path.name + SUFFIX)
    arrays: dict[str, Any] = {}
    for key, parameter in _keys(model).items():
        array = np.empty(model.maps.shape, _kind_of_map(parameter))
        place = model.maps.slot(parameter)
        for name in ("values", "std"):
            stored = getattr(model.maps, name)[..., place]
            array[name] = stored if array[name].ndim == stored.ndim else stored[..., 0]
        array["is_set"] = model.maps.is_set[..., place].all(axis=-1)
        arrays[key] = array
    with replacing(path, overwrite=True) as beside, beside.open("r+b") as file:
        np.savez_compressed(file, **arrays)
    return path


def read_parameters(model: BaseModel, filename: str | Path) -> None:
    """Fill the maps of a model; see `StoreVerbs.load_parameters_from_file`."""
    path = Path(filename)
    path = path if path.suffix or path.exists() else path.with_name(path.name + SUFFIX)
    if not path.exists():
        raise MissingFileError(f"{path} is not there; check the name, and the folder it is in")
    arrays = _arrays(path, _keys(model))
    with model.lock:
        for key, parameter in _keys(model).items():
            array = arrays[key]
            expected = _kind_of_map(parameter)
            if array.shape != model.maps.shape or array.dtype != expected:
                raise FileFormatError(
                    f"{path}: {key} is a map of {array.shape} with {array.dtype}, and the model's "
                    f"is of {model.maps.shape} with {expected}; give the file of a model of the "
                    "same signal"
                )
        for key, parameter in _keys(model).items():
            place, array = model.maps.slot(parameter), arrays[key]
            for name in ("values", "std"):
                size = (*model.maps.shape, parameter.size)
                getattr(model.maps, name)[..., place] = array[name].reshape(size)
            model.maps.is_set[..., place] = array["is_set"][..., None]
        model.stored += 1
        model.load()


def _arrays(path: Path, wanted: dict[str, Parameter]) -> dict[str, Any]:
    """The arrays of a file, none of them an object.

    Raises
    ------
    FileFormatError
        It is damaged, holds others, or asks for more than there is memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            wants = sum(member.file_size for member in archive.infolist())
        strange, arrays = _read(path, wanted) if wants < available_memory() else ([], {})
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, RuntimeError) as why:
        raise FileFormatError(
            f"{path} cannot be read as a .npz file ({type(why).__name__}: {str(why)[:200]}); give "
            "one that save_parameters2file wrote, or take another copy"
        ) from why
    if not arrays and wants:
        told = (
            f"is of a model with other components: {', '.join(strange[:6])} stands in one of them "
            "only; make the model as it was when the file was written"
            if strange
            else f"asks for {wants / 2**30:.1f} GiB, more than is free; close other programs"
        )
        raise FileFormatError(f"{path} {told}")
    return arrays


def _read(path: Path, wanted: dict[str, Parameter]) -> tuple[list[str], dict[str, Any]]:
    """Names that stand in the file or in the model only; the arrays where there are none."""
    with np.load(path, allow_pickle=False) as file:
        strange = sorted(set(wanted) ^ set(file.files))
        return strange, {} if strange else {key: file[key] for key in wanted}
