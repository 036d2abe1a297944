"""The words of a list, for the components of a model."""

from collections.abc import Callable, Iterator
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.errors import ModelError
from hsjupyter.core.model import BaseModel, Which


class ContainerVerbs(BaseModel):
    """Take out, replace, reorder and count components."""

    @property
    def active_components(self) -> list[Component]:
        """The components that count."""
        return [component for component in self if component.active]

    def pop(self, index: Which = -1) -> Component:
        """Remove a component and return it; the last where not given."""
        component: Component = self[index]
        self.remove(component)
        return component

    def clear(self) -> None:
        """Remove all components."""
        self.remove(tuple(self))

    def count(self, value: Component | str) -> int:
        """How often a component is in the model, by itself or by its name: 0 or 1."""
        return sum(component is value or component.name == value for component in self)

    def reverse(self) -> None:
        """Turn the order round; what is stored moves along."""
        self.arrange(tuple(self)[::-1])

    def sort(self, *, key: Callable[[Component], Any] | None = None, reverse: bool = False) -> None:
        """Order the components; what is stored moves along.

        Parameters
        ----------
        key : callable, optional
            What they are compared by; their names where not given.
        reverse : bool
            The largest first.
        """
        by = key or (lambda component: component.name)
        self.arrange(sorted(self, key=by, reverse=reverse))

    def __setitem__(self, which: Which, component: Component) -> None:
        """Put another component in the place of one."""
        place = self.index(which)
        if not isinstance(component, Component) or component.model is not None:
            raise ModelError(
                f"{self!r}[{which!r}]: {component!r} came; a component that is in no model is "
                "wanted, such as a copy()"
            )
        self.append(component)
        del self[place]
        self.arrange([*self[:place], component, *self[place:-1]])

    def __reversed__(self) -> Iterator[Component]:
        return iter(tuple(self)[::-1])
