"""Between the working values of the current pixel and the stored ones of all."""

from collections.abc import Iterable
from typing import Any

from hsjupyter.core.component import Component
from hsjupyter.core.convolution import make_convolution
from hsjupyter.core.model import BaseModel
from hsjupyter.core.signal import BaseSignal
from hsjupyter.fitting.evaluate import evaluate_map

Which = Iterable[Component | str | int] | None


class MapVerbs(BaseModel):
    """Store, fetch, and turn maps into signals."""

    def store_current_values(self) -> None:
        """Write the working values of the current pixel into the maps."""
        self.store_working_values()

    def fetch_stored_values(self, only_fixed: bool = False, update_on_resume: bool = True) -> None:
        """Take the stored values of the current pixel as working values.

        Parameters
        ----------
        only_fixed : bool
            Only those of parameters that a fit may not change.
        update_on_resume : bool
            Accepted so that scripts run; views always follow.
        """
        del update_on_resume
        self.load([p for p in self.parameters if not p.free] if only_fixed else None)

    def assign_current_values_to_all(self, components_list: Which = None, mask: Any = None) -> None:
        """Write the working values into the maps at every pixel.

        Parameters
        ----------
        components_list : list of Component, str or int, optional
            All components where not given.
        mask : array_like of bool, (nav...), optional
            True for pixels to leave as they are.

        Raises
        ------
        DataError
            The mask has another shape.
        """
        chosen = list(self) if components_list is None else [self[c] for c in components_list]
        where = self.maps.unmasked(mask)
        self.keep([p for c in chosen for p in c.parameters], where)

    @property
    def convolution_axis(self) -> Any:
        """Where convolved components are evaluated, beyond both ends; None without a low loss."""
        low_loss = self.spread_by
        return None if low_loss is None else make_convolution(self.signal, low_loss).axis

    def set_convolution_axis(self) -> Any:
        """The `convolution_axis`; it is always up to date."""
        return self.convolution_axis

    def as_signal(  # noqa: PLR0917 - HyperSpy's signature
        self,
        component_list: Which = None,
        out_of_range_to_nan: bool = True,
        show_progressbar: bool | None = None,
        out: BaseSignal | None = None,
        lazy_output: bool | None = None,
        chunks: Any = "auto",
        block_size_limit: Any = None,
        parallel: bool | None = None,
    ) -> BaseSignal:
        """The fitted model of all pixels as a signal.

        Parameters
        ----------
        component_list : list of Component, str or int, optional
            Only these components, also where they are switched off.
        out_of_range_to_nan : bool
            False: evaluate outside of the signal range as well.
        out : BaseSignal, optional
            Its data are replaced.
        show_progressbar, lazy_output, chunks, block_size_limit, parallel
            Accepted so that scripts run; the result is in memory.

        Returns
        -------
        BaseSignal
            Of the axes of the data; NaN outside of the signal range and where nothing is stored.
        """
        del show_progressbar, lazy_output, chunks, block_size_limit, parallel
        chosen = None if component_list is None else [self[c] for c in component_list]
        data = evaluate_map(self, chosen, whole=not out_of_range_to_nan)
        if out is not None:
            out.data = data
            return out
        signal = type(self.signal)(data, self.axes_manager.as_dictionaries())
        title = self.signal.metadata.get_item("General.title", "")
        signal.metadata.set_item("General.title", f"{title} - model".removeprefix(" - "))
        return signal
