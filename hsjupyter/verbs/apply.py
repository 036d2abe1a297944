"""Apply a function to every pixel."""

from collections.abc import Callable
from typing import Any

from hsjupyter.core.errors import DataError
from hsjupyter.core.mapping import mapped
from hsjupyter.core.signal import BaseSignal as SignalNoun


class ApplyVerbs(SignalNoun):
    """What is not said in other words, as a function."""

    def map(  # noqa: PLR0917 - HyperSpy's signature
        self,
        function: Callable[..., Any],
        show_progressbar: bool | None = None,
        num_workers: int | None = None,
        inplace: bool = True,
        ragged: bool | None = None,
        output_dtype: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Apply a function to the data of every pixel.

        Parameters
        ----------
        function : callable
            ``function(data, **kwargs)`` -> a number or an array, of one shape at all pixels.
        show_progressbar, num_workers
            Accepted so that scripts run; pixels are taken one after another.
        inplace : bool
            Change this signal, and return nothing.
        ragged : bool, optional
            True is an error: arrays of several shapes make no signal.
        output_dtype : dtype, optional
            Of the result.
        **kwargs
            For the function; a signal of the same map is taken pixel by pixel.

        Returns
        -------
        BaseSignal, or None where it is changed in place
            Without signal axes where the function gives numbers: ``.T`` makes it an image.
        """
        del show_progressbar, num_workers
        for name in ("lazy_output", "navigation_chunks", "output_signal_size", "silence_warnings"):
            kwargs.pop(name, None)
        if ragged:
            raise DataError(
                f"{self!r}: map(ragged=True) came; arrays of one shape are wanted: pad them, or "
                "give the function's results as numbers"
            )
        made: Any = mapped(self, function, kwargs)
        if output_dtype is not None:
            made.change_dtype(output_dtype)
        return self.become("map changed it", made) if inplace else made
