"""What is read of a page in Markdown: its blocks, its links, and the places a link may go to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATTERNS = ["README.md", "CONTRIBUTING.md", "benchmarks/README.md", "docs/*.md", "docs/*/*.md"]
"""Pages whose blocks of Python are run."""

FENCE = re.compile(r"^( *)(`{3,}|:{3,})([^\n]*)\n(.*?)^\1\2`*:* *$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?\)")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language or directive, what stands in it, and its line."""

    kind: str
    text: str
    line: int


def pages(root: Path = ROOT) -> list[Path]:
    """Every page that people read."""
    return sorted(
        [*root.glob("*.md"), *root.glob("benchmarks/*.md"), *root.glob("docs/**/*.md")],
    )


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = []
    for match in FENCE.finditer(text):
        indent, _, kind, inside = match.groups()
        lines = [line.removeprefix(indent) for line in inside.splitlines()]
        found.append(Block(kind.strip(), "\n".join(lines), text.count("\n", 0, match.start()) + 1))
    return found


def prose(text: str) -> str:
    """A page without its blocks and without what is code in a line."""
    return re.sub(r"`[^`\n]+`", "``", FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The places in a page, named as GitHub and MyST name them."""
    words = (re.sub(r"[^\w\- ]", "", h.replace("`", "").lower()) for h in HEADING.findall(text))
    return {word.strip().replace(" ", "-") for word in words}


def wrong_links(page: Path, root: Path) -> Iterator[str]:
    """Links that go nowhere; what is elsewhere in the world is not asked."""
    for link in LINK.findall(prose(page.read_text())):
        if ELSEWHERE.match(link):
            continue
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or not target.is_relative_to(root):
            yield f"{page.relative_to(root)}: {link} is not there"
        elif place and place not in anchors(FENCE.sub("", target.read_text())):
            yield f"{page.relative_to(root)}: {link} has no heading of that name"
