// Formulas as mathematics, and round labels of axes.
import { expect, test } from "vitest";
import { mathOf } from "../src/formula";
import { roundTicks } from "../src/numbers";

const plain = (text: string) => (mathOf(text) ?? "").replace(/<[^>]*>/g, "");

test.each([
  ["A / (sigma * sqrt(2 * pi))", "Aσ·2·π"],
  ["a * exp(-x / tau)", "a·exp(−xτ)"],
  ["x**-2", "x−2"],
  ["x0 + b_1", "x0+b1"],
  ["abs(x - 1)", "|x−1|"],
  ["f(x, 2)", "f(x,2)"],
  ["a * u; u = x - b; b = 2", "a·uu=x−b,b=2"],
])("%s is drawn as %s", (text, drawn) => {
  expect(plain(text)).toBe(drawn);
});

test("a quotient is a fraction, a root is a root, an index is below", () => {
  expect(mathOf("a / b")).toContain("<mfrac>");
  expect(mathOf("sqrt(x)")).toContain("<msqrt>");
  expect(mathOf("x0")).toContain("<msub><mi>x</mi><mn>0</mn></msub>");
});

test.each(["a +", "a $ b", "(a", "a b", "<img src=x>", "a; b", "a; a = $"])(
  "%s is left as it is",
  (text) => {
    expect(mathOf(text)).toBeNull();
  },
);

test.each([
  [398.7, 600.8, 6, false, [400, 450, 500, 550, 600]],
  [0, 1, 5, false, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [10, 0, 5, false, [0, 2, 4, 6, 8, 10]],
  [1, 1000, 6, true, [1, 10, 100, 1000]],
  [1, 30, 9, true, [1, 2, 5, 10, 20]],
  [3, 3, 5, false, []],
])("from %d to %d there are round labels", (from, to, most, log, ticks) => {
  expect(roundTicks(from, to, most, log)).toEqual(ticks);
});
