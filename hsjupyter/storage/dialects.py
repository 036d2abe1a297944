"""What other programs and older files call things; the only place where names are translated."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]

OLD_GROUPS = {"mapped_parameters": "metadata", "original_parameters": "original_metadata"}
"""Names of groups before HyperSpy 0.8."""

SIGNAL_DIMENSIONS = {"spectrum": 1, "image": 2}
"""What ``Signal.record_by`` said before HyperSpy 1.0."""


def modernise(record: Record) -> None:
    """Say a record of any version in today's words; changes the record.

    Files of 1.x say in the metadata that a signal is binned, older ones also what its dimension
    is; today both are said by the axes. HyperSpy's notes to itself are dropped.
    """
    for old, new in OLD_GROUPS.items():
        if old in record:
            record.setdefault(new, record.pop(old))
    metadata = record.setdefault("metadata", {})
    metadata.pop("_HyperSpy", None)
    signal = metadata.get("Signal")
    if not isinstance(signal, dict):
        signal = {}
    record_by = signal.pop("record_by", metadata.pop("record_by", None))
    binned = signal.pop("binned", None)
    axes = record["axes"]
    dimension = SIGNAL_DIMENSIONS.get(record_by, 1) if isinstance(record_by, str) else 1
    for place, axis in enumerate(axes):
        axis.setdefault("navigate", place < len(axes) - dimension)
        if binned is not None and not axis["navigate"]:
            axis["is_binned"] = bool(binned)


# -- components ------------------------------------------------------------------------------------

Columns = Mapping[str, Mapping[str, Any]]
"""Parameters by name: ``value``, ``free``, and ``map`` with ``values`` and ``is_set``."""


@dataclass(frozen=True)
class Native:
    """A component that HyperSpy or exspy has under the same name, with the same line.

    Attributes
    ----------
    package : str
        Whose it is.
    module : str, tuple of str or None
        What HyperSpy's constructor is to compute with; None where it does not ask.
    fixed_at : dict of str to float
        Our line is theirs only while these parameters are fixed at these numbers.
    only_if : dict of str to object
        Our line is theirs only with these arguments of our constructor.
    alike_if : dict of str to object
        Their line is nearly ours, and the same with these arguments of our constructor.
    lacks : tuple of str
        Parameters that theirs does not have.
    factors : dict of str to float
        Their number for a parameter is ours times this.
    arguments : dict of str to str
        From the arguments of our constructor to those of theirs.
    states : dict of str to str
        From the arguments of our constructor to plain attributes of theirs.
    constants : dict of str to object
        More of their attributes.
    """

    package: str = "hyperspy"
    module: str | tuple[str, ...] | None = "numpy"
    fixed_at: Mapping[str, float] = field(default_factory=dict)
    only_if: Mapping[str, Any] = field(default_factory=dict)
    alike_if: Mapping[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    factors: Mapping[str, float] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, init: Mapping[str, Any], columns: Columns) -> bool:
        """Whether their line is the same for a component of ours as it stands."""
        return all(init.get(key) == value for key, value in self.only_if.items()) and all(
            is_fixed_at(columns[name], number) for name, number in self.fixed_at.items()
        )

    def note(self, init: Mapping[str, Any]) -> str:
        """In what their line differs a little; empty where it does not."""
        return ", ".join(
            f"{key}={init.get(key)!r}, which is {value!r} there"
            for key, value in self.alike_if.items()
            if init.get(key) != value
        )


def is_fixed_at(column: Mapping[str, Any], number: float) -> bool:
    """Whether a parameter is, and stays, at a number at every pixel."""
    stored = column["map"]["values"][column["map"]["is_set"]]
    return not column["free"] and column["value"] == number and bool((stored == number).all())


_SCIPY = ("numpy", "scipy")
_EDGE_STATES = {
    key: key
    for key in ("fine_structure_active", "fine_structure_width", "fine_structure_smoothing")
}

NATIVE: dict[str, Native] = {
    "Arctan": Native(only_if={"minimum_at_zero": False}),
    "Bleasdale": Native(module=_SCIPY),  # theirs refuses "numpy" alone
    "DoublePowerLaw": Native("exspy"),
    "EELSArctan": Native("exspy", ("numpy",)),
    "EELSCLEdge": Native(
        "exspy",
        None,
        arguments={"element_subshell": "element_subshell", "GOS": "GOS"},
        states=_EDGE_STATES,
        constants={"fine_structure_spline_active": True, "fine_structure_spline_onset": 0},
    ),
    "Erf": Native(module=_SCIPY),
    "Exponential": Native(),
    "Gaussian": Native(),
    "GaussianHF": Native(),
    "HeavisideStep": Native(),
    "Logistic": Native(),
    "Lorentzian": Native(),
    "Offset": Native(module=None),
    # Theirs gives half of the full width at half maximum under that name, and no background.
    "PESCoreLineShape": Native("exspy", None, fixed_at={"shirley": 0.0}, factors={"FWHM": 0.5}),
    "PESVoigt": Native(
        "exspy", None, fixed_at={"shirley_background": 0.0}, only_if={"spin_orbit_splitting": False}
    ),
    "Polynomial": Native(arguments={"order": "order"}),
    "PowerLaw": Native(),
    "RC": Native(),
    "ScalableFixedPattern": Native(
        module=None,
        arguments={"signal1D": "signal1D"},
        states={"interpolate": "interpolate"},
        alike_if={"kind": "cubic", "fill_value": "extrapolate"},
    ),
    "SEE": Native("exspy", fixed_at={"sigma": 0.0}, lacks=("sigma",)),
    "SkewNormal": Native(module=_SCIPY),
    "SplitVoigt": Native(module=None),
    "Vignetting": Native("exspy", None, fixed_at={"left_slope": 0.0, "right_slope": 0.0}),
    "Voigt": Native(module=_SCIPY),
    "VolumePlasmonDrude": Native("exspy"),
}
"""What of ours is theirs too; all others travel as an Expression, if they have a formula."""

FORMULAS = {
    # Doniach & Sunjic, J. Phys. C 3 (1970) 285, with another shift than ours.
    "Doniach": "A * cos(pi * alpha / 2 + (1 - alpha) * atan(u / sigma))"
    " / (sigma**2 + u**2)**((1 - alpha) / 2)"
    "; u = x - centre + 2.354820 * sigma / (2 * tan(pi / (2 - alpha)))",
}
"""Components of theirs that have the name of one of ours, and another line."""

CONSTANTS = {"E": "2.718281828459045"}
"""Names that are numbers in their formulas."""


HIGHEST_ORDER = 10_000
"""Of a polynomial that is believed."""

WITH_LOW_LOSS = ("EELS",)
"""Types of signals whose models have a low loss there."""


def vectors_of(
    kind: str, init: Mapping[str, Any], names: Container[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Our vector parameters that are single numbers in their component, with the numbers' names.

    Parameters
    ----------
    kind : str
        Our class.
    init : dict
        The arguments of its constructor.
    names : container of str, optional
        The parameters in a file; those of today's HyperSpy where not given.
    """
    order = init.get("order")
    if kind != "Polynomial" or not isinstance(order, int) or not 0 <= order <= HIGHEST_ORDER:
        return {}
    powers = range(order, -1, -1)
    padded = tuple(f"a{power:0{len(str(order))}d}" for power in powers)
    plain = tuple(f"a{power}" for power in powers)
    return {"coefficients": padded if names is None or padded[0] in names else plain}


# -- from theirs -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ours:
    """What a component of theirs is here.

    Attributes
    ----------
    kind : str
        Our class.
    init : dict
        The arguments of its constructor.
    names : dict of str to str
        From our names of parameters to the file's, where these differ.
    values : dict of str to float
        Parameters that the file gives as an attribute.
    factors : dict of str to float
        Their number for a parameter is ours times this.
    note : str
        What the person should know of it; empty for nothing.
    """

    kind: str
    init: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def ours_of(tree: Record, names: Mapping[str, Record]) -> Ours:
    """What a component of a file is here; its type need not be known.

    Parameters
    ----------
    tree : dict
        The component as it stands in the file.
    names : dict of str to dict
        Its parameters as they stand there, by name.
    """
    kind = str(tree.get("_id_name"))
    return _FROM.get(kind, _by_name)(kind, tree, names)


def _by_name(kind: str, _tree: Record, _names: Mapping[str, Record]) -> Ours:
    native = NATIVE.get(kind, Native())
    if kind in FORMULAS:
        return Ours("Expression", {"expression": FORMULAS[kind], "name": kind})
    return Ours(kind, factors=native.factors)


def _arctan(kind: str, tree: Record, _names: Mapping[str, Record]) -> Ours:
    return Ours(kind, {"minimum_at_zero": tree.get("minimum_at_zero") is True})  # until 1.5


def _edge(kind: str, tree: Record, _names: Mapping[str, Record]) -> Ours:
    states = {key: tree[key] for key in _EDGE_STATES if key in tree}
    return Ours(kind, {"element_subshell": tree.get("element_subshell"), **states})


def _expression(kind: str, tree: Record, names: Mapping[str, Record]) -> Ours:
    wanted = ("expression", "name", "position")
    init = {key: tree[key] for key in wanted if tree.get(key) is not None}
    renamed = tree.get("rename_pars")
    return Ours(
        kind,
        {
            **init,
            "renamed": renamed if isinstance(renamed, dict) else {},
            "constants": {name: n for name, n in CONSTANTS.items() if name not in names},
        },
    )


def _polynomial(kind: str, tree: Record, names: Mapping[str, Record]) -> Ours:
    order = tree.get("order")
    if "coefficients" not in names:  # 2.1 and older forgot to say the order
        order = len(names) - 1
        if not _alike(list(names.values())):
            terms = [f"{name} * x**{int(name[1:])}" for name in names if name[1:].isdecimal()]
            return Ours("Expression", {"expression": " + ".join(terms), "name": kind})
    return Ours(kind, {"order": order})


def _alike(parameters: list[Record]) -> bool:
    """Whether single numbers can be one vector: free, bound and linked as one."""
    return all(
        # As texts: in a damaged file any of them may be an array.
        str(p.get("free", True)) == str(parameters[0].get("free", True))
        and str(p.get("_bounds")) == str(parameters[0].get("_bounds"))
        and str(p.get("twin_function_expr", "")) in {"", "None"}
        for p in parameters
    )


def _power_law(kind: str, tree: Record, names: Mapping[str, Record]) -> Ours:
    cutoff = tree.get("left_cutoff")  # an attribute until 1.4
    if "left_cutoff" in names or not isinstance(cutoff, int | float):
        return Ours(kind)
    return Ours(kind, values={"left_cutoff": float(cutoff)})


def _rc(kind: str, _tree: Record, names: Mapping[str, Record]) -> Ours:
    return Ours(kind, names={"Vmax": "V"} if "V" in names else {})


def _gaussian_2d(kind: str, _tree: Record, names: Mapping[str, Record]) -> Ours:
    turned = "rotation_angle" in names
    return Ours(kind, note="is no turned Gaussian in HyperSpy, but another line" if turned else "")


def _pattern(kind: str, tree: Record, _names: Mapping[str, Record]) -> Ours:
    interpolate = tree.get("interpolate", True) is not False
    init = {"signal1D": tree.get("signal1D"), "interpolate": interpolate}
    return Ours(kind, {**init, **NATIVE[kind].alike_if})


def _voigt(kind: str, _tree: Record, names: Mapping[str, Record]) -> Ours:
    return Ours("PESVoigt" if "FWHM" in names else kind)  # until 1.5


_FROM: dict[str, Callable[[str, Record, Mapping[str, Record]], Ours]] = {
    "Arctan": _arctan,
    "EELSCLEdge": _edge,
    "Expression": _expression,
    "Gaussian2D": _gaussian_2d,
    "Polynomial": _polynomial,
    "PowerLaw": _power_law,
    "RC": _rc,
    "ScalableFixedPattern": _pattern,
    "Voigt": _voigt,
}
