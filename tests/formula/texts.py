"""Texts that a person, a file or an enemy may send, made up for property tests and the fuzz."""

from itertools import pairwise
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


ARITHMETIC = ("+", "-", "*", "/", "**")
OF_ONE = _words("""
exp sqrt abs sign sin cos atan arctan sinh tanh erf erfc gamma Heaviside log
""")
FUNCTIONS = _words("""
exp log sqrt abs sign sin cos tan asin arcsin acos atan arctan atan2 sinh cosh tanh erf erfc gamma
loggamma voigt Heaviside heaviside where Piecewise Min Max minimum And Or Not pow log10
""")
NAMES = _words("""
x y a b A sigma centre x0 gamma pi E I S alpha_1 lambda_ True e1 j x1e5 inf nan
""")
NUMBERS = _words("""
0 1 2 0.5 .5 3. 1e5 1e-30 9.1E-31 1e308 1e309 9 007 1_0 0x1F 2j 1e 1.2.3 1e400
""")
BINARY = _words("""
+ - * / ** < <= > >= == != and or & |
""")
STRANGE = _words(r"""
^ % // @ << >> := = -> . , ; : ! ~ # \ ' " ` $ ? [ ] { } ( ) [0] .real .__class__ lambda if else
for in is await yield None import __import__ __builtins__ eval exec open print os f'{x}' r"" b''
().__class__.__bases__[0] ... not -- ++ ~~ ** **2**9**9 9**9**9**9 (((( )))) 1e999
9999999999999999999999999999999999999999999999999999999999999999999999
""")
STRANGE += list("\n\t\r\0\f\u00b2\u2212\u00d7\u03c0\u03c3\uff58\u202e\ud800\U0001d465\u00aa ")


def formula(random: Random, depth: int = 0) -> str:
    """Give a text that follows the grammar, if not always its meaning."""
    kinds, weights = zip(*KINDS, strict=True)
    kind = leaf if depth > 5 else random.choices(kinds, weights)[0]
    return kind(random, depth)


def leaf(random: Random, depth: int) -> str:
    """Give a name or a number."""
    del depth
    return random.choice(NAMES[:14] if random.random() < 0.7 else NUMBERS[:10])


def operation(random: Random, depth: int) -> str:
    """Give two things and a sign between them."""
    sign = random.choice(ARITHMETIC if random.random() < 0.95 else BINARY)
    space = random.choice(("", " "))
    return f"{formula(random, depth + 1)}{space}{sign} {formula(random, depth + 1)}"


def bracket(random: Random, depth: int) -> str:
    """Give something in brackets."""
    return f"({formula(random, depth + 1)})"


def signed(random: Random, depth: int) -> str:
    """Give something with a sign before it."""
    return f"{random.choice('--+~')}{formula(random, depth + 1)}"


def pieces(random: Random, depth: int) -> str:
    """Give what differs from place to place."""
    pairs = [
        f"({formula(random, depth + 2)}, {condition(random, depth + 2)})"
        for _ in range(random.randint(1, 3))
    ]
    return f"Piecewise({', '.join(pairs)})"


def choice(random: Random, depth: int) -> str:
    """Give one of two."""
    values = formula(random, depth + 2), formula(random, depth + 2)
    return f"where({condition(random, depth + 2)}, {values[0]}, {values[1]})"


def call(random: Random, depth: int) -> str:
    """Give a function, now and then with arguments it does not take."""
    if random.random() < 0.9:
        return f"{random.choice(OF_ONE)}({formula(random, depth + 2)})"
    inside = [formula(random, depth + 2) for _ in range(random.randint(0, 4))]
    return f"{random.choice(FUNCTIONS)}({', '.join(inside)})"


KINDS = (
    (leaf, 30),
    (operation, 35),
    (bracket, 10),
    (signed, 5),
    (pieces, 5),
    (choice, 5),
    (call, 10),
)


def condition(random: Random, depth: int) -> str:
    """Give a comparison, or what should have been one."""
    left, right = formula(random, depth), formula(random, depth)
    return f"{left} {random.choice(('<', '>', '<=', '>=', '==', '!=') * 5 + ('+',))} {right}"


def with_parts(random: Random) -> str:
    """Give a formula and what its names stand for; loops are not avoided."""
    parts = [formula(random, 1)]
    names = random.sample(("a", "b", "A", "c1", "k", "sigma", "x0"), random.choice((0, 0, 1, 2, 4)))
    if random.random() < 0.1:
        names.append(random.choice(("x", "pi", "exp", "a")))
    parts += [f"{name} = {formula(random, 2)}" for name in names]
    return random.choice((";", " ; ", ";;", "; \n")).join(parts)


def mutated(random: Random, text: str) -> str:
    """Give a text with some pieces cut out, doubled, swapped or made strange."""
    for _ in range(random.randint(1, 4)):
        i = random.randint(0, len(text))
        k = random.randint(i, min(len(text), i + 12))
        piece = random.choice((*STRANGE, *BINARY, *NUMBERS, *NAMES))
        text = random.choice(
            (
                text[:i] + piece + text[i:],
                text[:i] + text[k:],
                text[:i] + text[i:k] * random.randint(2, 30) + text[k:],
                text[:i] + chr(random.randint(0, 0x2FFF)) + text[i:],
                text[k:] + text[:i],
            )
        )
    return text


def noise(random: Random) -> str:
    """Give tokens in no order, or one of them many times."""
    tokens = (*STRANGE, *FUNCTIONS, *NAMES, *NUMBERS, *BINARY)
    if random.random() < 0.3:
        return random.choice(tokens) * random.randint(1, 2500)
    return random.choice(("", " ")).join(random.choices(tokens, k=random.randint(0, 400)))


def doubling(random: Random) -> str:
    """Give parts that double each other."""
    names = [f"p{k}" for k in range(random.randint(2, 200))]
    sign = random.choice(("+", "*", "**", "/"))
    parts = [f"{a}={b}{sign}{b}" for a, b in pairwise(names)]
    random.shuffle(parts)
    return ";".join([names[0], *parts])


def text(random: Random) -> str:
    """Give any of these."""
    roll = random.random()
    if roll < 0.3:
        return with_parts(random)
    if roll < 0.75:
        return mutated(random, with_parts(random))
    return doubling(random) if roll < 0.8 else noise(random)
