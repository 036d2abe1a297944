"""Parameter maps as tables of pandas and data sets of xarray, where these are installed."""

from typing import Any

from numpy.typing import NDArray

from hsjupyter.core.axes import Axis
from hsjupyter.core.errors import LibraryMissing
from hsjupyter.core.maps import MapView
from hsjupyter.core.model import BaseModel
from hsjupyter.fitting.quality import reduced_chisq

Columns = dict[str, tuple[NDArray[Any], str]]


def dataframe_of(model: BaseModel) -> Any:
    """The stored values of all parameters as a pandas DataFrame, one row a pixel.

    Raises
    ------
    LibraryMissing
        pandas is not installed.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as missing:
        raise _missing("pandas", "m.to_csv(path) needs no library") from missing
    columns = columns_of(model, " std")
    axes = navigation_of(model)
    index = (
        pd.MultiIndex.from_product([axis.axis for axis in axes], names=_labels(axes))
        if axes
        else pd.RangeIndex(1, name="pixel")
    )
    flat = {name: values.ravel() for name, (values, _) in columns.items()}
    frame = pd.DataFrame(flat, index=index)
    frame.attrs["units"] = {name: units for name, (_, units) in columns.items() if units}
    return frame


def dataset_of(model: BaseModel) -> Any:
    """The stored values of all parameters as an xarray Dataset over the navigation axes.

    Raises
    ------
    LibraryMissing
        xarray is not installed.
    """
    try:
        import xarray as xr
    except ModuleNotFoundError as missing:
        raise _missing("xarray", "m.to_dataframe() needs pandas only") from missing
    axes = navigation_of(model)
    names = _labels(axes)
    places = {
        name: (name, axis.axis, {"units": axis.units})
        for name, axis in zip(names, axes, strict=True)
    }
    variables = {
        name: (names, values.reshape([axis.size for axis in axes]), {"units": units})
        for name, (values, units) in columns_of(model, "_std").items()
    }
    return xr.Dataset(variables, coords=places)


def columns_of(model: BaseModel, std: str) -> Columns:
    """One map, (nav...), for every number and its error, and for chi squared; with units.

    Parameters
    ----------
    model : BaseModel
    std : str
        Ends the name of an error.
    """
    found: Columns = {}
    for parameter in model.parameters:
        view = MapView(model.maps, parameter)
        vector = isinstance(parameter.value, tuple)
        for element, number in enumerate(parameter.slot_names):
            name = f"{parameter}.{number}" if vector else str(parameter)
            place = (..., element) if vector else ...
            found[name] = view["values"][place], parameter.units
            found[name + std] = view["std"][place], parameter.units
    maps, n = model.maps, int(model.channel_switches.sum())
    found["chisq"] = maps.chisq, ""
    found["red_chisq"] = reduced_chisq(maps.chisq, n, maps.dof), ""
    found["dof"] = maps.dof, ""
    return found


def navigation_of(model: BaseModel) -> list[Axis]:
    """The navigation axes, array order."""
    return [axis for axis in model.axes_manager._axes if axis.navigate]


def _labels(axes: list[Axis]) -> list[str]:
    """Their names, array order; those without one are counted, the fastest first."""
    names = [axis.name or f"axis {number}" for number, axis in enumerate(axes[::-1])]
    return names[::-1]


def _missing(name: str, instead: str) -> LibraryMissing:
    return LibraryMissing(
        f"there is no {name} here, and this makes one of its tables; install it with: "
        f"pip install 'hsjupyter[tables]'; or take another way: {instead}"
    )
