// Formulas as mathematics, round labels of axes, and the choice among handles that lie together.
import { afterEach, expect, test } from "vitest";
import { mathOf } from "../src/formula";
import { roundTicks } from "../src/numbers";
import { makePicker } from "../src/picker";

afterEach(() => document.body.replaceChildren());

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

function handle(id: string, taken: string[], at = 100) {
  const el = document.createElementNS("http://www.w3.org/2000/svg", "g");
  el.setAttribute("tabindex", "0");
  document.body.append(el);
  el.getBoundingClientRect = () => ({ left: at, top: 0, width: 0, height: 0 }) as DOMRect;
  return { id, name: id, el, seen: () => true, take: () => void taken.push(id) };
}

const mouse = (kind: string, x: number) =>
  new MouseEvent(kind, { clientX: x, bubbles: true }) as PointerEvent;

test("a click on handles that lie together chooses the next; the chosen one is dragged", () => {
  const taken: string[] = [];
  let said = "";
  const picker = makePicker((text) => {
    said = text;
  });
  const stop = new AbortController();
  const [a, b, c] = [handle("a", taken), handle("b", taken, 104), handle("c", taken, 300)];
  for (const one of [a, b, c]) picker.add(one, stop.signal);
  const click = (to = 100) => {
    picker.press(b, mouse("pointerdown", 100));
    window.dispatchEvent(mouse("pointerup", to));
  };
  click();
  expect(picker.chosen()).toBe("b");
  expect(said).toContain("2 handles lie here");
  click();
  expect(picker.chosen()).toBe("a");
  click(140);
  expect(taken).toEqual(["b", "b", "a"]);
  expect(picker.chosen()).toBe("a");
  stop.abort();
});
