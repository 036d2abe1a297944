"""The table of who presses which control names tests that are there."""

import ast

import pytest

from tests.e2e.controls import HERE, TABLE


@pytest.mark.parametrize(("file", "function"), sorted(set(TABLE.values())))
def test_who_presses_a_control_is_there(file: str, function: str) -> None:
    tree = ast.parse((HERE / f"{file}.py").read_text(encoding="utf-8"))
    assert function in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
