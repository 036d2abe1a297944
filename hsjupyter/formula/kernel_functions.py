"""The operations of a tape as LLVM code: arithmetic without branches, so that loops become vectors.

A call of a C library works on one number at a time; exp, log and pow are written out instead, and
LLVM then does 2, 4 or 8 of them at once, on whatever processor it runs.

Source
------
Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed., ch. 11 (argument reduction); the
polynomials are a minimax one for exp and the Taylor series of atanh, cut where the rest is below
rounding.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from llvmlite import ir

from hsjupyter.formula import kernel_voigt

F64, I64, I1 = ir.DoubleType(), ir.IntType(64), ir.IntType(1)
Value = Any  # llvmlite's values; the library has no types
Function = Callable[..., Value]


class Builder(ir.IRBuilder):  # type: ignore[misc]
    """LLVM's builder with float64 arithmetic in few words.

    Only fused multiply-add is allowed beside what is written: regrouping would undo the rounding
    tricks, and NaN and infinities are to come out as they do in numpy.
    """

    def number(self, value: float) -> Value:
        """A float64 constant."""
        return ir.Constant(F64, value)

    def plus(self, a: Value, b: Value) -> Value:
        """``a + b``."""
        return self.fadd(a, b, flags=("contract",))

    def minus(self, a: Value, b: Value) -> Value:
        """``a - b``."""
        return self.fsub(a, b, flags=("contract",))

    def times(self, a: Value, b: Value) -> Value:
        """``a * b``."""
        return self.fmul(a, b, flags=("contract",))

    def polynomial(self, x: Value, coefficients: list[float]) -> Value:
        """A polynomial, highest power first: even and odd powers by Horner's rule, side by side.

        One chain of additions would wait for each of them; two of half the length do not.
        """
        square = self.times(x, x)
        odd, even = coefficients[-2::-2], coefficients[::-2]
        chains = []
        for each in (even, odd):
            total = self.number(each[-1])
            for coefficient in each[-2::-1]:
                total = self.plus(self.times(total, square), self.number(coefficient))
            chains.append(total)
        return self.plus(self.times(chains[1], x), chains[0])

    def bits(self, x: Value) -> Value:
        """The bits of a float64 as an integer."""
        return self.bitcast(x, I64)

    def from_bits(self, x: Value) -> Value:
        """The float64 of these bits."""
        return self.bitcast(x, F64)

    def power_of_two(self, k: Value) -> Value:
        """``2**k`` for an integer -1022 <= k <= 1023."""
        return self.from_bits(self.shl(self.add(k, constant(1023)), constant(52)))

    def intrinsic(self, name: str, *args: Value) -> Value:
        """Call an LLVM intrinsic of float64, which has a vector form."""
        return self._call(f"llvm.{name}.f64", *args)

    def library(self, name: str, *args: Value) -> Value:
        """Call a function of the C library, which has none."""
        return self._call(name, *args)

    def _call(self, name: str, *args: Value) -> Value:
        known = self.module.globals.get(name)
        if known is None:
            kind = ir.FunctionType(F64, [F64] * len(args))
            known = ir.Function(self.module, kind, name)
            if not name.startswith("llvm."):
                # It looks at its arguments only, so it may stand in a loop of vectors. llvmlite
                # checks words against a list that lacks LLVM's newer ones, so it is not asked.
                set.update(known.attributes, ("nounwind", "willreturn", "memory(none)"))
        return self.call(known, list(args))


def constant(value: int) -> Value:
    """An integer constant."""
    return ir.Constant(I64, value)


_MAGIC = 1.5 * 2.0**52  # adding it rounds to a whole number, which stands in the low bits
_LN2_HIGH = 6.93147180369123816490e-01  # its last 32 bits are zero: whole multiples are exact
_LN2_LOW = 1.90821492927058770002e-10  # ln 2 less the high part
# Highest power first; times x**2 and with 1 + x within 1.3e-17 of exp from -ln(2) / 2 to ln(2) / 2.
_EXP = [2.51003854955103191e-8, 2.76200884454097482e-7, 2.75572684599970648e-6]
_EXP += [0.0000248015212959543751, 0.000198412698630536169, 0.00138888889172137169]
_EXP += [0.00833333333333006183, 0.0416666666666241279, 0.166666666666666675]
_EXP += [0.500000000000000102]
_ATANH = [2 / (2 * k + 1) for k in range(11, 0, -1)]
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD


def exp(b: Builder, x: Value) -> Value:
    """``e**x``: x = k ln 2 + r with abs(r) <= ln(2) / 2, a polynomial in r, a power of two."""
    low, high = b.number(-746.0), b.number(710.0)
    x = b.select(b.fcmp_ordered("<", x, low), low, x)  # written so that NaN passes through
    x = b.select(b.fcmp_ordered(">", x, high), high, x)
    shifted = b.fadd(b.fmul(x, b.number(1 / math.log(2))), b.number(_MAGIC))
    k = b.fsub(shifted, b.number(_MAGIC))
    r = b.minus(x, b.times(k, b.number(_LN2_HIGH)))
    r = b.minus(r, b.times(k, b.number(_LN2_LOW)))
    # The two greatest parts come last, for the sake of the last digit.
    rest = b.plus(b.times(b.polynomial(r, _EXP), b.times(r, r)), r)
    return scaled(b, b.plus(rest, b.number(1.0)), shifted)


def scaled(b: Builder, x: Value, shifted: Value) -> Value:
    """``x * 2**k``, for k as it stands in the low bits of ``shifted``, from -1077 to 1024."""
    if has_scale():
        k = b.fptosi(b.fsub(shifted, b.number(_MAGIC)), ir.IntType(32))
        kind = ir.FunctionType(F64, [F64, ir.IntType(32)])
        name = "llvm.ldexp.f64.i32"
        known = b.module.globals.get(name) or ir.Function(b.module, kind, name)
        return b.call(known, [x, k])
    whole = b.sub(b.bits(shifted), constant(_bits_of(_MAGIC)))
    # In two steps, so that what is below 2**-1022 or above 2**1023 comes out right.
    half = b.ashr(whole, constant(1))
    return b.fmul(b.fmul(x, b.power_of_two(half)), b.power_of_two(b.sub(whole, half)))


@lru_cache(maxsize=1)
def has_scale() -> bool:
    """Whether this processor scales vectors by powers of two in one step."""
    from llvmlite import binding as llvm

    return bool(llvm.get_host_cpu_features().get("avx512f"))


def log(b: Builder, x: Value) -> Value:
    """Natural logarithm: x = 2**e m with m around 1, and the series of atanh((m-1)/(m+1))."""
    tiny = b.fcmp_ordered("<", x, b.number(2.0**-1022))
    lifted = b.select(tiny, b.fmul(x, b.number(2.0**54)), x)
    bits = b.bits(lifted)
    e = b.ashr(b.sub(bits, constant(_ROOT_HALF_BITS)), constant(52))
    m = b.from_bits(b.sub(bits, b.shl(e, constant(52))))
    # An integer below 2**51 as a float, by its bits: LLVM has no vector form of sitofp everywhere.
    ef = b.fsub(b.from_bits(b.add(e, constant(_bits_of(_MAGIC)))), b.number(_MAGIC))
    ef = b.fsub(ef, b.select(tiny, b.number(54.0), b.number(0.0)))
    s = b.fdiv(b.fsub(m, b.number(1.0)), b.fadd(m, b.number(1.0)))
    z = b.times(s, s)
    series = b.times(b.times(b.polynomial(z, _ATANH), z), s)
    rest = b.plus(series, b.times(ef, b.number(_LN2_LOW)))
    found = b.plus(b.times(ef, b.number(_LN2_HIGH)), b.plus(b.times(b.number(2.0), s), rest))
    infinity, nan = b.number(math.inf), b.number(math.nan)
    found = b.select(b.fcmp_ordered("==", x, infinity), infinity, found)
    found = b.select(b.fcmp_unordered("<", x, b.number(0.0)), nan, found)  # below 0, or NaN
    return b.select(b.fcmp_ordered("==", x, b.number(0.0)), b.number(-math.inf), found)


def power(b: Builder, base: Value, exponent: Value) -> Value:
    """``base**exponent`` for any base; as C has it."""
    return power_known(b, base, exponent, log(b, b.intrinsic("fabs", base)))


def power_known(b: Builder, base: Value, exponent: Value, log_of_size: Value) -> Value:
    """The same, the logarithm of the base's size being known."""
    size = b.intrinsic("fabs", base)
    found = exp(b, b.fmul(exponent, log_of_size))
    whole = b.fcmp_ordered("==", exponent, b.intrinsic("trunc", exponent))
    half = b.fmul(exponent, b.number(0.5))
    odd = b.and_(whole, b.fcmp_ordered("!=", half, b.intrinsic("trunc", half)))
    below = b.fcmp_ordered("<", base, b.number(0.0))
    signed = b.select(b.and_(below, odd), b.fneg(found), found)
    finite = b.fcmp_ordered(">", base, b.number(-math.inf))
    complex_ = b.and_(b.and_(below, finite), b.not_(whole))
    real = b.select(complex_, b.number(math.nan), signed)
    # C's rules: x**0 and 1**y are 1 even for NaN, and so is (-1)**(+-infinity).
    endless = b.fcmp_ordered("==", b.intrinsic("fabs", exponent), b.number(math.inf))
    unit = b.and_(b.fcmp_ordered("==", size, b.number(1.0)), endless)
    one = b.or_(unit, b.fcmp_ordered("==", base, b.number(1.0)))
    one = b.or_(one, b.fcmp_ordered("==", exponent, b.number(0.0)))
    return b.select(one, b.number(1.0), real)


def _sign(b: Builder, x: Value) -> Value:
    one = b.intrinsic("copysign", b.number(1.0), x)
    return b.select(b.fcmp_unordered("==", x, b.number(0.0)), x, one)  # 0 and NaN are their own


def _pick(b: Builder, x: Value, y: Value, *, sign: str) -> Value:
    chosen = b.select(b.fcmp_ordered(sign, x, y), x, y)
    return b.select(b.fcmp_unordered("!=", x, x), x, chosen)  # numpy's: NaN where either is


def _heaviside(b: Builder, x: Value, at_zero: Value) -> Value:
    above = b.select(b.fcmp_ordered(">", x, b.number(0.0)), b.number(1.0), b.number(0.0))
    found = b.select(b.fcmp_ordered("==", x, b.number(0.0)), at_zero, above)
    return b.select(b.fcmp_unordered("!=", x, x), x, found)


def _power_log(b: Builder, value: Value, base: Value) -> Value:
    return _power_log_known(b, value, base, log(b, base))


def _power_log_known(b: Builder, value: Value, _base: Value, log_of_base: Value) -> Value:
    product = b.fmul(value, log_of_base)
    return b.select(b.fcmp_ordered("==", value, b.number(0.0)), b.number(0.0), product)


def _not_equal(b: Builder, x: Value, y: Value) -> Value:
    return b.fcmp_unordered("!=", x, y)


def _compared(sign: str) -> Function:
    def compare(b: Builder, x: Value, y: Value) -> Value:
        return b.fcmp_ordered(sign, x, y)

    return compare


def _bits_of(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _by(name: str) -> Function:
    def make(b: Builder, *args: Value) -> Value:
        return getattr(b, name)(*args)

    return make


def _part(k: int) -> Function:
    def pick(_b: Builder, several: tuple[Value, ...]) -> Value:
        return several[k]

    return pick


def _intrinsic(name: str) -> Function:
    return lambda b, *args: b.intrinsic(name, *args)


def _library(name: str) -> Function:
    return lambda b, *args: b.library(name, *args)


FUNCTIONS: dict[str, Function] = {
    "add": _by("plus"),
    "sub": _by("minus"),
    "mul": _by("times"),
    "div": _by("fdiv"),
    "neg": _by("fneg"),
    "sqrt": _intrinsic("sqrt"),
    "abs": _intrinsic("fabs"),
    "sign": _sign,
    "exp": exp,
    "log": log,
    "pow": power,
    "pow_known": power_known,
    "power_log": _power_log,
    "power_log_known": _power_log_known,
    "min": partial(_pick, sign="<"),
    "max": partial(_pick, sign=">"),
    "heaviside": _heaviside,
    "where": _by("select"),
    "lt": _compared("<"),
    "le": _compared("<="),
    "gt": _compared(">"),
    "ge": _compared(">="),
    "eq": _compared("=="),
    "ne": _not_equal,
    "and": _by("and_"),
    "or": _by("or_"),
    "not": _by("not_"),
    "voigt": kernel_voigt.voigt,
    "voigt_jet": kernel_voigt.voigt_jet,
    "part0": _part(0),
    "part1": _part(1),
    "part2": _part(2),
    "part3": _part(3),
}

# One number at a time, from the C library.
LIBM: dict[str, Function] = {
    op: _library(name)
    for op, name in {
        "expm1": "expm1",
        "log10": "log10",
        "log1p": "log1p",
        "sin": "sin",
        "cos": "cos",
        "tan": "tan",
        "asin": "asin",
        "acos": "acos",
        "atan": "atan",
        "atan2": "atan2",
        "sinh": "sinh",
        "cosh": "cosh",
        "tanh": "tanh",
        "asinh": "asinh",
        "acosh": "acosh",
        "atanh": "atanh",
        "erf": "erf",
        "erfc": "erfc",
        "gamma": "tgamma",
        "loggamma": "lgamma",
    }.items()
}
