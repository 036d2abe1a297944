// The row of one parameter: slider, fields, free toggle, and what the kernel refuses.
import { afterEach, expect, test } from "vitest";
import { makeStore } from "../src/state";
import { parameterView } from "../src/views/parameter";
import { fakeHost, find, parameter, press, settled, stage, type } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

function show(more = {}, slot = 1, record = {}) {
  const host = fakeHost(more);
  last = stage();
  const { el, stop } = last;
  const store = makeStore(host.model, stop.signal);
  const name = ["A", "centre", "sigma"][slot] ?? "";
  parameterView(
    store,
    parameter(name, slot, { units: "eV", doc: "position", ...record }),
    "G",
    new Set(),
    el,
    stop.signal,
  );
  const input = (label: string) => find<HTMLInputElement>(el, `input[aria-label="G ${label}"]`);
  return { host, el, stop, store, input, name };
}

test("the row shows value, error, bounds, units and meaning", () => {
  const { el, input } = show();
  expect(input("centre value").value).toBe("50");
  expect(find(el, ".hsj-std").textContent).toBe("± 0.012");
  expect([input("centre bmin").value, input("centre bmax").value]).toEqual(["0", "100"]);
  expect(input("centre free").checked).toBe(true);
  expect(find(el, ".hsj-name").textContent).toBe("centre eV");
  expect(find(el, ".hsj-name").title).toBe("position, in eV");
  expect(Number(input("centre slider").value)).toBe(500);
});

test("a bound that is not there reads none", () => {
  const { input } = show({}, 0);
  expect(input("A bmin").value).toBe("");
  expect(input("A bmin").placeholder).toBe("none");
});

test("every control has a label and keeps Jupyter's shortcuts away", () => {
  const { el } = show();
  const controls = el.querySelectorAll("input, button");
  expect(controls).toHaveLength(9);
  for (const control of controls) {
    expect(control.getAttribute("aria-label")).toMatch(/^G centre /);
    expect(control.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  }
});

test("the slider asks for a value and shows it at once", () => {
  const { host, input } = show();
  const slider = input("centre slider");
  slider.value = "250";
  slider.dispatchEvent(new Event("input"));
  expect(host.sent).toMatchObject([{ kind: "set", slot: "g.centre", field: "value", value: 25 }]);
  expect(input("centre value").value).toBe("25");
});

test("arrow keys move by a thousandth, with shift by ten", () => {
  const { host, input } = show();
  const event = press(input("centre slider"), "ArrowRight");
  expect(event.defaultPrevented).toBe(true);
  expect(host.sent[0]).toMatchObject({ value: 50.1 });
  press(input("centre slider"), "ArrowLeft", { shiftKey: true });
  expect(Number(input("centre value").value)).toBeCloseTo(49.1, 9);
  expect(press(input("centre slider"), "b").defaultPrevented).toBe(false);
});

test("typed numbers are committed by Enter, exactly", () => {
  const { host, input } = show();
  type(input("centre value"), "1.2345678901e1");
  expect(host.sent).toMatchObject([{ field: "value", value: 12.345678901 }]);
});

test("leaving a field that nobody changed sends nothing, though it is rounded", () => {
  const { host, input } = show({ values: [10, 49.123456789, 5], std: [null, null, null] });
  const field = input("centre value");
  expect(field.value).toBe("49.1235");
  field.focus();
  field.dispatchEvent(new Event("blur"));
  press(field, "Enter");
  expect(host.sent).toEqual([]);
});

test("what is no number is restored, with the reason", () => {
  const { host, el, input } = show();
  type(input("centre value"), "abc");
  expect(input("centre value").value).toBe("50");
  expect(find(el, "[role=alert]").textContent).toContain("is not a number");
  expect(host.sent).toEqual([]);
});

test("Escape forgets what was typed", () => {
  const { host, input } = show();
  const field = input("centre value");
  field.focus();
  field.value = "77";
  press(field, "Escape");
  expect(field.value).toBe("50");
  expect(document.activeElement).not.toBe(field);
  expect(host.sent).toEqual([]);
});

test("the kernel does not write into a field while a person types", () => {
  const { host, input } = show();
  const field = input("centre value");
  field.focus();
  field.value = "7";
  host.push({ values: [10, 51, 5] });
  expect(field.value).toBe("7");
});

test.each([
  ["bmin", "3.5", 3.5],
  ["bmin", "", null],
  ["bmax", "none", null],
])("%s typed as %j is %s", (which, text, value) => {
  const { host, input } = show();
  type(input(`centre ${which}`), text);
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: which, value }]);
});

test("a refused bound shows the reason, and the kernel's bound again", async () => {
  const { host, el, input } = show();
  type(input("centre bmin"), "500");
  await host.answer(host.sent[0], "G.centre: bmin=500 is above bmax=100; set the other one first");
  expect(find(el, "[role=alert]").textContent).toContain("above bmax=100");
  expect(input("centre bmin").value).toBe("0");
});

test("the free toggle asks, and follows the kernel", async () => {
  const { host, el, input } = show();
  input("centre free").click();
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: "free", value: false }]);
  await host.answer(host.sent[0], "refused");
  expect(input("centre free").checked).toBe(true);
  host.push({ free: [true, false, false] });
  expect(input("centre free").checked).toBe(false);
  expect(find(el, ".hsj-row").classList.contains("hsj-fixed")).toBe(true);
});

test.each([
  [100, "at bound"],
  [0, "at bound"],
  [120, "out of bounds"],
  [50, ""],
])("at %s the badge reads %j", (value, text) => {
  const { el } = show({ values: [10, value, 5] });
  expect(find(el, ".hsj-badge").textContent).toBe(text);
});

test("a slider shows a fitted value far outside of its range, and keeps it", () => {
  const { host, el, input } = show({ values: [5, 50, 5] }, 0);
  host.push({ values: [12700, 50, 5] });
  expect(input("A value").value).toBe("12700");
  expect([...el.querySelectorAll(".hsj-end")].map((end) => end.textContent)).toEqual([
    "0",
    "25400",
  ]);
  expect(Number(input("A slider").value)).toBe(500);
  expect(host.sent).toEqual([]);
});

test("while a slider is held its range only grows", () => {
  const { host, el, input } = show({}, 0);
  const slider = input("A slider");
  const ends = () => [...el.querySelectorAll(".hsj-end")].map((end) => end.textContent);
  slider.dispatchEvent(new Event("pointerdown"));
  slider.value = "1000";
  slider.dispatchEvent(new Event("input"));
  expect(ends()).toEqual(["0", "20"]);
  expect(host.sent[0]).toMatchObject({ value: 20 });
  slider.dispatchEvent(new Event("change"));
  expect(ends()).toEqual(["0", "40"]);
});

test("a twin is shown and cannot be moved", () => {
  const { el, input } = show({ linked: [null, "Gaussian_1.centre", null] });
  expect(input("centre slider").disabled).toBe(true);
  expect(input("centre value").disabled).toBe(true);
  expect(find(el, ".hsj-badge").textContent).toBe("= Gaussian_1.centre");
});

test("reset asks for the default", () => {
  const { host, el } = show();
  find(el, "[aria-label$=reset]").click();
  expect(host.sent).toMatchObject([{ kind: "reset", slot: "g.centre" }]);
});

test("a vector has a row for each number", () => {
  const { el } = show({}, 0, { vector: true, slots: [0, 1], elements: ["a0", "a1"] });
  const labels = [...el.querySelectorAll(".hsj-value")].map((one) =>
    one.getAttribute("aria-label"),
  );
  expect(labels).toEqual(["G a0 value", "G a1 value"]);
});

test("the end of a view leaves no listener", async () => {
  const { host, stop, el } = show();
  stop.abort();
  await settled();
  expect(host.listeners()).toBe(0);
  const before = find<HTMLInputElement>(el, ".hsj-value").value;
  host.push({ values: [1, 2, 3] });
  expect(find<HTMLInputElement>(el, ".hsj-value").value).toBe(before);
});

test("a link is typed as an expression, and what is wrong with it is said", async () => {
  const { host, el, input } = show({ linked: [null, "2 * Gaussian_1.centre", null] });
  const link = find<HTMLButtonElement>(el, "[aria-label$=link]");
  expect(find(el, ".hsj-law").hidden).toBe(true);
  link.click();
  expect(input("centre follows").value).toBe("2 * Gaussian_1.centre");
  type(input("centre follows"), "3 * Gausian_1.centre");
  expect(host.sent).toMatchObject([{ kind: "link", slot: "g.centre" }]);
  await host.answer(host.sent[0], "no Gausian_1");
  expect(find(el, ".hsj-problem").textContent).toBe("no Gausian_1");
  type(input("centre follows"), "");
  expect(host.sent[1]).toMatchObject({ expression: "" });
  await host.answer(host.sent[1]);
  expect(find(el, ".hsj-law").hidden).toBe(true);
});
