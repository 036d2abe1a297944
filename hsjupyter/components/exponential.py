"""An exponential decay."""

from hsjupyter.core.component import Component
from hsjupyter.core.parameter import Par


class Exponential(Component):
    """An exponential decay from ``A`` at zero.

    Source: Bevington & Robinson, Data Reduction and Error Analysis, 3rd ed., §8.1.
    """

    formula = "A * exp(-x / tau)"
    A = Par(1.0, unit="y", doc="value at zero")
    tau = Par(1.0, unit="x", doc="distance in which the value falls by a factor e")
    isbackground = True
    convolved = False
