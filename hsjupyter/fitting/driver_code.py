"""The compiled driver: its functions as machine code, kept on disk."""

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from hsjupyter.fitting import finish, first_stage, gram, layout, linear_part, lm, robust, step
from hsjupyter.formula.machine_code import MachineCode, compile_kept

_LOG = logging.getLogger("hsjupyter")
PATIENCE = 2.0  # seconds
NAME = "fit_pixels"

FUNCTIONS = (
    *(gram.follow, gram.fold, gram.products, gram.weigh, gram.find_reaches),
    *(gram.evaluate_block, gram.evaluate),
    *(linear_part.decompose, linear_part.substitute, linear_part.at, linear_part.wake),
    *(linear_part.solve_linear, linear_part.relax),
    *(step.solve, step.clip, step.promised, step.find_step),
    *(step.straighten, step.learn, step.move, step.copy, step.deviations),
    *(robust.huber, robust.huber_end),
    *(finish.steepness, finish.polish, finish.approach, finish.write_lines),
    *(first_stage.along_axis, first_stage.in_squares, first_stage.sum_weights),
    *(first_stage.sum_up, lm.evaluate_at, lm.descend, lm.keep_better, lm.begin),
    *(lm.fit_pixel, lm.find_data, lm.fit_pixels),
)
LINES = "write_lines"
HUBER, HUBER_END = "huber", "huber_end"
EXPORTED = (NAME, LINES, HUBER, HUBER_END, "evaluate", "evaluate_at")


@lru_cache(maxsize=1)
def driver() -> MachineCode:
    """The compiled driver; read from the disk where another process compiled it."""
    modules = (finish, first_stage, gram, layout, linear_part, lm, robust, step)
    files = sorted(str(module.__file__) for module in modules)
    key = hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()
    with announced():
        return compile_kept(key, _print, EXPORTED)


def _print() -> str:
    from hsjupyter.formula.plain_code import print_functions

    return print_functions(FUNCTIONS, EXPORTED)


@contextmanager
def announced() -> Iterator[None]:
    """Say what is going on, where it takes longer than a moment."""
    words = "compiling the fitting engine, once on this machine; this takes some seconds"
    timer = threading.Timer(PATIENCE, _LOG.warning, (words,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
