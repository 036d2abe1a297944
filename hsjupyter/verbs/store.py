"""Keep models in their signal, and in files."""

from pathlib import Path
from typing import Any

from hsjupyter.core.model import BaseModel
from hsjupyter.storage.models import ModelManager
from hsjupyter.storage.parameter_files import read_parameters, write_parameters_file
from hsjupyter.storage.recipes import make_recipe, write_recipe
from hsjupyter.storage.signals import save


class StoreVerbs(BaseModel):
    """Keep a frozen copy of the model, or the numbers of its parameters."""

    def store(self, name: str | None = None) -> None:
        """Keep a frozen copy in ``signal.models``.

        Parameters
        ----------
        name : str, optional
            The next of a, b, ..., z, aa, ab, ... where not given.
        """
        ModelManager(self.signal).store(self, name)

    def save(self, file_name: str | Path, name: str | None = None, **kwargs: Any) -> Path:
        """Store the model and write its signal, with all its stored models, to a file.

        Parameters
        ----------
        file_name : str or Path
            ``.hspy`` is added where there is no suffix.
        name : str, optional
            As of `store`.
        **kwargs
            ``overwrite=True`` replaces a file of that name; ``extension`` is its format.

        Returns
        -------
        Path
            The file written. Where it could not be written, the model is not stored either.
        """
        kept, path = dict(self.signal.stored_models), None
        self.store(name)
        try:
            path = save(self.signal, file_name, **kwargs)
        finally:
            if path is None:
                self.signal.stored_models = kept
        return path

    def save_recipe(
        self, file_name: str | Path, *, overwrite: bool = False, **options: Any
    ) -> Path:
        """Write the model with its data as a recipe, for ``hsjupyter dashboard``.

        Parameters
        ----------
        file_name : str or Path
            ``.hspy`` is added where there is no suffix.
        overwrite : bool
            Whether a file of that name may be replaced.
        **options
            ``title`` and ``text`` of the page; ``touch``, which says of components or
            ``"component.parameter"`` whether a visitor finds it ``"locked"``, may move it
            (``"slider"``), or may also keep a fit from changing it (``"free"``); ``labels`` and
            ``units``, what parameters are called there.

        Returns
        -------
        Path
            The file written.
        """
        return write_recipe(self, make_recipe(self, **options), file_name, overwrite=overwrite)

    def save_parameters2file(self, filename: str | Path) -> Path:
        """Write values, errors and states of all parameters at all pixels to a ``.npz`` file.

        Parameters
        ----------
        filename : str or Path
            ``.npz`` is added where there is no suffix; a file of that name is replaced.

        Returns
        -------
        Path
            The file written. Its keys are ``"<i>_<component>.<parameter>"``.
        """
        return write_parameters_file(self, filename)

    def load_parameters_from_file(self, filename: str | Path) -> None:
        """Take the numbers of all parameters from a file that `save_parameters2file` wrote.

        Raises
        ------
        MissingFileError
            No such file.
        FileFormatError
            It is damaged, or of a model with other components or another map.
        """
        read_parameters(self, filename)
