"""Components of other packages, found by their entry points."""

import warnings
from functools import cache

from hsjupyter.core.errors import HSJupyterWarning

GROUP = "hsjupyter.components"


@cache
def load_plugins() -> None:
    """Import what installed packages announce as components, once; each class registers itself.

    Warns
    -----
    HSJupyterWarning
        A package that cannot be imported; the others are not concerned.
    """
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            entry.load()
        except Exception as why:  # noqa: BLE001 - another package's import may raise anything
            package = "" if entry.dist is None else f" of the package {entry.dist.name}"
            warnings.warn(
                f"the component {entry.name!r}{package} is left out, because {entry.value} cannot "
                f"be imported: {type(why).__name__}: {why}; mend or remove that package",
                HSJupyterWarning,
                stacklevel=2,
            )
