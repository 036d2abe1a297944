"""Below the gui room nothing loads a widget, and `import hsjupyter.api` loads nothing heavy."""

import subprocess
import sys

from tests.house.sources import PACKAGE, ROOT, files, module_name

WIDGETS = {"ipywidgets", "anywidget", "bqplot", "matplotlib", "IPython"}
HEAVY = {"h5py", "ipyparallel", "llvmlite", "numba", "pandas", "sympy", "xraylib"}
HEAVY |= {"scipy.optimize", "scipy.special"}


def loaded_by(modules, watched):
    """Import ``modules`` in a fresh process; return which of ``watched`` it has loaded then."""
    program = (
        "import importlib, sys\n"
        f"for name in {sorted(modules)!r}:\n"
        "    importlib.import_module(name)\n"
        f"print(*(name for name in {sorted(watched)!r} if name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def headless_modules():
    """Return every module of the package outside the gui room."""
    names = {module_name(ROOT, path) for path in files(ROOT, [PACKAGE], ".py")}
    return {name for name in names if not f"{name}.".startswith(f"{PACKAGE}.gui.")}


def test_every_headless_module_loads_without_a_widget_library():
    modules = headless_modules()
    assert f"{PACKAGE}.core.model" in modules
    assert loaded_by(modules, WIDGETS) == set()


def test_the_api_loads_neither_widgets_nor_heavy_libraries():
    assert loaded_by([f"{PACKAGE}.api"], WIDGETS | HEAVY) == set()


def test_sliders_are_shown_without_the_library_that_plots():
    # It brings pandas, and with it more than a second before the first slider.
    assert loaded_by([f"{PACKAGE}.gui.show"], {"bqplot", "pandas", "voila"}) == set()


def test_a_library_that_is_loaded_is_seen():
    assert loaded_by(["ipywidgets"], WIDGETS) >= {"ipywidgets", "IPython"}
    assert loaded_by(["scipy.optimize"], HEAVY) >= {"scipy.optimize"}
