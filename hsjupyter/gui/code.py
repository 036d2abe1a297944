"""A model as the Python that makes it again, for a person to keep in the notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsjupyter.core.component import Component
from hsjupyter.core.model import BaseModel
from hsjupyter.core.parameter import Parameter
from hsjupyter.core.twins import following_order

PLAIN = (bool, int, float, str, type(None))
OF_DIMENSIONS = {1: "components1D", 2: "components2D"}


def definition(model: BaseModel, name: str, signal: str) -> str:
    """The Python that makes a model with these components, numbers, links and range.

    Parameters
    ----------
    model : BaseModel
    name, signal : str
        What the model and its signal are called there.

    Returns
    -------
    str
        Lines. What is stored of other pixels is data, and is not in it. A component that holds
        data of its own is told in a comment.
    """
    lines = [
        f"{name} = {signal}.create_model()",
        # Models of some signals begin with components of their own.
        *([f"{name}.remove(list({name}))"] if type(model).__name__[:-2] != "Model" else []),
    ]
    kept = []
    for component in model:
        made = _constructor(component)
        if made is None:
            lines.append(
                f"# {component.name!r}, {type(component).__name__}, holds data of its own: "
                "append it as it was made"
            )
        else:
            lines.append(f"{name}.append({made})")
            kept.append(component)
    for component in kept:
        lines += _state_of(component, f"{name}[{component.name!r}]")
    followers = [p for p in following_order(model.parameters) if p.component in kept]
    for parameter in followers:
        lines += _link_of(parameter, name)
    return "\n".join([*lines, *_range_of(model, name)])


def _constructor(component: Component) -> str | None:
    """The call that makes a component; None where it would need arrays."""
    given = {**component.init_arguments(), "name": component.name}
    if not all(_is_plain(value) for value in given.values()):
        return None
    family = OF_DIMENSIONS.get(component.dimensions, "components1D")
    words = ", ".join(f"{key}={value!r}" for key, value in given.items() if _is_told(key, value))
    return f"hs.model.{family}.{type(component).__name__}({words})"


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(one) for one in value)
    if isinstance(value, dict):
        return all(_is_plain(one) for one in value.values())
    return isinstance(value, PLAIN)


EXPRESSION_DEFAULTS: dict[str, Any] = {
    "position": None,
    "module": "numpy",
    "autodoc": True,
    "add_rotation": False,
    "rotation_center": None,
    "rename_pars": {},
    "compute_gradients": True,
    "linear_parameter_list": None,
    "check_parameter_linearity": True,
}


def _is_told(key: str, value: Any) -> bool:
    """Whether an argument says more than the constructor assumes."""
    return not (key in EXPRESSION_DEFAULTS and EXPRESSION_DEFAULTS[key] == value)


def _state_of(component: Component, path: str) -> Iterator[str]:
    if not component.active:
        yield f"{path}.active = False"
    for parameter in component.parameters:
        where = f"{path}.{parameter.name}"
        declared = parameter.par
        if (parameter.bmin, parameter.bmax) != (declared.bmin, declared.bmax):
            yield f"{where}.set_bounds({parameter.bmin!r}, {parameter.bmax!r})"
        if parameter.link is not None:
            continue
        if parameter.value != parameter.default:
            yield f"{where}.value = {parameter.value!r}"
        if parameter.free != declared.free:
            yield f"{where}.free = {parameter.free}"


def _link_of(parameter: Parameter, name: str) -> Iterator[str]:
    def path(one: Parameter) -> str:
        whose = "" if one.component is None else f"[{one.component.name!r}]"
        return f"{name}{whose}.{one.name}"

    if parameter.twin_callable is not None or parameter.twin_inverse_callable is not None:
        yield f"# {parameter} follows a Python function: set its twin_function again"
        return
    if parameter.twin_inverse_function_expr:
        words = parameter.twin_inverse_function_expr
        yield f"{path(parameter)}.twin_inverse_function_expr = {words!r}"
    if parameter.twin_function_expr:
        yield f"{path(parameter)}.twin_function_expr = {parameter.twin_function_expr!r}"
    if parameter.twin is not None:
        yield f"{path(parameter)}.twin = {path(parameter.twin)}"


def _range_of(model: BaseModel, name: str) -> Iterator[str]:
    switches: NDArray[np.bool_] = np.asarray(model.channel_switches, dtype=bool)
    if switches.all():
        return
    if switches.ndim != 1:
        yield "# its signal range is a mask: set it again with set_signal_range_from_mask()"
        return
    axis = model.axes_manager.signal_axes[0].axis
    edges = np.flatnonzero(np.diff(np.concatenate([[False], switches, [False]]).astype(int)))
    verb = "set"
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        ends = sorted((float(axis[start]), float(axis[stop - 1])))
        yield f"{name}.{verb}_signal_range({ends[0]!r}, {ends[1]!r})"
        verb = "add"
