"""`Parameter`, the live number of a component."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import ModelError, ParameterError
from hsjupyter.core.events import events_of
from hsjupyter.core.maps import MapView
from hsjupyter.core.number import Number
from hsjupyter.core.par import Par, Value
from hsjupyter.core.paths import free_path
from hsjupyter.core.signal import VARIANCE

if TYPE_CHECKING:
    from hsjupyter.core.component import Component
    from hsjupyter.core.model import BaseModel
    from hsjupyter.core.signal import BaseSignal

__all__ = ["Gradient", "Par", "Parameter", "Value"]

Gradient = Callable[..., Any]


class Parameter(Number):
    """A number of a component, with a value for every pixel of the model.

    Parameters
    ----------
    name : str
        Its name in the component.
    par : Par
        Its declaration.
    component : Component, optional
        Whose it is.
    """

    def __init__(
        self, name: str, par: Par | None = None, component: Component | None = None
    ) -> None:
        self.component = component
        self._grad: Gradient | None = None
        super().__init__(name, par or Par())

    # -- what it is ----------------------------------------------------------------------------

    @property
    def model(self) -> BaseModel | None:
        """The model of its component; None while that is in none."""
        return None if self.component is None else self.component.model

    @property
    def own_grad(self) -> Gradient | None:
        """The derivative that was set by hand; None where there is none."""
        return self._grad

    @property
    def grad(self) -> Gradient | None:
        """The derivative of the component's line by this parameter, a function of x.

        It may be set where the component is written as in HyperSpy, to a method of it.
        """
        found: Gradient | None = getattr(self.component, f"grad_{self.name}", None)
        return found if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: Gradient | None) -> None:
        if grad is not None and getattr(self.component, "formula_object", None) is not None:
            raise ParameterError(
                f"{self}.grad: {grad!r} came, but its component has a formula, which gives the "
                "derivative; leave it out"
            )
        self._grad = grad

    @property
    def linear(self) -> bool:
        """Whether the component's line is a straight function of it; False where not known."""
        formula = getattr(self.component, "formula_object", None)
        if formula is None:
            return self.par.linear
        straight: bool = formula.linear.issuperset(self.slot_names)
        return straight

    _linear = linear

    @property
    def events(self) -> Any:
        """Who is told: ``p.events.value_changed.connect(f)`` calls ``f(obj=p, value=...)``."""
        return events_of(self)

    # -- the stored values of all pixels -----------------------------------------------------------

    @property
    def map(self) -> MapView | None:
        """The stored values of all pixels: ``map["values"]``, ``["std"]``, ``["is_set"]``.

        Each is an array of the navigation shape (a vector parameter has one more dimension) that
        may be written to. None while the component is in no model.
        """
        return None if self.model is None else self.model.maps.view(self)

    def _model_with_map(self) -> BaseModel:
        if self.model is None:
            raise ModelError(
                f"{self} has no map, because its component is in no model; append it to one"
            )
        return self.model

    def fetch(self) -> None:
        """Take the stored value and error of the current pixel as working ones, if there are."""
        self._model_with_map().load([self])

    def store_current_value_in_array(self) -> None:
        """Write the working value and error into the map at the current pixel."""
        model = self._model_with_map()
        model.keep([self], model.axes_manager.map_index)

    def assign_current_value_to_all(self, mask: Any = None) -> None:
        """Write the working value and error into the map at every pixel.

        Parameters
        ----------
        mask : array_like of bool, (nav...), optional
            True for pixels to leave as they are.

        Raises
        ------
        DataError
            The mask has another shape.
        """
        model = self._model_with_map()
        model.keep([self], model.maps.unmasked(mask))

    def as_signal(self, field: str = "values") -> BaseSignal:
        """The stored values of all pixels as a signal over the navigation axes.

        Parameters
        ----------
        field : {'values', 'std', 'is_set'}
            Of the values, the squared errors are the signal's noise variance, where known.

        Raises
        ------
        ModelError
            The component is in no model, so there is no map.
        """
        model = self._model_with_map()
        view = MapView(model.maps, self)
        signal = model.signal.map_signal(view[field])
        signal.metadata.set_item("General.title", f"{self} {field}".removesuffix(" values"))
        units = f" ({self.units})" if self.units else ""
        signal.metadata.set_item("Signal.quantity", f"{self.name}{units}")
        if field == "values" and np.isfinite(view["std"]).any():
            signal.metadata.set_item(VARIANCE, model.signal.map_signal(view["std"] ** 2))
        return signal

    def plot(self, **options: Any) -> Any:
        """Plot the stored values of all pixels; options as of the plot of a signal."""
        signal: Any = self.as_signal()
        return signal.plot(**options)

    def export(
        self,
        folder: str | Path | None = None,
        name: str | None = None,
        format: str = "hspy",  # noqa: A002 - HyperSpy's word
        save_std: bool = False,
    ) -> list[Path]:
        """Write the stored values of all pixels to a file; none is ever replaced.

        Parameters
        ----------
        folder : path-like, optional
            The current one where not given.
        name : str, optional
            ``<component>_<parameter>`` where not given; numbered where there is such a file.
        format : str
            The suffix of the file.
        save_std : bool
            Write the errors to a second file, ``..._std``.

        Returns
        -------
        list of Path
            The files written.
        """
        signals: dict[str, Any] = {"": self.as_signal()}
        if save_std:
            signals["_std"] = self.as_signal("std")
        stem = name or str(self).replace(".", "_")
        path = free_path(folder, stem, format, tuple(signals))
        paths = [path.with_name(path.stem + ending + path.suffix) for ending in signals]
        for signal, each in zip(signals.values(), paths, strict=True):
            signal.save(each)
        return paths

    def as_dictionary(self, fullcopy: bool = True) -> dict[str, Any]:
        """What it is, as plain values.

        Parameters
        ----------
        fullcopy : bool
            Accepted so that scripts run; it is always a copy.
        """
        del fullcopy
        words = {name: getattr(self, name) for name in _PLAIN}
        return {**words, "twin": None if self.twin is None else str(self.twin)}

    def gui(self, **options: Any) -> Any:
        """Show a slider, a free toggle and bounds in the notebook."""
        return open_gui(self, "gui", **options)

    def __copy__(self) -> Parameter:
        """A parameter of no component, with the same numbers and bounds; it follows nothing."""
        twin = Parameter(self.name, self.par)
        twin.take_from(self)
        return twin

    def __deepcopy__(self, _memo: dict[int, Any]) -> Parameter:
        return self.__copy__()

    def __str__(self) -> str:
        return self.name if self.component is None else f"{self.component.name}.{self.name}"

    def __repr__(self) -> str:
        whose = "" if self.component is None else f" of {self.component.name} component"
        return f"<Parameter {self.name}{whose}>"


_PLAIN = (
    "name",
    "value",
    "std",
    "free",
    "bmin",
    "bmax",
    "units",
    "ext_bounded",
    "ext_force_positive",
    "twin_function_expr",
    "twin_inverse_function_expr",
)
