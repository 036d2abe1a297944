"""A constant background."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class Offset(Component):
    """The same value everywhere."""

    formula = "offset"
    offset = Par(0.0, unit="y", doc="the value")
    isbackground = True
    convolved = False
