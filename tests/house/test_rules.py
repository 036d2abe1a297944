"""The project keeps every rule of the house, and every rule is able to find what it forbids."""

from pathlib import Path

import pytest

from tests.house import rules
from tests.house.sources import ROOT

LONG = "".join(f"a{n} = {n}\n" for n in range(401))
VERB = '"""v"""\nclass V:\n    """v"""\n'
PROJECT = '[project]\nname = "hsjupyter"\ndependencies = ["numpy>=2", "import-linter"]\n'
EXTRAS = '[project.optional-dependencies]\nformats = ["rosettasciio>=0.8"]\ntest = ["pytest"]\n'
LOCK = '{"packages": {"": {}, "node_modules/a": {"version": "1", '

# rule, a small tree that breaks it, what the violation says
BROKEN = {
    "long-python": (rules.long_files, {"hsjupyter/a.py": LONG}, "a.py:401: 401 lines"),
    "long-typescript": (rules.long_files, {"js/src/a.ts": LONG}, "a.ts:401: 401 lines"),
    "utils": (rules.empty_names, {"hsjupyter/core/axes_utils.py": ""}, "nothing: utils"),
    "common": (rules.empty_names, {"js/src/common/a.ts": ""}, "nothing: common"),
    "no-docstring": (rules.untold_purpose, {"hsjupyter/a.py": "a = 1\n"}, "a.py:1: no docstring"),
    "no-comment": (rules.untold_purpose, {"js/src/a.ts": "export {};"}, "a.ts:1: no comment"),
    "cycle": (
        rules.import_cycles,
        {
            "hsjupyter/__init__.py": "",
            "hsjupyter/a.py": "from hsjupyter import b",
            "hsjupyter/b.py": "from . import c",
            "hsjupyter/c.py": "def f():\n    from .a import g\n",
        },
        "hsjupyter.a <-> hsjupyter.b <-> hsjupyter.c",
    ),
    "cycle-through-a-package": (
        rules.import_cycles,
        {
            "hsjupyter/p/__init__.py": "from .x import X",
            "hsjupyter/p/x.py": "from hsjupyter.p import Y",
        },
        "hsjupyter.p <-> hsjupyter.p.x",
    ),
    "local-import": (
        rules.hidden_imports,
        {"hsjupyter/core/a.py": "def f():\n    import hsjupyter.gui\n"},
        "core/a.py:2: hsjupyter.gui is imported inside",
    ),
    "local-import-of-a-neighbour-of-something-heavy": (
        rules.hidden_imports,
        {
            "hsjupyter/core/a.py": "def f():\n    from hsjupyter.core import b, c\n",
            "hsjupyter/core/b.py": "def g():\n    import scipy\n",
        },
        "core/a.py:2: hsjupyter.core is imported inside",
    ),
    "import-by-name": (
        rules.hidden_imports,
        {"hsjupyter/a.py": "import_module('hsjupyter.gui.show')"},
        "a.py:1: 'hsjupyter.gui.show' is imported by name",
    ),
    "verb-init": (
        rules.thick_verbs,
        {"hsjupyter/verbs/a.py": f"{VERB}    def __init__(self): self.b = 1\n"},
        "V has an __init__",
    ),
    "verb-attribute": (
        rules.thick_verbs,
        {"hsjupyter/verbs/a.py": f"{VERB}    limit: int = 3\n"},
        "a.py:4: V has an attribute",
    ),
    "verb-long": (
        rules.thick_verbs,
        {"hsjupyter/verbs/a.py": f"{VERB}    def f(self):\n        '''d'''\n" + 16 * "        f\n"},
        "V.f has 16 statements",
    ),
    "pickle": (rules.text_that_runs, {"hsjupyter/a.py": "import pickle"}, "a.py:1: pickle"),
    "dill": (rules.text_that_runs, {"hsjupyter/a.py": "from x import dill"}, "a.py:1: x keeps"),
    "eval": (rules.text_that_runs, {"hsjupyter/a.py": "eval('1')"}, "eval() runs text"),
    "exec": (rules.text_that_runs, {"hsjupyter/a.py": "\nexec('1')"}, "a.py:2: exec() runs"),
    "sympify": (rules.text_that_runs, {"hsjupyter/a.py": "s.sympify('1')"}, "sympify() runs"),
    "allow-pickle": (
        rules.text_that_runs,
        {"hsjupyter/a.py": "np.load(f, allow_pickle=True)"},
        "allow_pickle is not False",
    ),
    "skip": (
        rules.skipped_tests,
        {"tests/a.py": "import pytest\n@pytest.mark.skipif(True)\ndef test_a(): ..."},
        "a.py:2: skipif",
    ),
    "importorskip": (
        rules.skipped_tests,
        {"tests/a.py": "pytest.importorskip('numba')"},
        "a.py:1: importorskip",
    ),
    "js-skip": (rules.skipped_tests, {"js/tests/a.ts": "it" + ".skip()"}, "a.ts:1: it"),
    "sleep": (rules.sleeping_tests, {"tests/a.py": "time.sleep" + "(1)"}, "a.py:1: sleep"),
    "page-sleep": (
        rules.sleeping_tests,
        {"tests/a.py": "page.wait_for_timeout" + "(1)"},
        "a.py:1: wait_for_timeout",
    ),
    "js-sleep": (rules.sleeping_tests, {"js/tests/a.ts": "await sleep" + "(1)"}, "a.ts:1: sleep("),
    "undeclared": (
        rules.undeclared_imports,
        {"pyproject.toml": PROJECT, "hsjupyter/a.py": "import rsciio, numpy, importlinter"},
        "a.py:1: rsciio is not declared",
    ),
    "undeclared-in-tests": (
        rules.undeclared_imports,
        {
            "pyproject.toml": PROJECT + EXTRAS,
            "hsjupyter/a.py": "import rsciio, numpy, importlinter",
            "tests/b.py": "import pytest, numba",
        },
        "b.py:1: numba is not declared, not for tests either",
    ),
    "unused": (
        rules.undeclared_imports,
        {"pyproject.toml": PROJECT, "hsjupyter/a.py": "import numpy"},
        "import-linter is declared, nobody imports it",
    ),
    "registry": (
        rules.named_registries,
        {"js/.npmrc": "registry=https://registry" + ".npmjs.org/"},
        "js/.npmrc:1: names a registry",
    ),
    "lock-address": (
        rules.unusable_lock,
        {"js/package-lock.json": LOCK + '"resolved": "https://r/a.tgz"}}}'},
        "tied to an address: https://r/a.tgz",
    ),
    "lock-one-system": (
        rules.unusable_lock,
        {"js/package-lock.json": LOCK + '"optionalDependencies": {"@a/win32": "1"}}}}'},
        "@a/win32 is missing",
    ),
    "readme": (
        rules.untold_commands,
        {
            "README.md": "pytest -q\n",
            ".ci/run": 'python -m pip install -e ".[test]" && pytest -n logical\n',
        },
        "README.md: the command 'pytest -n logical' is missing",
    ),
    "fragment-name": (rules.odd_fragments, {"changes/a.feature.md": "b"}, "a.feature.md:1: wanted"),
    "fragment-empty": (rules.odd_fragments, {"changes/a.new.md": "\n"}, "a.new.md:1: wanted"),
}
EVERY = list(dict.fromkeys(rule for rule, _, _ in BROKEN.values()))


def plant(root: Path, tree: dict[str, str]) -> Path:
    """Write the files of ``tree`` under ``root``."""
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("name", BROKEN)
def test_the_rule_finds_what_it_forbids(name, tmp_path):
    rule, tree, says = BROKEN[name]
    violations = rule(plant(tmp_path, tree))
    assert any(says in violation for violation in violations), violations


def test_no_rule_is_forgotten():
    defined = {
        rule
        for rule in vars(rules).values()
        if callable(rule) and getattr(rule, "__annotations__", {}).get("return") == list[str]
    }
    public = {rule for rule in defined if not rule.__name__.startswith("_")}
    assert public == set(EVERY)


ALLOWED = {
    "door": (rules.hidden_imports, {"hsjupyter/core/door.py": "import_module('hsjupyter.gui')"}),
    "heavy": (rules.hidden_imports, {"hsjupyter/a.py": "def f():\n    import sympy\n"}),
    "made-of-something-heavy": (
        rules.hidden_imports,
        {
            "hsjupyter/a.py": "def f():\n    from hsjupyter.b import g\n",
            "hsjupyter/b.py": "from hsjupyter import c",
            "hsjupyter/c.py": "from llvmlite import ir",
        },
    ),
    "regex": (rules.text_that_runs, {"hsjupyter/a.py": "re.compile('a')\nframe.eval('b')"}),
    "registers-its-neighbours": (
        rules.hidden_imports,
        {"hsjupyter/components/__init__.py": "import_module(f'{__name__}.{name}')"},
    ),
    "typing-only": (
        rules.import_cycles,
        {
            "hsjupyter/a.py": "if TYPE_CHECKING:\n    from hsjupyter import b\n",
            "hsjupyter/b.py": "from hsjupyter import a",
        },
    ),
    "siblings-of-a-package": (
        rules.import_cycles,
        {
            "hsjupyter/p/__init__.py": "from .x import X",
            "hsjupyter/p/x.py": "from .y import Y\nfrom hsjupyter.p import y",
            "hsjupyter/p/y.py": "",
        },
    ),
    "a-turn": (rules.sleeping_tests, {"tests/a.py": "await asyncio.sleep" + "(0)"}),
    "short-verb": (
        rules.thick_verbs,
        {"hsjupyter/verbs/a.py": f"{VERB}    def f(self):\n        '''d'''\n" + 15 * "        f\n"},
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_rule_leaves_alone_what_is_allowed(name, tmp_path):
    rule, tree = ALLOWED[name]
    assert rule(plant(tmp_path, tree)) == []
