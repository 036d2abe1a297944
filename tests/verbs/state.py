"""All that a model is, as plain values, to be compared before and after."""

from typing import Any

import numpy as np

TRAITS = ("value", "std", "free", "bmin", "bmax", "units", "ext_bounded", "ext_force_positive")
LINKS = ("twin", "twin_function_expr", "twin_inverse_function_expr", "twin_callable")
MAPS = ("values", "std", "is_set", "active", "chisq", "dof")


def state_of(model: Any) -> dict[str, Any]:
    """Names, numbers, switches, links, maps, range and place of a model, copied."""
    parameters = [p for c in model for p in c.parameters]
    return {
        "components": [
            (id(c), c.name, c.active, c.active_is_multidimensional, c.model is model) for c in model
        ],
        "parameters": [[getattr(p, name) for name in TRAITS] for p in parameters],
        "links": [[getattr(p, name) for name in LINKS] for p in parameters],
        "followers": [sorted(map(str, p.followers)) for p in parameters],
        "maps": {name: getattr(model.maps, name).copy() for name in MAPS},
        "switches": np.array(model.channel_switches),
        "pixel": model.axes_manager.indices,
        "low_loss": id(model.low_loss),
        "fit": id(model.fit_output),
        "data": np.array(model.signal.data),
        "stored": sorted(model.signal.stored_models),
    }


def assert_same_state(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Fail, naming what differs."""
    for name, old in before.items():
        new = after[name]
        if isinstance(old, np.ndarray):
            np.testing.assert_array_equal(new, old, err_msg=name)
        elif name == "maps":
            for field, array in old.items():
                np.testing.assert_array_equal(new[field], array, err_msg=field)
        else:
            assert new == old, name
