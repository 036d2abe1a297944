"""Tables of plans, kept by what they say: another fit of the same model makes none."""

import logging
from functools import lru_cache

import numpy as np

from hsjupyter.core.shape import FormulaShape
from hsjupyter.fitting.lockstep_rows import Sheet, make_sheet
from hsjupyter.fitting.losses import LOSSES, Huber, Loss
from hsjupyter.fitting.plan import Array, Plan
from hsjupyter.fitting.tables import LossCode, Tables, has_kernel, make_tables, wanted_of

_LOG = logging.getLogger("hsjupyter")


@lru_cache(maxsize=1)
def has_driver() -> bool:
    """Whether the compiler is installed that the driver needs; where it is not, it is said once."""
    from importlib.util import find_spec

    if find_spec("llvmlite") is not None:
        return True
    words = "llvmlite is not installed: maps are fitted by numpy alone, which takes some ten times"
    _LOG.warning("%s as long as compiled code; where it can be had: pip install llvmlite", words)
    return False


def can_batch(plan: Plan) -> bool:
    """Whether a driver of many pixels serves a plan: all are formulas, and nothing is convolved."""
    shapes = all(isinstance(shape, FormulaShape) for shape in plan.shapes)
    links = all(link.link.formula is not None for link in plan.links)
    return plan.convolution is None and shapes and links


def is_compiled(plan: Plan) -> bool:
    """Whether every shape and link of a plan has a kernel, and nothing is convolved."""
    return plan.convolution is None and has_driver() and _has_kernels(_alike(plan))


@lru_cache(maxsize=64)
def _has_kernels(alike: "_Alike") -> bool:
    plan = alike.plan
    shapes = all(
        isinstance(s, FormulaShape) and has_kernel(s.formula, wanted_of(plan, c))
        for c, s in enumerate(plan.shapes)
    )
    return shapes and all(has_kernel(link.link.formula, None) for link in plan.links)


class _Alike:
    """A plan that is equal to any other with the same tables, wherever they start.

    Looked for by an outline, which is short, and told apart by all that it says.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        arrays = (plan.owners, plan.lower, plan.upper, plan.free, *plan.coords)
        links = tuple((link.slot, link.sources, link.link) for link in plan.links)
        self.plan = plan
        self._says = (plan.shapes, links, *(array.tobytes() for array in arrays))
        self._hash = hash((*self._says[:6], *((len(x), x[0], x[-1]) for x in plan.coords)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._says == other._says


def _alike(plan: Plan) -> _Alike:
    """What a plan and all that were begun at another row say."""
    found: _Alike = plan.known.get("alike") or _Alike(plan)
    plan.known["alike"] = found
    return found


def tables_of(
    plan: Plan, active: bytes, loss: Loss = LOSSES["ls"], fixed: bytes | None = None
) -> Tables:
    """The tables of a plan, for which `is_compiled` holds.

    Parameters
    ----------
    plan : Plan
    active : bytes
        Of the array of active components.
    loss : Loss
        Least squares, the Poisson likelihood or Huber's.
    fixed : bytes or None
        Of the numbers of all slots, if pixels agree in those that do not move.
    """
    return _made(_alike(plan), active, loss, fixed)


@lru_cache(maxsize=64)
def _made(alike: _Alike, active: bytes, loss: Loss, fixed: bytes | None) -> Tables:
    numbers = None if fixed is None else np.frombuffer(fixed)
    return make_tables(alike.plan, np.frombuffer(active, dtype=bool), _code_of(loss), numbers)


def _code_of(loss: Loss) -> LossCode:
    from hsjupyter.fitting import counts, driver_code

    if isinstance(loss.terms, Huber):
        known = driver_code.driver().addresses
        here, end = known[driver_code.HUBER], known[driver_code.HUBER_END]
        return LossCode(here, end, delta=loss.terms.delta)
    if loss.name == "ML-poisson":
        known = counts.poisson_code().addresses
        return LossCode(known[counts.NAME], slopes=known[counts.SLOPES])
    return LossCode()


def sheet_of(plan: Plan, active: bytes, loss: str = "ls", fixed: bytes | None = None) -> Sheet:
    """What numpy reads of a plan, for which `can_batch` holds; arguments as of `tables_of`."""
    return _written(_alike(plan), active, loss, fixed)


@lru_cache(maxsize=64)
def _written(alike: _Alike, active: bytes, loss: str, fixed: bytes | None) -> Sheet:
    numbers = None if fixed is None else np.frombuffer(fixed)
    flags = np.frombuffer(active, dtype=bool)
    return make_sheet(alike.plan, flags, counted=loss == "ML-poisson", fixed=numbers)


def forget_tables() -> None:
    """Make all tables again when they are asked for."""
    _made.cache_clear()
    _written.cache_clear()


def still_numbers(plan: Plan, rows: Array) -> bytes | None:
    """The numbers of slots that do not move, 0 for others; None where pixels differ in them.

    Parameters
    ----------
    plan : Plan
    rows : ndarray, (pixel, slot)
    """
    still = ~plan.free
    if plan.links:
        still[[link.slot for link in plan.links]] = False
    if len(rows) > 1 and (rows[:, still] != rows[0, still]).any():
        return None
    return np.where(still, rows[0], 0.0).tobytes()
