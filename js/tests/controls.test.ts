// The sliders that a recipe leaves to a visitor, the buttons, and how good the fit is.
import { expect, test } from "vitest";
import type { HostState, RowRecord } from "../src/schema.gen";
import { asked, render } from "./drawn";
import { find, gaussian, state, type } from "./fake";

const AXIS = { name: "x", units: "nm", size: 4, scale: 1, offset: 0, positions: null };
const row = (slot: number, touch: string, more: Partial<RowRecord> = {}): RowRecord => ({
  slot,
  label: ["height", "place", "width"][slot] ?? "",
  group: "Line",
  doc: "where it is",
  units: "eV",
  touch,
  ...more,
});

const show = (rows: RowRecord[], more: Partial<HostState> = {}, verdicts = [GOOD]) =>
  render({ kind: "recipe", page: { rows, verdicts }, ...more });
const GOOD = { level: "good", text: "As close as the noise allows." };

test("a locked number is read and not touched, and follows the kernel", () => {
  const { host, el, labelled } = show([row(1, "locked")]);
  expect(labelled("Line place value").textContent).toBe("50");
  expect(find(el, ".hsj-setting").querySelectorAll("input")).toHaveLength(0);
  host.push({ values: [10, 51.23456, 5], std: [null, 0.02, null] });
  expect(labelled("Line place value").textContent).toBe("51.235");
  expect(find(el, ".hsj-std").textContent).toBe("± 0.02");
});

test.each([
  ["slider", 0],
  ["free", 1],
])("a number of touch %s has slider and field, and %d switch", (touch, switches) => {
  const { host, el, labelled } = show([row(1, touch)]);
  expect(el.querySelectorAll(".hsj-setting [type=checkbox]")).toHaveLength(switches);
  expect(labelled("Line place slider").getAttribute("aria-valuetext")).toBe("50 eV");
  type(labelled("Line place value"), "12.5");
  expect(asked(host)).toEqual([{ kind: "set", slot: "g.centre", field: "value", value: 12.5 }]);
  expect(labelled("Line place slider").value).toBe("125");
});

test("what the recipe refuses is shown as the kernel has it, with the reason", async () => {
  const { host, labelled, problems } = show([row(1, "free")]);
  labelled("Line place is fitted").click();
  expect(asked(host)).toEqual([{ kind: "set", slot: "g.centre", field: "free", value: false }]);
  await host.answer(host.sent[0], "the recipe keeps it");
  expect(labelled("Line place is fitted").checked).toBe(true);
  type(labelled("Line place value"), "99");
  await host.answer(host.sent[1], "too far");
  expect([labelled("Line place value").value, ...problems()]).toEqual(["50", "too far"]);
  type(labelled("Line place value"), "there");
  expect(problems()[0]).toContain("is not a number");
});

test("rows stand under the heads of their groups", () => {
  const rows = [row(0, "locked"), row(1, "slider"), row(2, "slider", { group: "<b>Other</b>" })];
  const { el } = show(rows);
  const heads = [...el.querySelectorAll("h2")].map((one) => one.textContent);
  expect(heads).toEqual(["Line", "<b>Other</b>"]);
  expect([...el.querySelectorAll(".hsj-group")].map((one) => one.children.length)).toEqual([5, 3]);
});

test.each([
  ["good", "✓"],
  ["fair", "!"],
  ["poor", "✗"],
  ["unknown", "?"],
  ["<i>", "?"],
])("a verdict that is %s has the mark %s, and its words are text", (level, mark) => {
  const { el } = show([], {}, [{ level, text: "<b>so</b>" }]);
  const verdict = find(el, ".hsj-verdict");
  expect(verdict.textContent).toBe(`${mark}<b>so</b>`);
  expect(find(verdict, ".hsj-mark").getAttribute("aria-hidden")).toBe("true");
  expect(find(el, "[aria-live]").getAttribute("aria-live")).toBe("polite");
});

test("the same verdicts are not read out again", () => {
  const { host, el } = show([]);
  const before = find(el, ".hsj-verdict");
  host.push({ page: { rows: [], verdicts: [{ ...GOOD }] } });
  expect(find(el, ".hsj-verdict")).toBe(before);
  host.push({ page: { rows: [], verdicts: [{ level: "poor", text: "no" }] } });
  expect(find(el, ".hsj-verdict").textContent).toBe("✗no");
});

test.each([
  [[], ["Fit", "Undo", "Redo"]],
  [[AXIS], ["Fit", "Fit the whole map", "Undo", "Redo"]],
])("with the axes %j there are the buttons %j, each with its request", (navigation, names) => {
  const { host, el, button } = show([], {
    spec: { ...state().spec, navigation, components: [gaussian("g", 0)] },
    history: { undo: "a", redo: "b" },
    pixel: [0],
  });
  const seen = [...find(el, ".hsj-buttons").querySelectorAll("button")];
  expect(seen.map((one) => one.textContent)).toEqual(names);
  for (const name of names) button(name).click();
  const kinds = { Fit: "fit", "Fit the whole map": "multifit", Undo: "undo", Redo: "redo" };
  expect(asked(host)).toEqual(names.map((name) => ({ kind: kinds[name as keyof typeof kinds] })));
});

test("while something runs nothing else is started", () => {
  const { host, button } = show([], { history: { undo: "a", redo: "" } });
  expect([button("Undo").disabled, button("Redo").disabled]).toEqual([false, true]);
  host.push({ busy: "fit" });
  expect([button("Fitting …").disabled, button("Undo").disabled]).toEqual([true, true]);
  host.push({ busy: "", history: null });
  expect([button("Fit").disabled, button("Undo").disabled]).toEqual([false, true]);
});

test("a button that is refused says why", async () => {
  const { host, button, problems } = show([]);
  button("Fit").click();
  await host.answer(host.sent[0], "there is no data yet");
  expect(problems()).toEqual(["there is no data yet"]);
});
