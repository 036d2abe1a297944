"""Which executor ``workers=`` means."""

from hsjupyter.engines.serial import SerialExecutor
from hsjupyter.engines.threads import ThreadExecutor
from hsjupyter.fitting.jobs import Pixels
from hsjupyter.fitting.plan import Plan

Executor = SerialExecutor | ThreadExecutor


def executor_for(plan: Plan, pixels: Pixels, workers: int) -> Executor:
    """The executor for a number of workers: 0 is here and now, more are threads."""
    return ThreadExecutor(plan, pixels, workers) if workers > 0 else SerialExecutor(plan, pixels)
