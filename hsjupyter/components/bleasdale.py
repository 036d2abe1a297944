"""The yield-density law of Bleasdale and Nelder."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class Bleasdale(Component):
    """A power of a straight line, zero where the line is not positive.

    Source: Bleasdale & Nelder, Nature 188 (1960) 342.
    """

    formula = "where(a + b * x > 0, (a + b * x)**(-1 / c), 0)"
    a = Par(1.0, doc="the line at zero")
    b = Par(1.0, unit="1/x", doc="slope of the line")
    c = Par(1.0, doc="the power is -1/c")
