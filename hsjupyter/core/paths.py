"""Names of files that are not there yet."""

import re
from itertools import count
from pathlib import Path


def free_path(
    folder: str | Path | None, name: str, suffix: str, endings: tuple[str, ...] = ("",)
) -> Path:
    """A path of that name, or numbered, so that nothing is replaced.

    Parameters
    ----------
    folder : path-like or None
        The current one where None.
    name : str
        What a file name cannot hold becomes an underscore.
    suffix : str
        With or without its dot.
    endings : tuple of str
        Files that are written together: with none of these at the end of its stem may there be
        one.

    Returns
    -------
    Path
        ``name.suffix``, or ``name-1.suffix`` and so on.
    """
    where = Path() if folder is None else Path(folder)
    stem = re.sub(r"[^\w.-]", "_", name)
    ending = "." + suffix.lstrip(".")
    for number in count():
        tried = f"{stem}-{number}" if number else stem
        if not any((where / f"{tried}{end}{ending}").exists() for end in endings):
            break
    return where / f"{tried}{ending}"
