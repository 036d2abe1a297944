// The table of all parameters: sorted, chosen, filtered, set together, copied; and what is folded.
import { expect, test, vi } from "vitest";
import type { HostState } from "../src/schema.gen";
import { render, two } from "./drawn";
import { find, gaussian, settled, state } from "./fake";

function table(more: Partial<HostState> = {}) {
  const shown = render(two(more));
  shown.button("Table").click();
  const rows = () =>
    [...shown.el.querySelectorAll<HTMLTableRowElement>("tbody tr")].filter((row) => !row.hidden);
  const column = (k: number) => rows().map((row) => row.cells[k + 1]?.textContent?.trim());
  return { ...shown, rows, column };
}

test("every parameter is a line with its numbers, and follows them", () => {
  const { host, rows, column } = table();
  expect(rows()).toHaveLength(6);
  expect(column(2)).toEqual(["10", "50", "5", "3", "70", "8"]);
  expect(column(5)).toEqual(["free", "free", "fixed", "free", "free", "free"]);
  expect(column(8)[5]).toBe("2 * Gaussian_g.sigma");
  host.push({ values: [11, 50, 5, 3, 70, 8] });
  expect(column(2)[0]).toBe("11");
});

test("a press on a head sorts by it, another the other way round", () => {
  const { button, column, el } = table();
  button("value").click();
  expect(column(2)).toEqual(["3", "5", "8", "10", "50", "70"]);
  expect(el.querySelector("[aria-sort=ascending]")?.textContent).toBe("value");
  button("value").click();
  expect(column(2)).toEqual(["70", "50", "10", "8", "5", "3"]);
});

test("the chosen are set together, by one request", () => {
  const { host, button, labelled } = table();
  labelled("choose Gaussian_g A").click();
  labelled("choose Gaussian_h A").click();
  button("Fix").click();
  labelled("set the chosen to").value = "1.2e1";
  button("Set").click();
  expect(host.sent).toMatchObject([
    { kind: "set_many", slots: ["g.A", "h.A"], field: "free", value: false },
    { kind: "set_many", slots: ["g.A", "h.A"], field: "value", value: 12 },
  ]);
});

test.each([
  ["bmin", "none", null],
  ["bmax", "3", 3],
  ["link", "2 * Gaussian_g.A", "2 * Gaussian_g.A"],
])("%s of the chosen is set to %s", (field, typed, value) => {
  const { host, button, labelled } = table();
  labelled("choose Gaussian_h A").click();
  find<HTMLSelectElement>(document.body, '[aria-label="what to set"]').value = field;
  labelled("set the chosen to").value = typed;
  button("Set").click();
  expect(host.sent).toMatchObject([{ kind: "set_many", slots: ["h.A"], field, value }]);
});

test("nothing chosen, or no number, is said and not sent", () => {
  const { host, button, labelled, el } = table();
  button("Free").click();
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain("choose");
  labelled("choose Gaussian_h A").click();
  labelled("set the chosen to").value = "many";
  button("Set").click();
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain("not a number");
  expect(host.sent).toEqual([]);
});

test("the box of the head chooses all that are shown", () => {
  const { labelled, host, button } = table();
  const filter = labelled("filter components and parameters");
  filter.value = "sigma";
  filter.dispatchEvent(new Event("input"));
  labelled("choose all parameters").click();
  button("Free").click();
  expect(host.sent).toMatchObject([{ slots: ["g.sigma", "h.sigma"] }]);
});

test("the table is copied as text", async () => {
  const texts: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (t: string) => texts.push(t) } });
  const { button, labelled } = table();
  labelled("choose Gaussian_g centre").click();
  button("Copy").click();
  await settled();
  expect(texts[0]?.split("\n")[1]).toBe("Gaussian_g\tcentre\t50\t0.5\teV\tfree\t0\t100\t");
});

test("a copy has all digits of what is shown rounded", async () => {
  const texts: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (t: string) => texts.push(t) } });
  const { host, button, labelled } = table();
  const values = [...host.model.get("values")];
  values[1] = 50.123456789;
  host.push({ values, std: host.model.get("std").map(() => 0.0123456789) });
  labelled("choose Gaussian_g centre").click();
  button("Copy").click();
  await settled();
  expect(texts[0]).toContain("\tcentre\t50.123456789\t0.0123456789\teV\t");
  vi.unstubAllGlobals();
});

test("what is chosen, sorted and filtered outlives a change of structure", () => {
  const { host, button, labelled, column } = table();
  labelled("choose Gaussian_g A").click();
  button("value").click();
  host.push({ spec: { ...host.model.get("spec"), title: "another" } });
  expect(column(2)).toEqual(["3", "5", "8", "10", "50", "70"]);
  expect(labelled("choose Gaussian_g A").checked).toBe(true);
});

test("a filter leaves the components whose names or parameters fit", () => {
  const { el, labelled } = render(two());
  const filter = labelled("filter components and parameters");
  filter.value = "gaussian_h";
  filter.dispatchEvent(new Event("input"));
  const seen = [...el.querySelectorAll<HTMLElement>(".hsj-component")].map((one) => one.hidden);
  expect(seen).toEqual([true, false]);
  expect(find(el, ".hsj-list-tools [role=status]").textContent).toBe("1 of 2 components");
});

test("all are folded and unfolded", () => {
  const { el, button } = render(two());
  button("Fold all").click();
  const bodies = () => [...el.querySelectorAll<HTMLElement>(".hsj-body")].map((one) => one.hidden);
  expect(bodies()).toEqual([true, true]);
  button("Unfold all").click();
  expect(bodies()).toEqual([false, false]);
});

test("a slider is logarithmic by choice", () => {
  const { el, labelled } = render(two());
  labelled("Gaussian_g A log slider").click();
  expect(labelled("Gaussian_g A log slider").getAttribute("aria-pressed")).toBe("true");
  const ends = [...el.querySelectorAll(".hsj-row .hsj-end")].slice(0, 2);
  expect(ends.map((one) => one.textContent)).toEqual(["0.1", "1000"]);
});

test("the end of a view leaves no listener", () => {
  const { host, stop, button } = table();
  button("Table").click();
  button("Table").click();
  stop.abort();
  expect(host.listeners()).toBe(0);
});

test("a number that is not known is sorted to one end, and the others among themselves", () => {
  const { button, column } = table({ values: [10, 50, 5, null, 70, 8] });
  button("value").click();
  expect(column(2)).toEqual(["", "5", "8", "10", "50", "70"]);
});

test("a press anywhere in a line chooses it, and its count is told", () => {
  const { host, rows, labelled, el } = table();
  rows()[1]?.cells[3]?.click();
  expect(labelled("choose Gaussian_g centre").checked).toBe(true);
  expect(find(el, ".hsj-bulk [role=status]").textContent).toBe("1 of 6 chosen");
  expect(labelled("choose all parameters").indeterminate).toBe(true);
  expect(host.sent).toEqual([]);
});

test("names are shown as they are, whatever is in them", () => {
  const { spec } = state();
  const name = `<img src=x onerror="alert(1)"> ${"long ".repeat(200)}`;
  const { column, el } = table({ spec: { ...spec, components: [{ ...gaussian("g", 0), name }] } });
  expect(column(0)[0]).toBe(name.trim());
  expect(el.querySelector("img")).toBeNull();
});
