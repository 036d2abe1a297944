"""The ``hsjupyter`` command: ``demo`` fits a real map, ``dashboard`` serves a page to others."""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from hsjupyter import __version__, data
from hsjupyter.core.door import open_gui
from hsjupyter.core.errors import HSJupyterError
from hsjupyter.model import components1D
from hsjupyter.schedule.run import Run
from hsjupyter.storage.export import save_parameters

NOTEBOOK = "first_fit.ipynb"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line where not given.

    Returns
    -------
    int
        Exit status: 0 when all went well.
    """
    chosen = parser().parse_args(arguments)
    try:
        if chosen.command == "dashboard":
            return _dashboard(chosen)
        return _demo(chosen.folder, lab=not chosen.no_lab)
    except HSJupyterError as wrong:
        print(f"hsjupyter: {wrong}", file=sys.stderr)
        return 1
    except OSError as wrong:
        if chosen.command == "dashboard":
            raise
        print(
            f"hsjupyter: the folder {chosen.folder} cannot be made or written to ({wrong}); choose "
            "another with --folder",
            file=sys.stderr,
        )
        return 1


def parser() -> argparse.ArgumentParser:
    """What the command line may say."""
    words = argparse.ArgumentParser("hsjupyter", description="Model fitting, natively in Jupyter.")
    words.add_argument("--version", action="version", version=f"hsjupyter {__version__}")
    commands = words.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="fit a real map, then open it in JupyterLab")
    demo.add_argument("--no-lab", action="store_true", help="end after the fit")
    demo.add_argument(
        "--folder", type=Path, default=Path("hsjupyter-demo"), help="where the files go"
    )
    _add_dashboard(commands)
    return words


def _add_dashboard(commands: Any) -> None:
    words = commands.add_parser(
        "dashboard", help="serve a recipe or a notebook to others, by Voila"
    )
    words.add_argument("target", type=Path, help="a recipe (.hspy) or a notebook (.ipynb)")
    words.add_argument("--data", type=Path, help="folder of data that visitors choose from")
    words.add_argument(
        "--limits", type=Path, help="file of limits, in TOML, such as: upload_mb = 64"
    )
    words.add_argument("--port", type=int, default=8866, help="where it answers (8866)")
    words.add_argument(
        "--ip", default="127.0.0.1", help="of loopback: only this machine reaches it"
    )
    words.add_argument("--base-url", default="/", help="path behind a proxy, such as /fit/")
    words.add_argument("--theme", choices=["light", "dark"], default="light")
    words.add_argument("--log", type=Path, help="where errors of visitors are written")
    words.add_argument("--no-browser", action="store_true", help="do not open it here")


def _dashboard(chosen: argparse.Namespace) -> int:
    status: int = open_gui(
        chosen.target,
        "serve",
        data=chosen.data,
        limits=chosen.limits,
        port=chosen.port,
        ip=chosen.ip,
        base_url=chosen.base_url,
        theme=chosen.theme,
        browser=not chosen.no_browser,
        log=chosen.log,
    )
    return status


def _demo(folder: Path, *, lab: bool) -> int:
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    signal: Any = data.abell478_map()
    model = _three_lines(signal)
    print(f"{signal.metadata.General.title}: {signal.axes_manager.dimensions}")
    print(f"{signal.metadata.General.notes}\n")
    print(model.components, "\n", sep="")
    run = model.multifit()
    print()
    model.print_current_values()
    _print_quality(model, run)
    for path in (
        signal.save(folder / "demo.hspy", overwrite=True),
        save_parameters(model, folder / "parameters.csv"),
        open_gui(model, "picture", path=folder / "parameter_maps.png"),
    ):
        print(f"  wrote {path}")
    notebook = _copy_notebook(folder)
    print(f"  wrote {notebook}\n\nDone in {time.perf_counter() - began:.1f} s.")
    return _open_lab(notebook) if lab else 0


def _three_lines(signal: Any) -> Any:
    """H alpha between the two lines of [N II], which come from one upper level."""
    gaussian = components1D.Gaussian
    model = signal.create_model()
    weak = gaussian(A=400, sigma=2.5, centre=7110, name="N II 6548")
    alpha = gaussian(A=1000, sigma=2.5, centre=7126, name="H alpha")
    strong = gaussian(A=1200, sigma=2.5, centre=7148, name="N II 6583")
    model.extend([components1D.Offset(30, name="continuum"), weak, alpha, strong])
    for line in (alpha, strong):
        line.sigma.set_bounds(1, 8)
        line.centre.set_bounds(line.centre.value - 10, line.centre.value + 10)
    for name, law in (("A", "x / 3.05"), ("sigma", "x"), ("centre", "x * 6548.05 / 6583.45")):
        follower, leader = getattr(weak, name), getattr(strong, name)
        follower.twin_function_expr = law
        follower.twin = leader
    return model


def _print_quality(model: Any, run: Run) -> None:
    red = model.red_chisq.data
    low, middle, high = np.nanpercentile(red, [5, 50, 95])
    print(
        f"\nFitted {run.done - len(run.failures)} of {run.total} pixels at {run.rate:.0f} pixels/s;"
        f" reduced chi squared: median {middle:.3g}, 5 % to 95 %: {low:.3g} to {high:.3g}."
    )


def _copy_notebook(folder: Path) -> Path:
    """The first notebook beside the files of the demo; one that was worked in is kept."""
    target = folder / NOTEBOOK
    if not target.exists():
        here = Path(__file__).parent
        # A wheel carries the notebooks inside the package; a checkout has them beside it.
        kept = next(f for f in (here / "notebooks", here.parent / "notebooks") if f.is_dir())
        shutil.copyfile(kept / NOTEBOOK, target)
    return target


def _open_lab(notebook: Path) -> int:
    if find_spec("jupyterlab") is None:
        print(
            "hsjupyter: JupyterLab is not installed; install it with: pip install "
            "'hsjupyter[lab]', or end here with --no-lab",
            file=sys.stderr,
        )
        return 1
    print("Opening JupyterLab; press Ctrl-C here twice to end it.")
    return subprocess.call([sys.executable, "-m", "jupyterlab", str(notebook)])
