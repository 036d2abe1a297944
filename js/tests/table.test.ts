// The table of all parameters: sorted, chosen, filtered, set together, copied; and what is folded.
import { afterEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import type { HostState } from "../src/schema.gen";
import { fakeHost, find, gaussian, press, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

function show(more: Partial<HostState> = {}) {
  const { spec } = state();
  const host = fakeHost({
    spec: {
      ...spec,
      slots: ["g.A", "g.centre", "g.sigma", "h.A", "h.centre", "h.sigma"],
      components: [gaussian("g", 0), gaussian("h", 3)],
    },
    values: [10, 50, 5, 3, 70, 8],
    std: [null, 0.5, null, null, null, null],
    free: [true, true, false, true, true, true],
    bmin: [null, 0, 0.1, null, null, null],
    bmax: [null, 100, null, null, null, null],
    linked: [null, null, null, null, null, "2 * Gaussian_g.sigma"],
    active: [true, true],
    per_pixel: [false, true],
    ...more,
  });
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  const button = (text: string) => {
    const found = [...el.querySelectorAll("button")].find((one) => one.textContent === text);
    if (found === undefined) throw new Error(`no button ${text}`);
    return found;
  };
  const labelled = (label: string) => find<HTMLInputElement>(el, `[aria-label="${label}"]`);
  return { host, el, stop, button, labelled };
}

function table(more: Partial<HostState> = {}) {
  const shown = show(more);
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
  const { el, labelled } = show();
  const filter = labelled("filter components and parameters");
  filter.value = "gaussian_h";
  filter.dispatchEvent(new Event("input"));
  const seen = [...el.querySelectorAll<HTMLElement>(".hsj-component")].map((one) => one.hidden);
  expect(seen).toEqual([true, false]);
  expect(find(el, ".hsj-list-tools [role=status]").textContent).toBe("1 of 2 components");
});

test("all are folded and unfolded", () => {
  const { el, button } = show();
  button("Fold all").click();
  const bodies = () => [...el.querySelectorAll<HTMLElement>(".hsj-body")].map((one) => one.hidden);
  expect(bodies()).toEqual([true, true]);
  button("Unfold all").click();
  expect(bodies()).toEqual([false, false]);
});

test("a component is kept for each pixel, estimated and fitted in a typed window", () => {
  const { host, labelled } = show();
  expect(labelled("Gaussian_h active per pixel").checked).toBe(true);
  labelled("Gaussian_g active per pixel").click();
  for (const [end, value] of [
    ["from", "40"],
    ["to", "60"],
  ] as const) {
    const field = labelled(`Gaussian_g window ${end}`);
    field.value = value;
    press(field, "Enter");
  }
  labelled("Estimate: Gaussian_g").click();
  labelled("Fit this: Gaussian_g").click();
  expect(host.sent).toMatchObject([
    { kind: "per_pixel", component: "g", value: true },
    { kind: "estimate", component: "g", low: 40, high: 60 },
    { kind: "fit_component", component: "g", low: 40, high: 60 },
  ]);
});

test("without a plot on the page a window cannot be dragged, and that is said", () => {
  const { el, labelled } = show();
  labelled("Drag: Gaussian_g").click();
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain("m.plot()");
});

test("switches and numbers of a component are set by name", () => {
  const { spec } = state();
  const extras = [
    { name: "interpolate", doc: "stretched", value: true, empty: false },
    { name: "E0", doc: "beam energy", value: null, empty: true },
  ];
  const { host, labelled } = show({
    spec: { ...spec, components: [{ ...gaussian("g", 0), extras }] },
  });
  labelled("Gaussian_g interpolate").click();
  const field = labelled("Gaussian_g E0");
  field.value = "200";
  press(field, "Enter");
  expect(host.sent).toMatchObject([
    { kind: "extra", component: "g", name: "interpolate", value: false },
    { kind: "extra", component: "g", name: "E0", value: 200 },
  ]);
});

test("models are kept, told apart and restored by name", async () => {
  const { host, el, button, labelled } = show();
  const box = [...el.querySelectorAll("details")].at(-1) as HTMLDetailsElement;
  box.open = true;
  box.dispatchEvent(new Event("toggle"));
  for (const asked of [...host.sent]) await host.answer(asked, "", "before\nafter");
  expect(find(el, ".hsj-stored").textContent).toContain("before");
  labelled("differences to before").click();
  await host.answer(host.sent.at(-1), "", "Gaussian_g A\t10\t12");
  expect([...el.querySelectorAll(".hsj-stored td")].map((one) => one.textContent)).toEqual([
    "Gaussian_g A",
    "10",
    "12",
  ]);
  labelled("restore before").click();
  labelled("name of the stored model").value = "mine";
  button("Store as").click();
  expect(host.sent.slice(-2)).toMatchObject([
    { kind: "restore", name: "before" },
    { kind: "keep", name: "mine" },
  ]);
});

test("a slider is logarithmic by choice", () => {
  const { el, labelled } = show();
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
