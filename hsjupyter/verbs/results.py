"""What a person takes away: tables, files and plots of all parameters."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.statistics import statistics_table
from hsjupyter.core.table import show
from hsjupyter.storage.export import save_parameters
from hsjupyter.storage.frames import dataframe_of, dataset_of
from hsjupyter.storage.records import record_of_model

Which = Iterable[Component | str | int] | None


class ResultVerbs(BaseModel):
    """Export, plot and sum up the stored values of all pixels."""

    def export_results(
        self,
        folder: str | Path | None = None,
        format: str = "hspy",  # noqa: A002 - HyperSpy's word
        save_std: bool = False,
        only_free: bool = True,
        only_active: bool = True,
    ) -> list[Path]:
        """Write the map of every parameter to a file of its own; none is ever replaced.

        Parameters
        ----------
        folder : path-like, optional
            The current one where not given.
        format : str
            The suffix of the files.
        save_std : bool
            Write the errors as well, to files that end with ``_std``.
        only_free : bool
            Leave out what a fit may not change.
        only_active : bool
            Leave out components that are switched off.

        Returns
        -------
        list of Path
            The files written.
        """
        chosen = _chosen(self, only_free=only_free, only_active=only_active)
        written = [p.export(folder, format=format, save_std=save_std) for p in chosen]
        return [path for paths in written for path in paths]

    def plot_results(self, only_free: bool = True, only_active: bool = True) -> list[Any]:
        """Plot the map of every parameter; arguments as `export_results`."""
        return [p.plot() for p in _chosen(self, only_free=only_free, only_active=only_active)]

    def print_model_statistics(
        self,
        thresholds: Mapping[str, Mapping[str, float | str]] | None = None,
        component_list: Which = None,
    ) -> None:
        """Print mean, standard deviation, minimum and maximum of the map of every parameter.

        Parameters
        ----------
        thresholds : dict of str to dict, optional
            By parameter name, ``min`` and ``max``: values beyond are left out. A number, or a
            text such as ``'5th'`` for the lowest, or of ``max`` the highest, five per cent.
        component_list : list of Component, str or int, optional
            All components where not given.

        Raises
        ------
        UnknownNameError
            A threshold of no parameter.
        ParameterError
            A threshold that is neither.
        """
        chosen = list(self) if component_list is None else [self[c] for c in component_list]
        parameters = [p for c in chosen for p in c.parameters]
        show(statistics_table(repr(self), parameters, thresholds or {}))

    def as_dictionary(self, fullcopy: bool = True) -> dict[str, Any]:
        """Everything that makes the model again, as plain values.

        Parameters
        ----------
        fullcopy : bool
            Accepted so that scripts run; it is always a copy.

        Returns
        -------
        dict
            For ``signal.create_model(dictionary=...)``.
        """
        del fullcopy
        return record_of_model(self)

    def to_dataframe(self) -> Any:
        """The stored values of all parameters as a pandas DataFrame, one row a pixel.

        Returns
        -------
        pandas.DataFrame
            Indexed by the calibrated place; columns ``Gaussian.A`` and ``Gaussian.A std``, then
            ``chisq``, ``red_chisq`` and ``dof``; units in ``attrs["units"]``.

        Raises
        ------
        LibraryMissing
            pandas is not installed.
        """
        return dataframe_of(self)

    def to_xarray(self) -> Any:
        """The stored values of all parameters as an xarray Dataset.

        Returns
        -------
        xarray.Dataset
            A variable for each parameter, and for its ``_std``, over the navigation axes; units
            in their attributes.

        Raises
        ------
        LibraryMissing
            xarray is not installed.
        """
        return dataset_of(self)

    def to_csv(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the stored values of all parameters, with errors and units, as CSV.

        Parameters
        ----------
        path : path-like
            ``.csv`` is added where there is no suffix.
        overwrite : bool
            Replace a file of that name.

        Returns
        -------
        Path
            The file written.
        """
        return save_parameters(self, path, overwrite=overwrite)


def _chosen(model: BaseModel, *, only_free: bool, only_active: bool) -> list[Parameter]:
    return [
        p
        for c in model
        if c.active or c.active_is_multidimensional or not only_active
        for p in (c.free_parameters if only_free else c.parameters)
    ]
