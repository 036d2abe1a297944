"""One formula, three places: numpy, the compiled kernel and the browser give the same numbers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hsjupyter.formula.kernel_code import compile_kernel
from tests.components.cases import CASES
from tests.formula import node

FORMULAS = [case for case in CASES if case.make().formula_object is not None]


@pytest.mark.parametrize("case", FORMULAS, ids=str)
def test_the_kernel_gives_numpys_numbers(case):
    component = case.make()
    formula, row, x = component.formula_object, component.row(), case.axis()
    kernel = compile_kernel(formula.derivative_tape())
    value, rows = kernel(x[np.newaxis], np.array(row))
    wanted, wanted_rows = formula.evaluate_all((x,), row)
    assert_allclose(value, wanted, rtol=1e-12, atol=1e-13 * np.abs(wanted).max())
    scale = np.abs(wanted_rows).max(axis=1, keepdims=True, initial=0) + 1e-300
    assert_allclose(rows / scale, wanted_rows / scale, rtol=1e-11, atol=1e-12)


def test_the_browser_gives_numpys_numbers():
    made = [(case, case.make(), case.axis()) for case in FORMULAS]
    bodies = [(c.formula_object.javascript(), [x], c.row()) for _, c, x in made]
    assert [
        str(case) for (case, *_), (body, *_) in zip(made, bodies, strict=True) if not body
    ] == []
    filled, _ = node.run(bodies)
    for (case, component, x), line in zip(made, filled, strict=True):
        wanted = component.formula_object.value((x,), component.row())
        wanted = np.broadcast_to(wanted, x.shape)
        assert_allclose(
            line, wanted, rtol=1e-12, atol=1e-13 * np.abs(wanted).max(), err_msg=str(case)
        )
