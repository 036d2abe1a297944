"""The interpreter of tapes over numpy arrays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hsjupyter.formula.ops import OPS, Function, Storage
from hsjupyter.formula.tape import COORDINATE, PARAMETER, Tape

Array = NDArray[np.float64]

# Scratch is kept for arrays that fit a cache, and for few sizes: one model has one axis.
_LARGEST_KEPT = 1 << 15
_SIZES_KEPT = 4


class _Step(NamedTuple):
    place: int
    function: Function
    arguments: Callable[[list[Any]], tuple[Any, ...]]


class _Program(NamedTuple):
    """Steps over a list that holds every result, then the scratch arrays, then the outputs."""

    once: list[_Step]
    steps: list[_Step]
    scratch: int
    unwritten: list[tuple[int, int]]  # (output, place) of what is not yet in its output


class Evaluator:
    """A tape made ready to run; it keeps no results, so threads may share it.

    Parameters
    ----------
    tape : Tape
        What to run.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        leaves = list(enumerate(tape.instructions))
        self._template: list[Any] = [_constant(op, number) for op, _, number in tape.instructions]
        self._coordinates = [(k, int(i.number)) for k, i in leaves if i.op == "coordinate"]
        self._parameters = [(k, int(i.number)) for k, i in leaves if i.op == "parameter"]
        # Where every coordinate has one shape and every parameter one value, all steps of a loop
        # over channels have that shape; else only those that see both do.
        self._flat = _write_program(tape, COORDINATE)
        self._broad = _write_program(tape, COORDINATE | PARAMETER)

    def __call__(
        self,
        coordinates: Sequence[Array],
        parameters: Sequence[Any] | NDArray[Any],
        out: Sequence[Array] | None = None,
    ) -> Array:
        """Run the tape.

        Parameters
        ----------
        coordinates : sequence of ndarray
            One for each variable; shapes broadcast.
        parameters : sequence of float or ndarray
            One for each parameter; arrays such as (pixel, 1) broadcast against the coordinates.
        out : sequence of ndarray, (shape...), optional
            One for each output: where it is written to.

        Returns
        -------
        ndarray, (output, shape...), or ``out``
            Value and derivatives; infinite or NaN where the formula is, without a warning.
        """
        arrays = [np.asarray(c, dtype=np.float64) for c in coordinates]
        shapes = {a.shape for a in arrays}
        varied: list[tuple[int, ...]] = []
        if isinstance(parameters, np.ndarray) and parameters.ndim == 1:
            numbers = parameters.tolist()
        else:
            numbers = [_number(p) for p in parameters]
            varied = [p.shape for p in numbers if isinstance(p, np.ndarray)]
        values: list[Any] = self._template.copy()
        for place, k in self._coordinates:
            values[place] = arrays[k]
        for place, s in self._parameters:
            values[place] = numbers[s]
        if varied or len(shapes) > 1:
            shape = np.broadcast_shapes(*shapes, *varied)
            return self._run(self._broad, values, shape, out)
        (shape,) = shapes or {()}
        return self._run(self._flat, values, shape, out)

    def _run(
        self, program: _Program, values: list[Any], shape: tuple[int, ...], out: Any = None
    ) -> Array:
        result = np.empty((len(self.tape.outputs), *shape)) if out is None else out
        values.extend(_scratch(shape, program.scratch))
        values.extend(result)
        with np.errstate(all="ignore"):
            for place, function, arguments in program.once:
                values[place] = function(*arguments(values))
            for place, function, arguments in program.steps:
                values[place] = function(*arguments(values))
        for output, place in program.unwritten:
            if out is None:
                result[output] = values[place]
            else:
                out[output][...] = values[place]
        return result


def _number(parameter: Any) -> float | Array:
    # Python's floats are twice as fast as numpy's in what is done once per pixel.
    return np.asarray(parameter, dtype=np.float64) if np.ndim(parameter) else float(parameter)


def _constant(op: str, number: float) -> float | None:
    return number if op == "constant" else np.nan if op == "nan" else None


def _getter(places: tuple[int, ...]) -> Callable[[list[Any]], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    (place,) = places
    return lambda values: (values[place],)


def _write_program(tape: Tape, full: int) -> _Program:
    """Choose for each step of the loop over channels where it writes.

    Parameters
    ----------
    tape : Tape
        What to run.
    full : int
        Steps that depend on all of this have the outputs' full shape, and can write to scratch.
    """
    size = len(tape.instructions)
    last_use = {arg: place for place, i in enumerate(tape.instructions) for arg in i.args}
    rows = {place: output for output, place in reversed(list(enumerate(tape.outputs)))}
    flat = full == COORDINATE
    once = []
    steps = []
    held: dict[int, int] = {}  # which scratch array holds the result of a step
    free: list[int] = []
    scratch = 0
    written = set()
    for place, (op, args, _) in enumerate(tape.instructions):
        if not args:
            continue
        array, _, storage, single = OPS[op]
        if not tape.kinds[place] & COORDINATE:
            once.append(_Step(place, single if flat and single else array, _getter(args)))
            continue
        dying = [held.pop(arg) for arg in set(args) if arg in held and last_use[arg] == place]
        where = args
        if storage is Storage.OVER:
            free += dying
        if storage is not Storage.NEW and tape.kinds[place] & full == full:
            if place in rows:
                where = (*args, -rows[place] - 1)
                written.add(rows[place])
            else:
                if not free:
                    free.append(scratch)
                    scratch += 1
                held[place] = free.pop()
                where = (*args, size + held[place])
        if storage is not Storage.OVER:
            free += dying
        steps.append((place, array, where))
    # The outputs come after the scratch arrays, whose number is known only now.
    first = size + scratch
    made = [
        _Step(place, function, _getter(tuple(w if w >= 0 else first - w - 1 for w in where)))
        for place, function, where in steps
    ]
    unwritten = [(k, place) for k, place in enumerate(tape.outputs) if k not in written]
    return _Program(once, made, scratch, unwritten)


class _Kept(threading.local):
    """Scratch arrays of one thread, by shape."""

    def __init__(self) -> None:
        self.arrays: dict[tuple[int, ...], list[Array]] = {}


_KEPT = _Kept()


def _scratch(shape: tuple[int, ...], count: int) -> list[Array]:
    kept = _KEPT.arrays.get(shape)
    if kept is None:
        kept = []
        if np.prod(shape) <= _LARGEST_KEPT:
            while len(_KEPT.arrays) >= _SIZES_KEPT:
                del _KEPT.arrays[next(iter(_KEPT.arrays))]
            _KEPT.arrays[shape] = kept
    while len(kept) < count:
        kept.append(np.empty(shape))
    return kept[:count]
