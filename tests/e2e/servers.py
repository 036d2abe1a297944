"""A Jupyter server of one's own, apart from anything the person has installed or configured.

It is that of the Python that runs the tests, or of the one that ``HSJUPYTER_PYTHON`` names, such
as an environment into which a wheel was installed (``python -m tests.e2e.from_wheel``).
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import hsjupyter

SIDEBAR = Path(hsjupyter.__file__).parent / "gui" / "static" / "lab"
CHOICE = "HSJUPYTER_PYTHON"
STARTING = 90.0
ENDING = 15.0


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def python_under_test() -> str:
    """Return the Python whose hsjupyter is looked at: its Jupyter is served, its kernels run."""
    return os.environ.get(CHOICE) or sys.executable


def package_of(python: str) -> Path:
    """Return the file of the hsjupyter that a Python imports, far from any checkout.

    Raises
    ------
    RuntimeError
        It has none.
    """
    command = [python, "-P", "-c", "import hsjupyter; print(hsjupyter.__file__)"]
    with tempfile.TemporaryDirectory() as empty:
        environment = isolated_environment(Path(empty), python)
        done = subprocess.run(
            command, cwd=empty, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{python} has no hsjupyter; install it there\n{done.stderr}")
    return Path(done.stdout.strip())


def isolated_environment(folder: Path, python: str = sys.executable) -> dict[str, str]:
    """Return an environment whose Jupyter settings, data and history all live in ``folder``.

    Parameters
    ----------
    folder : Path
    python : str
        Of the environment whose programs are found first.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "PYTEST", "PYTHONPATH"))
    }
    # The news and update notices cover a corner of the page, and would ask the internet.
    settings = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        }
    }
    overrides = folder / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(settings))
    own: dict[str, str] = {}
    # A checkout's sidebar as it is now, before the one that was installed with the environment;
    # another Python has its own where Jupyter looks.
    if SIDEBAR.is_dir() and python == sys.executable:
        target = folder / "data" / "labextensions" / "hsjupyter"
        shutil.copytree(SIDEBAR, target, dirs_exist_ok=True)
        own["JUPYTER_PREFER_ENV_PATH"] = "0"
    own |= {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PATH": os.pathsep.join([str(Path(python).parent), os.environ["PATH"]]),
    }
    return kept | own


def end(process: subprocess.Popen[str]) -> None:
    """End a process and all it started: they share a process group."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(ENDING)
    except ProcessLookupError:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(ENDING)


@contextmanager
def ended_on_request() -> Iterator[None]:
    """Turn SIGTERM into an interrupt: whoever ends the tests ends their servers too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def serving(
    command: list[str], says: str, folder: Path, python: str = sys.executable
) -> Iterator[None]:
    """Run a server until the block ends.

    Parameters
    ----------
    command : list of str
        What to start.
    says : str
        The server is ready when a line of its output contains this.
    folder : Path
        Where it runs and where ``server.log`` and its settings go.
    python : str
        Of the environment that it belongs to.

    Raises
    ------
    RuntimeError
        When it ends, or says nothing of the kind in 90 s; with its log.
    """
    log = folder / "server.log"
    ready = threading.Event()
    heard = threading.Event()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=isolated_environment(folder, python),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )

    def listen() -> None:
        # The pipe is read to its end, or the server would stop when it is full.
        assert process.stdout is not None
        with log.open("w") as kept:
            for line in process.stdout:
                kept.write(line)
                kept.flush()
                if says in line:
                    heard.set()
                    ready.set()
        ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        ready.wait(STARTING)
        if not heard.is_set():
            message = f"'{' '.join(command)}' never said {says!r}; its log:\n{log.read_text()}"
            raise RuntimeError(message)
        yield
    finally:
        end(process)
        listener.join(ENDING)


@contextmanager
def jupyter_server(folder: Path, python: str | None = None) -> Iterator[str]:
    """Serve JupyterLab under ``/lab`` and Notebook 7 under ``/notebooks``; yields the address.

    One server has both: Notebook is an extension of it.

    Parameters
    ----------
    folder : Path
        Where it runs, and where its settings and files are.
    python : str, optional
        Of the environment that it serves; the one under test where not given.
    """
    python = python or python_under_test()
    port = free_port()
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder / "files",
        "ServerApp.disable_check_xsrf": True,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
        "JupyterNotebookApp.expose_app_in_browser": True,
    }
    (folder / "files").mkdir()
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with ended_on_request(), serving(command, "is running at", folder, python):
        yield f"http://127.0.0.1:{port}"
