"""Formulas on the page of components: as books write them, and not wider than the page."""

from importlib.util import module_from_spec, spec_from_file_location

import pytest

import hsjupyter.api as hs
from tests.docs.pages import ROOT

SPEC = spec_from_file_location("tables", ROOT / "docs" / "_ext" / "tables.py")
tables = module_from_spec(SPEC)
SPEC.loader.exec_module(tables)

SPACES = (hs.model.components1D, hs.model.components2D)
KINDS = [getattr(space, name) for space in SPACES for name in dir(space)]


def formula_of(kind):
    return kind(*tables.EXAMPLES.get(kind.__name__, ())).formula_object


KINDS = [kind for kind in KINDS if formula_of(kind) is not None]


def lines_of(kind):
    dollars, inside, *_ = tables.formula_lines(formula_of(kind))
    assert dollars == "$$"
    size, _, rows = inside.removesuffix(r"\end{gathered}").partition(r"\begin{gathered}")
    return tables.SIZES[size.strip()], rows.split(r"\\[1ex]")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_line_is_wider_than_the_page(kind):
    room, rows = lines_of(kind)
    assert room <= 75  # smaller letters are read by nobody
    assert all(tables.width(row) <= room for row in rows)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_line_has_its_brackets_in_pairs(kind):
    _, rows = lines_of(kind)
    for row in rows:
        for opening, closing in (("{", "}"), (r"\left(", r"\right)"), (r"\begin{", r"\end{")):
            missing = row.count(r"\right.") - row.count(r"\left.") if "left" in opening else 0
            assert row.count(opening) - row.count(closing) == missing, row


def test_a_long_sum_in_brackets_goes_on_in_the_next_line():
    assert tables.broken(r"a \left(b - c\right)") == [r"a \left(b\right.", r"\left. - c\right)"]
    assert tables.broken(r"\frac{a + b}{c} + d") == [r"\frac{a + b}{c}", " + d"]


def test_the_longer_part_of_a_fraction_counts():
    assert tables.width(r"\frac{a + b}{\sqrt{c \, \frac{d}{f}}}") == 3
