"""Which modules of this folder are reports, read from their text: none is imported for it."""

import ast
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Report:
    """What the constant ``REPORT`` of a module says.

    Attributes
    ----------
    name : str
        Of the module.
    title : str
        Of the section.
    limit : str
        What must hold; the module marks in bold what does not.
    full, quick : tuple of str
        Arguments of its command, for figures and for a look.
    default : bool
        False where it wants a browser, engines or an hour: then ``--all`` asks for it.
    """

    name: str
    title: str
    limit: str
    full: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    default: bool = True


def reports(folder: Path = FOLDER) -> list[Report]:
    """All reports of a folder, by name.

    Raises
    ------
    TypeError
        A constant ``REPORT`` has a word that is not known, or lacks one.
    """
    found = []
    for path in sorted(folder.glob("*.py")):
        for line in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "REPORT":
                words = ast.literal_eval(line.value)
                try:
                    found.append(Report(path.stem, **words))
                except TypeError as wrong:
                    raise TypeError(f"{path.name}: REPORT: {wrong}; see {__name__}") from wrong
    return found
