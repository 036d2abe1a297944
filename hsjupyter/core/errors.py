"""Every exception and warning raised on purpose.

A message has four parts: whose, what came, what was wanted, what to do now.
Each class derives from `HSJupyterError` and from the builtin a script would catch.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from hsjupyter.formula.errors import FormulaError

__all__ = [
    "AskedError",
    "AxisError",
    "BoundsError",
    "DataError",
    "EnginesLostError",
    "FileFormatError",
    "FitError",
    "FormulaError",
    "GuiMissing",
    "HSJupyterError",
    "HSJupyterWarning",
    "LibraryMissing",
    "MissingFileError",
    "ModelError",
    "ParameterError",
    "SaveError",
    "TargetExistsError",
    "TwinError",
    "UnknownNameError",
    "unknown_name",
]


class HSJupyterError(Exception):
    """Base of what hsjupyter raises on purpose (a `FormulaError` is a `ValueError` of its own)."""


class AxisError(HSJupyterError, ValueError):
    """An axis, or a place on one, that cannot be."""


class BoundsError(HSJupyterError, ValueError):
    """Bounds that contradict each other, or a value that they exclude."""


class DataError(HSJupyterError, ValueError):
    """Data or noise that cannot be fitted: NaN, infinite, of the wrong shape, none at all."""


class AskedError(DataError):
    """Something is not known, and a person was asked for it in a form."""

    def _render_traceback_(self) -> list[str]:
        # IPython shows this in place of a traceback, which nobody needs to fill in a form.
        return [f"{type(self).__name__}: {self}"]


class EnginesLostError(HSJupyterError, RuntimeError):
    """There is no engine left that could do what was begun."""


class FileFormatError(HSJupyterError, ValueError):
    """A file that is not what it says, is damaged, or asks for too much."""


class FitError(HSJupyterError, RuntimeError):
    """A fit that could not be done."""


class GuiMissing(HSJupyterError, ImportError):  # noqa: N818 - the name people know from the docs
    """The notebook parts are not installed."""


class LibraryMissing(HSJupyterError, ImportError):  # noqa: N818 - like GuiMissing
    """A library that is not needed otherwise is not installed."""


class MissingFileError(HSJupyterError, FileNotFoundError):
    """A file that is not there."""


class ModelError(HSJupyterError, ValueError):
    """A model that cannot be: duplicate names, no component, nothing free."""


class ParameterError(HSJupyterError, ValueError):
    """A parameter given something that is not a number of the right shape."""


class SaveError(HSJupyterError, OSError):
    """A file that cannot be written; what was there is unharmed."""


class TargetExistsError(SaveError, FileExistsError):
    """A file that is there already, and was not said to be replaced."""


class TwinError(HSJupyterError, ValueError, AttributeError):
    """A link between parameters that loops or cannot be followed."""


class UnknownNameError(HSJupyterError, ValueError):
    """A name that nothing here bears."""


class HSJupyterWarning(UserWarning):
    """What a person may want to change."""


def unknown_name(whose: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """The error for a wrong name: it lists the near ones, and the known ones where they are few.

    Parameters
    ----------
    whose : str
        What was asked, as the person knows it; begins the sentence.
    name : object
        The name that came.
    known : iterable of str
        The names that would have been right.

    Returns
    -------
    UnknownNameError
        To be raised by the caller.
    """
    names = sorted({str(k) for k in known})
    near = get_close_matches(str(name), names, n=4, cutoff=0.5)
    advice = f"did you mean {', '.join(map(repr, near))}? " if near else ""
    shown = ", ".join(names[:30]) + (f", ... ({len(names)} in all)" if len(names) > 30 else "")
    return UnknownNameError(f"{whose} has no {name!r}; {advice}known: {shown or '(none)'}")
