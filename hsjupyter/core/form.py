"""A form: numbers of a signal's metadata that a person is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets as t

from hsjupyter.core.axis import is_number
from hsjupyter.core.errors import unknown_name

if TYPE_CHECKING:
    from hsjupyter.core.signal import BaseSignal


@dataclass(frozen=True)
class Quantity:
    """A number that a person is asked for.

    Parameters
    ----------
    name : str
        As Python calls it.
    label, units, doc : str
        As people call it, what it is measured in, and what it means.
    path : str
        Where it stands in the metadata.
    needed : bool
        Something cannot be done without it.
    """

    name: str
    label: str
    units: str
    doc: str
    path: str
    needed: bool = False


class Form(t.HasTraits):
    """Some quantities of a signal; their one home is its metadata.

    Parameters
    ----------
    signal : BaseSignal
    title : str
        What is asked for.
    quantities : sequence of Quantity
    write : callable
        Takes the name and the new number; refuses what cannot be with a DataError.
    method : str
        Of the signal, which does the same.
    """

    changed = t.Int(0, help="grows when the metadata changed")

    def __init__(
        self,
        signal: BaseSignal,
        title: str,
        quantities: Sequence[Quantity],
        write: Callable[[str, float], None],
        method: str,
    ) -> None:
        super().__init__()
        self.signal, self.title = signal, title
        self.quantities = tuple(quantities)
        self._write, self._method = write, method
        signal.metadata.watch(self._hear)

    def _hear(self) -> None:
        self.changed += 1

    def value(self, quantity: Quantity) -> float | None:
        """What the metadata say; None where they say nothing that is a number."""
        told: Any = self.signal.metadata.get_item(quantity.path)
        return float(told) if is_number(told) else None

    def fill(self, name: str, value: float | None) -> None:
        """Set a quantity, or forget it for None.

        Raises
        ------
        UnknownNameError
            The form does not ask for it.
        DataError
            It cannot be that.
        """
        known = {quantity.name: quantity for quantity in self.quantities}
        if name not in known:
            raise unknown_name(f"the form of {self.signal!r}", name, known)
        if value is None:
            self.signal.metadata.remove_item(known[name].path)
        else:
            self._write(name, value)

    @property
    def call(self) -> str:
        """The Python that sets what is set, for people who want to keep it."""
        known = [(q.name, self.value(q)) for q in self.quantities if q.needed or self.value(q)]
        words = [f"{name}={'...' if value is None else f'{value:g}'}" for name, value in known]
        return f"s.{self._method}({', '.join(words or [f'{self.quantities[0].name}=...'])})"

    @property
    def missing(self) -> tuple[Quantity, ...]:
        """What is needed and not known."""
        return tuple(q for q in self.quantities if q.needed and self.value(q) is None)

    def __repr__(self) -> str:
        return f"<Form: {self.title} of {self.signal!r}>"
