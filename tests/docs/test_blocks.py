"""Every block of code on a page is run, or held against the program that it is for."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from itertools import pairwise

import ipyparallel as ipp
import pytest
from ipyparallel.cluster import launcher

from hsjupyter.command import parser
from hsjupyter.gui.settings import Settings, read_limits
from tests.docs.pages import PATTERNS, ROOT, blocks, pages

BLOCKS = [(page, block) for page in pages() for block in blocks(page.read_text())]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
DIRECTIVES = {"toctree", "include", "story", "optimizers", "components", "eval-rst", "drawing"}


def of(kind):
    return [
        pytest.param(block, id=f"{page.relative_to(ROOT)}:{block.line}")
        for page, block in BLOCKS
        if block.kind == kind
    ]


def test_every_block_is_of_a_kind_that_is_looked_at():
    kinds = {block.kind.partition(" ")[0].strip("{}") for _, block in BLOCKS}
    assert kinds - DIRECTIVES == {"python", "bash", "toml", "text", "nginx"}


def test_blocks_of_python_are_run_wherever_they_stand():
    with_python = {page for page, block in BLOCKS if block.kind == "python"}
    run = {page for pattern in PATTERNS for page in ROOT.glob(pattern)}
    assert with_python <= run


def pip(words, _tmp):
    (wanted,) = [word for word in words if "hsjupyter" in word or word.startswith(".")]
    extras = wanted.partition("[")[2].strip("]").split(",")
    assert set(extras) <= set(EXTRAS)


def hsjupyter(words, _tmp):
    parser().parse_args(words)


def profile(words, tmp):
    made = subprocess.run(
        [sys.executable, "-m", "IPython", *words, f"--ipython-dir={tmp}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert (tmp / "profile_site" / "ipcluster_config.py").exists()


def pytest_words(words, _tmp):
    asked = [sys.executable, "-m", "pytest", *words, "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for before, word in pairwise(("", *words)):
        of_an_option = before.startswith("-")
        assert word in told if word.startswith("-") else of_an_option or (ROOT / word).exists()


def engines(words, _tmp):
    assert shutil.which("ipcluster")
    assert words == ["start", "-n", "64", "--profile=site"]  # as of ipyparallel's own manual


def module(words, _tmp):
    assert find_spec(words[0])
    asked = [sys.executable, "-m", words[0], "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert all(word in told for word in words[1:])


PROGRAMS = {
    ("python", "-m", "pip", "install"): pip,
    ("python", "-m"): module,
    ("hsjupyter",): hsjupyter,
    ("ipython",): profile,
    ("ipcluster",): engines,
    ("pytest",): pytest_words,
}


@pytest.mark.parametrize("block", of("bash"))
def test_every_command_is_one_that_its_program_takes(block, tmp_path):
    for line in block.text.splitlines():
        for command in line.split("&&"):
            words = tuple(shlex.split(command, comments=True))
            known = next(begin for begin in PROGRAMS if words[: len(begin)] == begin)
            PROGRAMS[known](list(words[len(known) :]), tmp_path)


@pytest.mark.parametrize("block", of("toml"))
def test_limits_of_a_dashboard_are_those_that_count_without_a_file(block, tmp_path):
    limits = tmp_path / "limits.toml"
    limits.write_text(block.text)
    assert Settings(**read_limits(limits)) == Settings()


def test_what_is_shown_and_not_run_is_a_cluster_that_is_not_here():
    shown = [block.text for _, block in BLOCKS if block.kind == "text"]
    assert len(shown) == 1
    (call,) = [node for node in ast.walk(ast.parse(shown[0])) if isinstance(node, ast.Call)]
    assert {word.arg for word in call.keywords} - {"engines"} <= set(
        ipp.Cluster.class_trait_names()
    )
    assert ast.literal_eval(call.keywords[1].value) == "slurm"
    assert "slurm" in launcher.abbreviate_launcher_class(launcher.SlurmEngineSetLauncher)


@pytest.mark.parametrize("block", of("nginx"))
def test_a_proxy_hands_on_to_where_the_command_serves(block):
    page = (ROOT / "docs" / "howto" / "dashboard.md").read_text()
    (path,) = re.findall(r"location (\S+) {", block.text)
    (port,) = re.findall(r"proxy_pass +http://127\.0\.0\.1:(\d+);", block.text)
    (command,) = re.findall(r"`hsjupyter (dashboard \S+ --base-url \S+)`", page)
    asked = parser().parse_args(command.split())
    assert (asked.base_url, asked.port) == (path, int(port))


def settings_of_profiles():
    """What the page of clusters sets, as class, trait and value."""
    page = ROOT / "docs" / "howto" / "cluster.md"
    for block in blocks(page.read_text()):
        code = block.kind == "python" and ">>>" not in block.text
        for node in ast.parse(block.text).body if code else []:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(target, ast.Attribute) and ast.unparse(target).startswith("c."):
                yield target.value.attr, target.attr, ast.literal_eval(node.value)


def test_a_profile_sets_what_ipyparallel_has():
    settings = list(settings_of_profiles())
    assert len(settings) > 9
    for kind, name, value in settings:
        where = ipp.Cluster if kind == "Cluster" else getattr(launcher, kind)
        assert where.class_traits()[name].metadata.get("config"), f"{kind}.{name}"
        made = where()
        setattr(made, name, value)
        assert getattr(made, name) or name == "engine_launcher_class"
