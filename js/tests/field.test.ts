// A field for a number: what is typed, what is committed, what is told and restored.
import { expect, test } from "vitest";
import { makeNumberField } from "../src/views/field";
import { draw } from "./drawn";
import { press, type } from "./fake";

function show(empty = true) {
  const [commits, why]: [(number | null)[], string[]] = [[], []];
  const options = {
    className: "hsj-field",
    placeholder: "none",
    empty,
    commit: (value: number | null) => void commits.push(value),
    complain: (text: string) => void why.push(text),
  };
  const shown = draw((_store, _el, signal) => makeNumberField(options, signal));
  const field = shown.made as ReturnType<typeof makeNumberField>;
  shown.el.append(field.el);
  field.draw("1.5", "1.50000001", "G A value", false);
  return { ...shown, field, el: field.el, commits, why };
}

test("it shows a number, the whole of it on a longer look, and what it is of", () => {
  const { el } = show();
  expect([el.value, el.title, el.getAttribute("aria-label")]).toEqual([
    "1.5",
    "1.50000001",
    "G A value",
  ]);
  expect(el.getAttribute("inputmode")).toBe("decimal");
});

test.each([
  ["12", 12],
  ["  -0.5 ", -0.5],
  ["1.2e-3", 0.0012],
  ["−1e−3", -0.001],
  [".5", 0.5],
  ["", null],
  ["None", null],
])("%j is committed as %j, once for Enter and leaving", (text, value) => {
  const { el, commits } = show();
  type(el, text);
  el.dispatchEvent(new Event("blur"));
  expect(commits).toEqual([value]);
});

test.each(["", "none", "abc", "1,5", "<b>1</b>", "1e999", "0x10", "9".repeat(400)])(
  "where a number must be, %j is told and restored",
  (text) => {
    const { el, commits, why } = show(false);
    type(el, text);
    expect([commits, el.value, why.length]).toEqual([[], "1.5", 1]);
    expect(why[0]).toContain(text);
  },
);

test.each([
  ["typed over", "7", "7"],
  ["untouched", "1.5", "2.5"],
])(
  "a field that is %s shows the right one when the kernel has another number",
  (_, typed, shown) => {
    const { el, field } = show();
    el.focus();
    el.value = typed;
    field.draw("2.5", "2.5", "G A value", false);
    expect(el.value).toBe(shown);
  },
);

test("Escape forgets what was typed, also where the kernel has another number meanwhile", () => {
  const { el, field, commits } = show();
  el.focus();
  el.value = "7";
  field.draw("2.5", "2.5", "G A value", false);
  press(el, "Escape");
  expect([el.value, commits]).toEqual(["2.5", []]);
});

test("one that is off cannot be typed into", () => {
  const { el, field } = show();
  field.draw("1", "1", "G A value", true);
  expect(el.disabled).toBe(true);
});

test("after its end nothing is committed", () => {
  const { el, stop, commits } = show();
  stop.abort();
  type(el, "7");
  expect(commits).toEqual([]);
});
