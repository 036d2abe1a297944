"""What a person installs: everything the package needs, built without git and without Node."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser

import pytest

import hsjupyter
from tests.house.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def build(kind, root, out, tmp_path):
    """Build an archive of the project in ``root``; return its path.

    The search path holds nothing but an empty folder and the shell that npm wants: no git, no node.
    """
    tools = tmp_path / "no-tools"
    tools.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, kind, str(out)],
        cwd=root,
        env={**os.environ, "PATH": str(tools)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Give a source archive, and the wheel built from it as on a machine that never saw git."""
    place = tmp_path_factory.mktemp("archives")
    source = build("build_sdist", ROOT, place / "sdist", place)
    with tarfile.open(source) as packed:
        packed.extractall(place / "tree", filter="data")
    (tree,) = (place / "tree").iterdir()
    # Without the bundle that came along, so that the build has to make it.
    shutil.rmtree(tree / "hsjupyter" / "gui" / "static")
    return source, build("build_wheel", tree, place / "wheel", place)


def test_the_source_archive_has_what_a_build_needs_and_the_bundle(archives):
    with tarfile.open(archives[0]) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames()}
    assert {
        "LICENSE",
        "hatch_build.py",
        "js/package-lock.json",
        "js/src/index.ts",
        "hsjupyter/gui/static/widget.js",
    } <= names
    assert not any("node_modules" in name or "__pycache__" in name for name in names)


def test_nothing_came_along_that_is_not_kept_in_git(archives):
    """But what the build makes: the bundle, and the description of the archive."""
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    allowed = set(kept.stdout.split("\n"))
    with tarfile.open(archives[0]) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames()}
    stray = {n for n in names - allowed if not n.startswith("hsjupyter/gui/static/")}
    assert stray == {"PKG-INFO"}


def contents(wheel):
    """What is in a wheel, by name; the list of sums follows from it, but for its own order."""
    with zipfile.ZipFile(wheel) as packed:
        return {
            name: sorted(packed.read(name).splitlines())
            if name.endswith("RECORD")
            else packed.read(name)
            for name in packed.namelist()
        }


def test_the_wheel_of_the_source_archive_is_that_of_the_checkout(archives, tmp_path):
    here = contents(build("build_wheel", ROOT, tmp_path / "here", tmp_path))
    there = contents(archives[1])
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []


def test_the_archives_pass_the_check_of_who_uploads_them(archives):
    told = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *archives],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("PASSED") == 2


def test_the_description_needs_no_file_beside_it(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        text = wheel.read(f"hsjupyter-{hsjupyter.__version__}.dist-info/METADATA").decode()
    description = Parser().parsestr(text).get_payload()
    assert "Beside others" in description
    assert re.findall(r"\]\((?!https?:)", description) == []
    assert "![" not in description


def test_the_wheel_has_the_package_with_its_bundle_and_nothing_else(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        names = set(wheel.namelist())
        bundle = wheel.read("hsjupyter/gui/static/widget.js")
    assert {
        "hsjupyter/py.typed",
        "hsjupyter/gui/static/widget.css",
        f"hsjupyter-{hsjupyter.__version__}.dist-info/licenses/LICENSE",
    } <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"hsjupyter"}
    assert b"export" in bundle
    assert not any(name.endswith(".sha256") for name in names)


def test_the_wheel_puts_the_sidebar_where_jupyter_looks(archives):
    there = f"hsjupyter-{hsjupyter.__version__}.data/data/share/jupyter/labextensions/hsjupyter"
    with zipfile.ZipFile(archives[1]) as wheel:
        names = set(wheel.namelist())
        manifest = json.loads(wheel.read(f"{there}/package.json"))
    assert manifest["version"] == hsjupyter.__version__
    assert f"{there}/{manifest['jupyterlab']['_build']['load']}" in names
    assert f"{there}/schemas/hsjupyter/sidebar.json" in names
    assert archives[1].stat().st_size < 3_000_000


def test_the_wheel_declares_what_the_project_declares(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        text = wheel.read(f"hsjupyter-{hsjupyter.__version__}.dist-info/METADATA").decode()
        entries = wheel.read(f"hsjupyter-{hsjupyter.__version__}.dist-info/entry_points.txt")
    metadata = Parser().parsestr(text)
    assert metadata["Version"] == hsjupyter.__version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.11"
    assert set(metadata.get_all("Provides-Extra")) == set(PROJECT["optional-dependencies"])
    assert set(PROJECT["dependencies"]) <= set(metadata.get_all("Requires-Dist"))
    assert b"hsjupyter = hsjupyter.command:main" in entries


def test_the_citation_has_what_its_format_asks_for_and_our_licence():
    lines = re.findall(r"^([\w-]+): *(.*)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    told = dict(lines)
    assert {"cff-version", "message", "title", "authors"} <= set(told)
    assert (told["title"], told["license"]) == (PROJECT["name"], PROJECT["license"])


def test_the_widgets_are_left_out_on_request(archives, tmp_path, monkeypatch):
    with tarfile.open(archives[0]) as packed:
        packed.extractall(tmp_path / "tree", filter="data")
    (tree,) = (tmp_path / "tree").iterdir()
    shutil.rmtree(tree / "hsjupyter" / "gui" / "static")
    monkeypatch.setenv("HSJUPYTER_SKIP_JS", "1")
    with zipfile.ZipFile(build("build_wheel", tree, tmp_path / "wheel", tmp_path)) as wheel:
        assert not any("static" in name for name in wheel.namelist())
        assert not any("labextensions" in name for name in wheel.namelist())
