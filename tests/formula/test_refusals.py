"""What is refused, where in the text, and the words that help."""

import pickle

import pytest

from hsjupyter.formula import FormulaError, parse
from hsjupyter.formula.functions import FUNCTIONS, TABLE

# text, column, what the message must say
REFUSED = [
    ("", 1, "an empty text.*write one"),
    (" ; ; ", 1, "an empty text"),
    ("x^2", 2, r"write \*\* for a power"),
    ("x // 2", 3, "write / for a division"),
    ("x % 2", 3, "there is no remainder"),
    ("x << 2", 3, "write < for a comparison"),
    ("np.exp(x)", 3, r"an attribute.*sqrt\(x\) for np\.sqrt\(x\)"),
    ("x.real", 2, "an attribute"),
    ("().__class__.__bases__", 2, "empty brackets"),
    ("x[0]", 2, r"a subscript.*write x0 for x\[0\]"),
    ("{x}", 1, "write round brackets"),
    ("'x'", 1, "a string.*quotation marks"),
    ('"x"', 1, "a string"),
    ("f'{x}'", 2, "a string"),
    ("x \N{MINUS SIGN} 1", 3, "MINUS SIGN.*type - instead"),
    ("2\N{MULTIPLICATION SIGN}x", 2, r"MULTIPLICATION SIGN.*type \* instead"),
    ("x\N{SUPERSCRIPT TWO}", 2, r"SUPERSCRIPT TWO.*type \*\*2 instead"),
    ("\N{GREEK SMALL LETTER PI}*x", 1, "type pi instead"),
    ("\N{GREEK SMALL LETTER SIGMA}*x", 1, "Greek Small Letter Sigma.*plain letters: sigma"),
    ("x\0", 2, r"the character '\\x00'"),
    ("x!", 2, "write != for unequal"),
    ("lambda: x", 1, "a word of the Python language.*lambda_0"),
    ("x if x > 0 else 0", 3, r"write where\(condition, a, b\)"),
    ("[y for y in x]", 1, "a subscript"),
    ("None", 1, "a word of the Python language"),
    ("__import__('os')", 1, "names begin with a letter"),
    ("_x", 1, "names begin with a letter.*write x"),
    ("a__b", 1, "no double underscore.*write a_b"),
    ("foo(x)", 1, r"unknown function 'foo'.*known are abs, sign, sqrt.*write foo\*\(\.\.\.\)"),
    ("gama(x)", 1, r"unknown function 'gama'; gamma or .*known are"),
    ("Sin(x)", 1, r"unknown function 'Sin'; sin"),
    ("a + eval(x)", 5, "unknown function 'eval'"),
    ("x(1 + 2)", 1, r"unknown function 'x'.*to multiply, write x\*\(\.\.\.\)"),
    ("exp", 1, r"'exp' without brackets; exp\(x\).*such as exp_0"),
    ("exp * x", 1, "'exp' without brackets"),
    ("exp()", 1, r"exp with 0 arguments; exp\(x\)"),
    ("exp(x, 2)", 1, r"exp with 2 arguments; exp\(x\)"),
    ("voigt(x, 1)", 1, r"voigt with 2 arguments; voigt\(x, sigma, gamma\)"),
    ("where(x > 0, 1)", 1, r"where with 2 arguments; where\(condition, a, b\)"),
    ("Min(x)", 1, r"Min with 1 argument; min\(a, b, \.\.\.\)"),
    ("where(x, 1, 2)", 7, "a value where a condition stands; a condition such as x > 0"),
    ("where(x > 0 & x < 1, 1, 2)", 11, r"each comparison in brackets: \(x > 0\) & \(x < a\)"),
    ("not x", 5, "a value where a condition stands"),
    ("~x", 2, "a value where a condition stands"),
    ("Piecewise(x, x > 0)", 11, "not a pair.*put each value and its condition in brackets"),
    ("Piecewise((x, 1))", 15, "a value where a condition stands"),
    ("exp(x=1)", 6, "functions take their arguments by place"),
    ("exp(*x)", 5, "a starred argument.*one by one"),
    ("exp(**x)", 5, "a starred argument"),
    ("a*x = 3", 5, "write == for a comparison"),
    ("y = a*x", 1, "leave out 'y ='"),
    ("a*x ; b", 7, "a second formula.*give it a name and '='"),
    ("a*x ; x = 2", 7, "'x' is the coordinate and cannot be defined"),
    ("a*x ; pi = 3", 7, "'pi' has its own meaning"),
    ("a*x ; exp = 3", 7, "'exp' has its own meaning.*exp_0"),
    ("a*x ; a = 3 ; a = 4", 15, "'a' is defined twice"),
    ("a*x ; a = b ; b = a", 7, "the parts form a loop, a -> b -> a.*take a out"),
    ("a*x ; a = a + 1", 7, "the parts form a loop, a -> a"),
    ("a*x ; a = (b ; b = 2)", 11, r"this '\(' is not closed"),
    ("2x", 2, r"the number 2 runs into 'x'.*write 2\*x"),
    ("2 x", 3, r"nothing stands between '2' and 'x'.*write 2\*x"),
    ("a x", 3, r"nothing stands between 'a' and 'x'"),
    ("(a)(x)", 4, r"nothing stands between '\)' and '\('.*to multiply"),
    ("2(x)", 2, r"write 2\*\(\.\.\.\)"),
    ("1_000", 2, "runs into '_000'|names begin with a letter"),
    ("0x10", 2, "runs into 'x10'"),
    ("2j", 2, "runs into 'j'"),
    ("1or x", 2, "runs into 'or'"),
    ("007*x", 1, "begins with 0.*write 7"),
    ("1,5*x", 2, "a comma outside.*write a decimal point"),
    ("(1,5)*x", 1, "several values; one value"),
    ("x +", 3, "the text ends after '\\+'"),
    ("* x", 1, r"'\*' with nothing to its left"),
    ("x + * 2", 5, r"'\*' with nothing to its left"),
    ("x + not x > 0", 5, "'not' after '\\+'.*put brackets around it"),
    ("sin(x", 4, r"this '\(' is not closed.*add a '\)'"),
    ("x)", 2, r"this '\)' closes nothing"),
    ("()", 2, "empty brackets"),
    ("sin(x +)", 8, r"'\)' after '\+'"),
    ("1e999", 1, "beyond the largest.*other units"),
    ("1/0", 1, "no finite real value.*no division by zero"),
    ("a*log(-1)", 3, "no finite real value.*make one of them a parameter"),
    ("(-8)**(1/3)", 1, "no finite real value.*no root of -1"),
    ("9**9**9**9", 4, "no finite real value.*no overflow"),
    ("a ; a = 10**b ; b = 400", 9, "no finite real value"),
    ("x+" * 1000 + "x", 2001, "the text has 2001 characters; at most 2000"),
    ("(" * 51 + "x" + ")" * 51, 51, "too many nested brackets; at most 50"),
    ("1" * 61, 1, "a number of 61 characters"),
    ("a" * 61, 1, "a name of 61 characters; at most 60 are read; shorten it"),
    ("x+" * 450 + "x", 1, "nested deeper than 400.*brackets around the halves"),
    (";".join(["p0", *(f"p{k}=p{k + 1}+p{k + 1}" for k in range(20))]), 88, "more than 4000"),
]


@pytest.mark.parametrize(("text", "column", "words"), REFUSED, ids=[t[:25] for t, _, _ in REFUSED])
def test_a_text_is_refused_with_words_that_help(text, column, words):
    with pytest.raises(FormulaError, match=words) as caught:
        parse(text)
    assert caught.value.column == column
    assert caught.value.text == text
    assert f", column {column}:" in str(caught.value)


def test_the_table_of_refusals_is_long_enough():
    assert len(REFUSED) >= 40


def test_a_refusal_is_a_value_error_and_travels():
    with pytest.raises(ValueError, match="unknown function") as caught:
        parse("1 + foo(x)")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (str(copy), copy.text, copy.column) == (str(caught.value), "1 + foo(x)", 5)


def test_a_long_text_is_shown_around_the_place():
    text = "x + " * 200 + "foo(y) + " + "x + " * 200 + "x"
    with pytest.raises(FormulaError, match=r"formula '\.\.\..*foo\(y\).*\.\.\.', column 801:"):
        parse(text)


@pytest.mark.parametrize(
    "variables", ["x", (), ("x", "x"), ("exp",), ("a b",), (3,), None, ("_x",)]
)
def test_wrong_variables_are_refused(variables):
    if variables == ():
        assert parse("2*a", variables).parameters == ("a",)
        return
    with pytest.raises(FormulaError, match="a tuple of different names was wanted"):
        parse("x", variables)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_spelling_of_the_table_is_read(name):
    row = FUNCTIONS[name]
    inside = {
        "where": "x > a, x, a",
        "Piecewise": "(x, x > a), (a, True)",
        "And": "x > a, x < 2",
        "Or": "x > a, x < 2",
        "Not": "x > a",
    }.get(row.op, ", ".join(["x", "a", "2"][: row.fewest]))
    formula = parse(f"{name}({inside})")
    assert formula.parameters == (("a",) if "a" in inside.split(", ") or ">" in inside else ())
    assert row in TABLE
    assert row.doc


def test_gamma_is_a_function_and_a_name():
    assert parse("gamma(gamma) * x").parameters == ("gamma",)
