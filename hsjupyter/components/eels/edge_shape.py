"""The line of a core-loss edge: cross-section, and fine structure in its place behind the onset."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hsjupyter.components.eels.bspline import bspline_basis
from hsjupyter.components.eels.cross_section import OscillatorStrength, cross_section
from hsjupyter.core.errors import ModelError
from hsjupyter.core.shape import Array, Coords, Row, central_differences

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class EdgeShape:
    """What a fit needs of an edge.

    The numbers are ``intensity``, the coefficients of the fine structure, ``effective_angle`` in
    mrad and ``onset_energy`` in eV.

    Parameters
    ----------
    edge : str
        For messages.
    strength : OscillatorStrength
    beam_energy : float or None
        In eV; None while not known.
    fine_width : float
        How far the fine structure goes behind the onset, in eV; 0 where it is not active.
    """

    edge: str
    strength: OscillatorStrength
    beam_energy: float | None
    fine_width: float

    def value(self, coords: Coords, p: Row) -> Array:
        """The line, (channel,)."""
        intensity, coefficients, angle, onset = p[0], p[1:-2], p[-2], p[-1]
        line = intensity * self._per_atom(coords[0], angle, onset)
        if self.fine_width > 0:
            fine, basis = self._fine(coords[0], onset, len(coefficients))
            line[fine] = intensity * (np.asarray(coefficients) @ basis)
        return line

    def derivatives(self, coords: Coords, p: Row) -> Array:
        """Its derivative by every slot, (slot, channel).

        Exact by the intensity and the coefficients, which are linear; differences by the angle
        and the onset.
        """
        rows = np.zeros((len(p), *coords[0].shape))
        n = len(p) - 3
        rows[0] = self.value(coords, [1.0, *p[1:]])
        if self.fine_width > 0:
            fine, basis = self._fine(coords[0], p[-1], n)
            rows[1 : 1 + n, fine] = p[0] * basis

        def by_two(of: Coords, two: Row) -> Array:
            return self.value(of, [*p[:-2], *two])

        rows[-2:] = central_differences(by_two, coords, p[-2:])
        return rows

    def _fine(self, x: Array, onset: float, n: int) -> tuple[Flags, Array]:
        """Where the fine structure stands, (channel,) of bool, and its splines there."""
        return _kept_splines(_key(x), float(onset), self.fine_width, n)

    def _per_atom(self, x: Array, angle: float, onset: float) -> Array:
        if self.beam_energy is None or not angle > 0:
            raise ModelError(
                f"{self.edge}: its cross-section was asked for, but the beam energy or the angles "
                "are not known; call set_microscope_parameters(), of the signal before the model "
                "is made, or of the edge"
            )
        angle = 1e-3 * float(angle)
        return _kept_line(self.strength, _key(x), float(onset), self.beam_energy, angle)


# Onset and angle are fixed in most fits, so that all pixels ask for the same lines and splines.


def _key(x: Array) -> bytes:
    return np.ascontiguousarray(x).tobytes()


@lru_cache(maxsize=128)
def _kept_line(
    strength: OscillatorStrength, channels: bytes, onset: float, beam_energy: float, angle: float
) -> Array:
    line = cross_section(strength, np.frombuffer(channels), onset, beam_energy, angle)
    line.flags.writeable = False
    return line


@lru_cache(maxsize=64)
def _kept_splines(channels: bytes, onset: float, width: float, n: int) -> tuple[Flags, Array]:
    x = np.frombuffer(channels)
    fine = (x >= onset) & (x < onset + width)
    basis = bspline_basis((x[fine] - onset) / width, n)
    fine.flags.writeable = basis.flags.writeable = False
    return fine, basis
