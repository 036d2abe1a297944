"""The first look at a text: its tokens, checked before Python's own parser sees any of them.

``ast.parse`` builds huge integers, runs out of stack on deep nesting, may need exponential time
for a slip, and warns about others. So a text reaches it only when it consists of plain tokens in an
order that can be read.
"""

from __future__ import annotations

import re
import unicodedata
from keyword import iskeyword
from typing import NamedTuple

from hsjupyter.formula.errors import FormulaError, refusal

MAX_LENGTH = 2000
MAX_BRACKETS = 50
MAX_LITERAL = 60
MAX_NAME = 60

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\f\v]+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<binary>\*\*|<=|>=|==|!=|//|<<|>>|[*/<>&|])"
    r"|(?P<sign>[-+~])"
    r"|(?P<mark>[(),;=])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_INSTEAD = {
    "^": ("'^'", "write ** for a power: x**2"),
    "//": ("'//'", "write / for a division"),
    "%": ("'%'", "there is no remainder; write the formula without it"),
    "<<": ("'<<'", "write < for a comparison"),
    ">>": ("'>>'", "write > for a comparison"),
    "[": ("a subscript", "write x0 for x[0]; a formula has no lists"),
    "]": ("a subscript", "write x0 for x[0]; a formula has no lists"),
    "{": ("'{'", "write round brackets: 2*(x + 1)"),
    "}": ("'}'", "write round brackets: 2*(x + 1)"),
    ".": ("an attribute", "write the bare name: sqrt(x) for np.sqrt(x), a_b for a.b"),
    '"': ("a string", "leave out the quotation marks"),
    "'": ("a string", "leave out the quotation marks"),
    "!": ("'!'", "write != for unequal and ~ or not for the opposite of a condition"),
    "\N{MINUS SIGN}": ("the character MINUS SIGN", "type - instead"),
    "\N{MULTIPLICATION SIGN}": ("the character MULTIPLICATION SIGN", "type * instead"),
    "\N{MIDDLE DOT}": ("the character MIDDLE DOT", "type * instead"),
    "\N{DIVISION SIGN}": ("the character DIVISION SIGN", "type / instead"),
    "\N{SUPERSCRIPT TWO}": ("the character SUPERSCRIPT TWO", "type **2 instead"),
    "\N{SUPERSCRIPT THREE}": ("the character SUPERSCRIPT THREE", "type **3 instead"),
    "\N{GREEK SMALL LETTER PI}": ("the character GREEK SMALL LETTER PI", "type pi instead"),
}
_ALLOWED = "allowed are numbers, names, + - * / **, comparisons, brackets and functions"


class Segment(NamedTuple):
    """One of the parts that ``;`` divides a text into.

    Attributes
    ----------
    target : str
        The name before ``=``; empty for the formula itself.
    start, stop : int
        The expression is ``text[start:stop]``.
    position : int
        Where the segment's first token stands.
    """

    target: str
    start: int
    stop: int
    position: int


class _Piece(NamedTuple):
    kind: str
    word: str
    start: int


_BEFORE_NOT = frozenset({"start", "open", "comma", "logic", "equals"})
_START = _Piece("start", "", 0)


def split(text: str) -> tuple[Segment, ...]:
    """Check a text's tokens and cut it at its semicolons.

    Parameters
    ----------
    text : str
        What a person, a file or a browser sent.

    Returns
    -------
    tuple of Segment
        Empty segments are left out.

    Raises
    ------
    FormulaError
        Where a token is foreign or stands where it cannot be read.
    """
    if len(text) > MAX_LENGTH:
        raise refusal(
            text,
            MAX_LENGTH,
            f"the text has {len(text)} characters",
            f"at most {MAX_LENGTH} are read",
            "split the shape into several components",
        )
    scan = _Scan(text)
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind != "space":
            scan.take(_Piece(str(kind), match.group(), match.start()))
    scan.end_segment(len(text))
    return tuple(scan.segments)


def is_name(word: object) -> bool:
    """Tell whether a word can name a coordinate or a parameter."""
    if not isinstance(word, str) or not _NAME.fullmatch(word) or len(word) > MAX_NAME:
        return False
    return not (iskeyword(word) or "__" in word or word.startswith("_"))


def rename(text: str, names: dict[str, str]) -> str:
    """Give a text with some of its names replaced by others, all at once.

    Functions keep their names: in ``gamma(gamma)`` only the second is a name.

    Parameters
    ----------
    text : str
        A formula's text; it is not checked.
    names : dict of str to str
        From the old name to the new one.
    """
    pieces = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        called = text[match.end() :].lstrip().startswith("(")
        known = match.lastgroup == "name" and not called
        pieces.append(names.get(word, word) if known else word)
    return "".join(pieces)


class _Scan:
    """What is known of a text up to the token at hand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.segments: list[Segment] = []
        self.open: list[tuple[int, bool]] = []  # position of each open bracket; is it a call?
        self.takers = {
            "number": self._number,
            "name": self._name,
            "binary": self._binary,
            "sign": self._sign,
            "mark": self._mark,
            "other": self._other,
        }
        self._begin(0)

    def _begin(self, start: int) -> None:
        self.target = ""
        self.start = start
        self.position = start
        self.count = 0
        self.last = _START
        self.wanted = True  # an operand is to come

    def take(self, piece: _Piece) -> None:
        """Accept one token, or refuse it."""
        if self.count == 0:
            self.position = piece.start
        self.takers[piece.kind](piece)

    def end_segment(self, stop: int) -> None:
        """Close the part that reaches to ``stop``."""
        if self.open:
            position = self.open[-1][0]
            raise self._refusal(position, "this '(' is not closed", _ALLOWED, "add a ')'")
        if self.count:
            if self.wanted:
                came = f"the text ends after {self.last.word!r}"
                advice = "add a number, a name or a function, or take the end away"
                raise self._refusal(self.last.start, came, "something was to follow", advice)
            self.segments.append(Segment(self.target, self.start, stop, self.position))
        self._begin(stop + 1)

    def _refusal(self, position: int, came: str, wanted: str, advice: str) -> FormulaError:
        return refusal(self.text, position, came, wanted, advice)

    def _accept(self, kind: str, piece: _Piece, *, wanted: bool) -> None:
        self.count += 1
        self.last = _Piece(kind, piece.word, piece.start)
        self.wanted = wanted

    def _number(self, piece: _Piece) -> None:
        if len(piece.word) > MAX_LITERAL:
            came = f"a number of {len(piece.word)} characters"
            advice = "write it as 1.234e5, with at most 17 digits"
            raise self._refusal(piece.start, came, f"at most {MAX_LITERAL} are read", advice)
        if piece.word[0] == "0" and piece.word.isdigit() and piece.word.strip("0"):
            came = f"{piece.word!r}, a number that begins with 0"
            raise self._refusal(piece.start, came, _ALLOWED, f"write {piece.word.lstrip('0')}")
        self._operand(piece)

    def _name(self, piece: _Piece) -> None:
        word = piece.word
        if len(word) > MAX_NAME:
            came = f"a name of {len(word)} characters"
            raise self._refusal(piece.start, came, f"at most {MAX_NAME} are read", "shorten it")
        if word in {"and", "or"}:
            if self._runs_on(piece):
                self._operand(piece)
            self._after_operand(piece)
            self._accept("logic", piece, wanted=True)
        elif word == "not":
            if not self.wanted:
                self._operand(piece)
            if self.last.kind not in _BEFORE_NOT:
                came = f"'not' after {self.last.word!r}"
                advice = "put brackets around it: (not x > 0)"
                raise self._refusal(piece.start, came, "an operand was to come", advice)
            self._accept("logic", piece, wanted=True)
        elif word in {"True", "False"}:
            self._operand(piece)
        elif iskeyword(word):
            came = f"{word!r}, a word of the Python language"
            advice = f"call a parameter {word}_0; for if ... else write where(condition, a, b)"
            raise self._refusal(piece.start, came, _ALLOWED, advice)
        elif word.startswith("_") or "__" in word:
            came = f"the name {word!r}"
            wanted = "names begin with a letter and have no double underscore"
            advice = f"write {re.sub('_+', '_', word).strip('_') or 'a'}"
            raise self._refusal(piece.start, came, wanted, advice)
        else:
            self._operand(piece)

    def _operand(self, piece: _Piece) -> None:
        if not self.wanted:
            before = self.last
            if self._runs_on(piece):
                came = f"the number {before.word} runs into {piece.word!r}"
            else:
                came = f"nothing stands between {before.word!r} and {piece.word!r}"
            left = "..." if before.kind == "close" else before.word
            right = f"{piece.word}...)" if piece.word == "(" else piece.word
            advice = f"to multiply, write {left}*{right}"
            raise self._refusal(piece.start, came, "an operator or the end was to come", advice)
        self._accept(piece.kind, piece, wanted=False)

    def _runs_on(self, piece: _Piece) -> bool:
        """Tell whether a word or number follows a number without a space."""
        last = self.last
        return last.kind == "number" and last.start + len(last.word) == piece.start

    def _after_operand(self, piece: _Piece) -> None:
        if self.wanted:
            if piece.word in {"*", "**"} and self.last.kind in {"open", "comma"}:
                came = f"a starred argument, '{piece.word}'"
                advice = "write the arguments one by one"
            else:
                came = f"{piece.word!r} with nothing to its left"
                advice = "write what it works on, as in x > 0 or 2*x, or take it away"
            raise self._refusal(piece.start, came, "a number, name or function was to come", advice)

    def _binary(self, piece: _Piece) -> None:
        if piece.word in _INSTEAD:
            self._other(piece)
        self._after_operand(piece)
        self._accept("binary", piece, wanted=True)

    def _sign(self, piece: _Piece) -> None:
        if piece.word == "~" and not self.wanted:
            self._operand(piece)
        self._accept("sign", piece, wanted=True)

    def _mark(self, piece: _Piece) -> None:
        {
            "(": self._open,
            ")": self._close,
            ",": self._comma,
            "=": self._equals,
            ";": self._semicolon,
        }[piece.word](piece)

    def _open(self, piece: _Piece) -> None:
        call = self.last.kind == "name"
        if not call and not self.wanted:
            self._operand(piece)
        self.open.append((piece.start, call))
        if len(self.open) > MAX_BRACKETS:
            wanted = f"at most {MAX_BRACKETS} are read"
            advice = "take out what needs no brackets, or name a part: a*b ; b = ..."
            raise self._refusal(piece.start, "too many nested brackets", wanted, advice)
        self._accept("open", piece, wanted=True)

    def _close(self, piece: _Piece) -> None:
        if not self.open:
            raise self._refusal(piece.start, "this ')' closes nothing", _ALLOWED, "take it away")
        _, call = self.open.pop()
        empty = self.last.kind == "open"
        if self.wanted and not (call and empty) and self.last.kind != "comma":
            came = "empty brackets" if empty else f"')' after {self.last.word!r}"
            advice = "write what is to stand there, or take it away"
            raise self._refusal(piece.start, came, "a number, name or function", advice)
        self._accept("close", piece, wanted=False)

    def _comma(self, piece: _Piece) -> None:
        self._after_operand(piece)
        if not self.open:
            advice = "write a decimal point for a decimal comma; one formula gives one value"
            raise self._refusal(
                piece.start, "a comma outside a function's brackets", _ALLOWED, advice
            )
        self._accept("comma", piece, wanted=True)

    def _equals(self, piece: _Piece) -> None:
        if self.count != 1 or self.last.kind != "name" or self.open:
            wanted = "'=' stands only after a name that begins a part, as in a*x ; a = 2*b"
            advice = (
                "write == for a comparison; functions take their arguments by place, not by name"
            )
            raise self._refusal(piece.start, "'='", wanted, advice)
        if not self.segments:
            wanted = "the first part is the formula itself"
            advice = f"leave out '{self.last.word} ='"
            raise self._refusal(self.last.start, f"'{self.last.word} ='", wanted, advice)
        self.target = self.last.word
        self.start = piece.start + 1
        self._accept("equals", piece, wanted=True)

    def _semicolon(self, piece: _Piece) -> None:
        self.end_segment(piece.start)

    def _other(self, piece: _Piece) -> None:
        if piece.word in _INSTEAD:
            came, advice = _INSTEAD[piece.word]
        else:
            spelt = unicodedata.name(piece.word, "").title()
            came = f"the character {piece.word!r}" + (f" ({spelt})" if spelt else "")
            advice = "write names in plain letters: sigma, x0"
        raise self._refusal(piece.start, came, _ALLOWED, advice)
