"""What the rules read: the source files of a project tree, and what each Python file imports."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "hsjupyter"
PYTHON = (PACKAGE, "tests", "benchmarks")
TYPESCRIPT = ("js/src", "js/lab", "js/tests")
MADE = {"__pycache__", "node_modules", "static"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(root: Path, folders: Iterable[str], *endings: str) -> Iterator[Path]:
    """Give the files of ``folders`` with one of the ``endings``, in order, without what is made."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in endings and not MADE & set(path.relative_to(root).parts):
                yield path


def tell(root: Path, path: Path, line: int, text: str) -> str:
    """Write a violation the way editors read it."""
    return f"{path.relative_to(root).as_posix()}:{line}: {text}"


@dataclass(frozen=True)
class Import:
    """One import of one Python file.

    Attributes
    ----------
    module : str
        What is imported, with its dots, never relative.
    names : tuple of str
        What is taken from it; empty for a plain ``import``.
    line : int
        Where.
    local : bool
        Inside a function.
    typing : bool
        For type checkers only.
    """

    module: str
    names: tuple[str, ...]
    line: int
    local: bool
    typing: bool


def module_name(root: Path, path: Path) -> str:
    """Return the dotted name of the module in ``path``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _absolute(node: ast.ImportFrom, here: str, *, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parents = here.split(".")[: None if package and node.level == 1 else int(package) - node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])


def imports(root: Path, path: Path) -> list[Import]:
    """Return every import of a Python file, at the top and inside functions."""
    here = module_name(root, path)
    package = path.name == "__init__.py"
    found: list[Import] = []

    def walk(node: ast.AST, *, local: bool, typing: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(a.name, (), node.lineno, local, typing) for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            module = _absolute(node, here, package=package)
            found.append(Import(module, names, node.lineno, local, typing))
        else:
            inside = local or isinstance(node, Function)
            for child in ast.iter_child_nodes(node):
                walk(child, local=inside, typing=typing or _is_for_typing(node))

    walk(ast.parse(path.read_text()), local=False, typing=False)
    return found


def third_party(root: Path, folder: str, known: Iterable[str]) -> dict[str, str]:
    """Return the first place where each library outside ``known`` is imported under ``folder``."""
    libraries: dict[str, str] = {}
    for path in files(root, [folder], ".py"):
        for each in imports(root, path):
            library = each.module.split(".")[0]
            if library not in known:
                libraries.setdefault(library, tell(root, path, each.line, library))
    return libraries


def graph(root: Path) -> dict[str, set[str]]:
    """Return which module of the package imports which, imports inside functions counted."""
    modules = {module_name(root, path): path for path in files(root, [PACKAGE], ".py")}
    edges: dict[str, set[str]] = {}
    for module, path in modules.items():
        targets: set[str] = set()
        for each in imports(root, path):
            if each.typing:
                continue
            # `from package import thing`: an edge to the thing where it is a module of its own.
            deeper = {name for n in each.names if (name := f"{each.module}.{n}") in modules}
            targets |= deeper
            if len(deeper) < max(len(each.names), 1) and each.module in modules:
                targets.add(each.module)
        edges[module] = targets
    return edges


def made_of(root: Path, libraries: set[str]) -> set[str]:
    """Return the modules that load one of ``libraries`` as soon as they are imported."""
    tops = {
        module_name(root, path): {
            name
            for each in imports(root, path)
            if not (each.local or each.typing)
            for name in (each.module, *(f"{each.module}.{n}" for n in each.names))
        }
        for path in files(root, [PACKAGE], ".py")
    }
    made = {
        module
        for module, names in tops.items()
        if libraries & {name.split(".")[0] for name in names}
    }
    while more := {module for module, names in tops.items() if names & made} - made:
        made |= more
    return made


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other (Tarjan, SIAM J. Comput. 1 (1972) 146)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for target in sorted(edges[module]):
            if target not in order:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], order[target])
        if low[module] == order[module]:
            cut = stack.index(module)
            group = sorted(stack[cut:])
            del stack[cut:]
            if len(group) > 1 or module in edges[module]:
                groups.append(group)

    for module in sorted(edges):
        if module not in order:
            visit(module)
    return groups
