"""Writes ``js/src/schema.gen.ts`` from the host's traits: ``python -m hsjupyter.gui.schema``.

With ``--check`` it writes nothing and ends with 1 where the file is not what it would write.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, is_typeddict

from hsjupyter.gui import records
from hsjupyter.gui.desk import Desk
from hsjupyter.gui.host import Host

TARGET = Path(__file__).parents[2] / "js" / "src" / "schema.gen.ts"
HEAD = "// Written by `python -m hsjupyter.gui.schema` from hsjupyter/gui. Do not edit.\n"
WIDTH = 100
PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    bytes: "DataView",
    NoneType: "null",
}


def in_typescript(shape: Any) -> str:
    """A Python type as TypeScript writes it.

    Raises
    ------
    TypeError
        It has no counterpart.
    """
    if shape in PLAIN:
        return PLAIN[shape]
    if is_typeddict(shape):
        return str(shape.__name__)
    origin, inside = get_origin(shape), get_args(shape)
    if origin is Literal:
        return " | ".join(f'"{word}"' for word in inside)
    if origin in {Union, UnionType}:
        return " | ".join(dict.fromkeys(in_typescript(one) for one in inside))
    if origin is list:
        element = in_typescript(inside[0])
        return f"({element})[]" if " " in element else f"{element}[]"
    if origin is dict:
        return f"Record<{in_typescript(inside[0])}, {in_typescript(inside[1])}>"
    raise TypeError(f"{shape!r} came; a type that JSON knows is wanted, see gui/records.py")


def _block(name: str, fields: dict[str, Any], doc: str) -> str:
    lines = "".join(_field(field, in_typescript(shape)) for field, shape in fields.items())
    first = doc.strip().splitlines()[0]
    return f"/** {first} */\nexport type {name} = {{\n{lines}}};\n"


def _field(name: str, shape: str) -> str:
    """One field; a union that is too long for a line has one for each member, as biome has it."""
    line = f"  {name}: {shape};\n"
    if len(line) - 1 <= WIDTH or " | " not in shape:
        return line
    members = "".join(f"\n    | {member}" for member in shape.split(" | "))
    return f"  {name}:{members};\n"


def source() -> str:
    """The whole file."""
    blocks = [
        _block(name, record.__annotations__, record.__doc__ or "")
        for name, record in vars(records).items()
        if is_typeddict(record)
    ]
    for widget, name in ((Host, "HostState"), (Desk, "DeskState")):
        shapes = {
            name: trait.metadata["shape"]
            for name, trait in widget.class_traits(sync=True).items()
            if "shape" in trait.metadata
        }
        told = f"What a {widget.__name__.lower()} synchronises."
        blocks.append(_block(name, dict(sorted(shapes.items())), told))
    return "\n".join([HEAD, *blocks])


def main(words: list[str] | None = None) -> int:
    """Write or check the file; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    fresh = source()
    if parser.parse_args(words).check:
        if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == fresh:
            return 0
        sys.stderr.write(f"{TARGET.name} is stale; run: python -m hsjupyter.gui.schema\n")
        return 1
    TARGET.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
