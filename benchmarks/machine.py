"""The machine that figures were made on, in words."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "scipy", "llvmlite", "h5py", "hyperspy", "lmfit", "iminuit")


def processor() -> str:
    """Its name, as the system tells it."""
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def memory() -> str:
    """GB of memory, where the system tells it."""
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "memory not known"
    return f"{pages * size / 2**30:.0f} GiB"


def commit() -> str:
    """The state of the checkout, in short."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"
    return told.stdout.strip()


def package(name: str) -> str:
    """A package and its version, or that it is not here."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} not installed"


def described() -> str:
    """A table in Markdown."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
    rows = {
        "hsjupyter": f"{version('hsjupyter')} ({commit()})",
        "processor": f"{processor()}, {os.cpu_count()} threads, {memory()}",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(package(name) for name in PACKAGES),
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load} at the start",
    }
    lines = [f"| {name} | {said} |" for name, said in rows.items()]
    return "\n".join(["| | |", "| --- | --- |", *lines])
