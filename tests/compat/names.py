"""The public names and arguments of HyperSpy 1.3's model classes, and those of an installed 2.x.

The table of 1.3 is typed from its documentation: names and argument names only.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

COMPAT = Path(__file__).parents[2] / "COMPAT.md"

MODEL = {
    "append": "thing",
    "extend": "iterable",
    "insert": "",
    "remove": "thing",
    "index": "",
    "pop": "",
    "components": None,
    "inav": None,
    "isig": None,
    "signal": None,
    "axes_manager": None,
    "events": None,
    "low_loss": None,
    "convolved": None,
    "channel_switches": None,
    "backup_channel_switches": None,
    "chisq": None,
    "red_chisq": None,
    "dof": None,
    "p0": None,
    "p_std": None,
    "fit_output": None,
    "as_signal": "component_list out_of_range_to_nan show_progressbar out parallel",
    "as_dictionary": "fullcopy",
    "assign_current_values_to_all": "components_list mask",
    "export_results": "folder format save_std only_free only_active",
    "plot_results": "only_free only_active",
    "ensure_parameters_in_bounds": "",
    "set_boundaries": "",
    "set_mpfit_parameters_info": "",
    "set_convolution_axis": "",
    "set_component_active_value": "value component_list only_current",
    "print_current_values": "only_free skip_multi",
    "set_parameters_value": "parameter_name value component_list only_current",
    "set_parameters_free": "component_list parameter_name_list",
    "set_parameters_not_free": "component_list parameter_name_list",
    "fit": "fitter method grad bounded ext_bounding update_plot",
    "multifit": ("mask fetch_only_fixed autosave autosave_every show_progressbar interactive_plot"),
    "fit_component": (
        "component signal_range estimate_parameters fit_independent only_current display toolkit"
    ),
    "store_current_values": "",
    "fetch_stored_values": "only_fixed",
    "fetch_values_from_array": "array array_std",
    "store": "name",
    "save": "file_name name",
    "save_parameters2file": "filename",
    "load_parameters_from_file": "filename",
    "create_samfire": "workers setup",
    "plot": "plot_components",
    "enable_plot_components": "",
    "disable_plot_components": "",
    "enable_adjust_position": "components fix_them show_label",
    "disable_adjust_position": "",
    "suspend_update": "update_on_resume",
    "resume_update": "",
    "update_plot": "",
    "gui": "display toolkit",
}
RANGES = {
    "set_signal_range": "x1 x2",
    "remove_signal_range": "x1 x2",
    "add_signal_range": "x1 x2",
    "reset_signal_range": "",
}
COMPONENT = {
    "name": None,
    "active": None,
    "active_is_multidimensional": None,
    "parameters": None,
    "free_parameters": None,
    "model": None,
    "events": None,
    "isbackground": None,
    "convolved": None,
    "function": "",
    "init_parameters": "parameter_name_list",
    "update_number_parameters": "",
    "fetch_values_from_array": "p p_std onlyfree",
    "store_current_parameters_in_map": "",
    "fetch_stored_values": "only_fixed",
    "plot": "only_free",
    "export": "folder format save_std only_free",
    "summary": "",
    "set_parameters_free": "parameter_name_list",
    "set_parameters_not_free": "parameter_name_list",
    "estimate_parameters": "signal x1 x2 only_current",
    "as_dictionary": "fullcopy",
    "gui": "display toolkit",
}
PARAMETER = {
    "name": None,
    "value": None,
    "std": None,
    "free": None,
    "bmin": None,
    "bmax": None,
    "units": None,
    "ext_bounded": None,
    "ext_force_positive": None,
    "grad": None,
    "map": None,
    "twin": None,
    "twin_function": None,
    "twin_inverse_function": None,
    "twin_function_expr": None,
    "twin_inverse_function_expr": None,
    "component": None,
    "model": None,
    "events": None,
    "as_signal": "field",
    "plot": "",
    "export": "folder name format save_std",
    "fetch": "",
    "store_current_value_in_array": "",
    "assign_current_value_to_all": "mask",
    "as_dictionary": "fullcopy",
    "gui": "display toolkit",
}
OLDER = {
    "Model1D": MODEL | RANGES | {"axis": None},
    "Model2D": MODEL | RANGES,
    "Component": COMPONENT,
    "Parameter": PARAMETER,
}
"""Class -> name -> its arguments, or None for what is no function."""


def older() -> Iterator[str]:
    """``Model1D.fit`` and ``Model1D.fit(fitter)`` and so on, of 1.3."""
    for kind, names in OLDER.items():
        for name, arguments in names.items():
            yield f"{kind}.{name}"
            yield from (f"{kind}.{name}({each})" for each in (arguments or "").split())


def newer() -> Iterator[str]:
    """The same of the HyperSpy that is installed, without what its base library brings."""
    from hyperspy.component import Component, Parameter
    from hyperspy.models.model1d import Model1D
    from hyperspy.models.model2d import Model2D

    base = next(kind for kind in Component.__mro__ if kind.__name__ == "HasTraits")
    foreign = set(dir(base)) | {"wrappers"}
    for kind in (Model1D, Model2D, Component, Parameter):
        for name in dir(kind):
            if not name.startswith("_") and name not in foreign:
                yield f"{kind.__name__}.{name}"
                yield from (
                    f"{kind.__name__}.{name}({each})"
                    for each in _arguments(inspect.getattr_static(kind, name))
                )


def _arguments(thing: object) -> list[str]:
    if isinstance(thing, property) or not callable(thing):
        return []
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        return []
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.kind in named and p.name != "self"]


def absences() -> dict[str, str]:
    """What COMPAT.md says is not here, with the reason."""
    found = {}
    for line in COMPAT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2:
            found |= dict.fromkeys(re.findall(r"`([\w.]+(?:\([\w, ]*\))?)`", cells[0]), cells[1])
    return found
