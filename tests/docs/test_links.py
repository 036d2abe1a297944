"""Every link between pages goes to a page, and to a heading of it, that is there."""

import pytest

from tests.docs.pages import ROOT, pages, wrong_links


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_goes_somewhere(page):
    assert list(wrong_links(page, ROOT)) == []


def test_all_pages_are_looked_at():
    names = {str(page.relative_to(ROOT)) for page in pages()}
    assert {"README.md", "docs/index.md", "docs/guide/samfire.md", "CONTRIBUTING.md"} <= names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see [it](gone.md)", "page.md: gone.md is not there"),
        ("see [it](other.md#gone)", "page.md: other.md#gone has no heading of that name"),
        ("![a picture](gone.png)", "page.md: gone.png is not there"),
        ("see [it](../../etc/passwd)", "page.md: ../../etc/passwd is not there"),
    ],
)
def test_a_link_to_nowhere_is_found(text, told, tmp_path):
    (tmp_path / "other.md").write_text("# A heading of `code`, and words\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{text}\n")
    assert list(wrong_links(page, tmp_path)) == [told]


@pytest.mark.parametrize(
    "text",
    [
        "[it](other.md#a-heading-of-code-and-words)",
        "[](#page)",
        "[out](https://example.org/gone)",
        "`[no](link.md)`",
        "```text\n[no](link.md)\n```",
    ],
)
def test_a_link_that_is_right_or_none_is_left_alone(text, tmp_path):
    (tmp_path / "other.md").write_text("# A heading of `code`, and words\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{text}\n")
    assert list(wrong_links(page, tmp_path)) == []
