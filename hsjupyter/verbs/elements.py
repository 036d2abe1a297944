"""Which elements a signal says it has."""

from collections.abc import Iterable

from hsjupyter.components.atoms import atomic_number
from hsjupyter.core.errors import DataError
from hsjupyter.core.signal import BaseSignal

PATH = "Sample.elements"


def elements_of(signal: BaseSignal) -> list[str]:
    """The elements named in the metadata, in order; none where none are named.

    Raises
    ------
    UnknownNameError
        One of them is not the symbol of an element.
    """
    named = signal.metadata.get_item(PATH)
    elements = [] if named is None else [str(element) for element in named]
    for element in elements:
        atomic_number(element)
    return elements


def set_elements(signal: BaseSignal, elements: Iterable[str]) -> None:
    """Name the elements in the metadata: those and no others.

    Raises
    ------
    DataError
        One text came; a list is wanted.
    UnknownNameError
        One of them is not the symbol of an element.
    """
    if isinstance(elements, str):
        raise DataError(
            f"{signal!r}: the elements {elements!r} came as one text; a list is wanted: "
            f"{[elements]!r}"
        )
    chosen = sorted({str(element) for element in elements})
    for element in chosen:
        atomic_number(element)
    signal.metadata.set_item(PATH, chosen)


def add_elements(signal: BaseSignal, elements: Iterable[str]) -> None:
    """Name more elements in the metadata."""
    more = elements if isinstance(elements, str) else [*elements_of(signal), *elements]
    set_elements(signal, more)
