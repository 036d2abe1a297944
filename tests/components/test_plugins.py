"""Components of other packages: one file, one row, found by entry point; broken ones harm none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

COMPONENT = '''"""The hyperbolic secant line."""

from hsjupyter.component import Component
from hsjupyter.core.parameter import Par


class Sech(Component):
    """A soliton's amplitude."""

    formula = "A / cosh((x - centre) / width)"
    A = Par(1.0, bmin=0.0, unit="y", doc="height")
    width = Par(1.0, bmin=0.0, unit="x", doc="width")
    centre = Par(0.0, unit="x", doc="position of the maximum")
    position = "centre"
'''

ROW = '''"""The row of Sech, through the table's own tests."""

import numpy as np

from tests.components import cases

cases.CASES[:] = [
    cases.Case(
        "Sech",
        {"A": 2.0, "width": 0.5, "centre": 1.0},
        x=[1.0, 2.0, -1.0],
        y=[2.0, 2 / np.cosh(2.0), 2 / np.cosh(4.0)],
        integral=2.0 * 0.5 * np.pi,
        hyperspy=None,
    )
]
from tests.components.test_components import *  # noqa: E402, F403
'''


def install(folder, **entries):
    """Write what an installer leaves of a package with components."""
    package, info = folder / "extra_lines", folder / "extra_lines-1.0.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sech.py").write_text(COMPONENT)
    (package / "broken.py").write_text("import a_library_that_is_not_there\n")
    (package / "taken.py").write_text(COMPONENT.replace("Sech", "Gaussian"))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra-lines\nVersion: 1.0\n")
    lines = [f"{name} = {where}" for name, where in entries.items()]
    text = "\n".join(["[hsjupyter.components]", *lines, ""])
    (info / "entry_points.txt").write_text(text)


def run(folder, *command):
    env = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_component_takes_one_file_and_one_row(tmp_path):
    install(tmp_path, Sech="extra_lines.sech:Sech")
    row = tmp_path / "test_row.py"
    row.write_text(ROW)
    chosen = ("-k", "not has_a_row and not hyperspy")
    options = ("-p", "no:cacheprovider", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"))
    done = run(tmp_path, "-m", "pytest", "-q", str(row), *chosen, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 6, done.stdout


IMPORTED = "import sys, hsjupyter.api as hs; print('extra_lines' in sys.modules);"


@pytest.mark.parametrize(
    "asked",
    [
        "hs.model.components1D.Sech",
        "dir(hs.model.components1D).index('Sech')",
        "COMPONENTS['Sech']",
    ],
    ids=["by attribute", "by completion", "from a record"],
)
def test_a_package_is_imported_when_a_name_is_not_found(tmp_path, asked):
    install(tmp_path, Sech="extra_lines.sech:Sech")
    table = "from hsjupyter.core.registry import COMPONENTS;"
    done = run(tmp_path, "-c", f"{IMPORTED}{table}{asked}; print('extra_lines' in sys.modules)")
    assert done.stdout.split() == ["False", "True"], done.stderr


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("extra_lines.broken:Lost", "No module named 'a_library_that_is_not_there'"),
        ("extra_lines.sech:Lost", "has no attribute 'Lost'"),
        ("extra_lines.taken:Gaussian", "the component name 'Gaussian' is taken"),
    ],
)
def test_a_broken_package_is_named_and_harms_nobody(tmp_path, where, why):
    install(tmp_path, Lost=where, Sech="extra_lines.sech:Sech")
    code = "print(hs.model.components1D.Sech(A=3).function(0.0), hs.model.components1D.Gaussian)"
    done = run(tmp_path, "-c", IMPORTED + code)
    shown = "False\n3.0 <class 'hsjupyter.components.gaussian.Gaussian'>\n"
    assert done.stdout == shown, done.stderr
    assert "the component 'Lost' of the package extra-lines is left out" in done.stderr
    assert why in done.stderr


def test_a_name_that_nobody_has_lists_the_near_ones(tmp_path):
    install(tmp_path, Sech="extra_lines.sech:Sech")
    code = IMPORTED + "hs.model.components1D.Gausian"
    done = run(tmp_path, "-c", code)
    assert "AttributeError" in done.stderr
    assert "did you mean 'Gaussian'" in done.stderr
    code = IMPORTED + "hs.model.components1D.Gaussian2D"
    assert "take it from components2D" in run(tmp_path, "-c", code).stderr
