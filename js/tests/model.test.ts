// The view of a model: its buttons, progress, pixel and components against a fake kernel.
import { afterEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import type { HostState } from "../src/schema.gen";
import { makeStore } from "../src/state";
import { describeQuality } from "../src/views/model";
import { positionOf } from "../src/views/pixel";
import { describeRun } from "../src/views/run";
import { aRun, fakeHost, find, gaussian, press, settled, stage, state, type } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  vi.useRealTimers();
  last?.stop.abort();
  document.body.replaceChildren();
});

const MAP = [
  { name: "x", units: "nm", size: 32, scale: 0.5, offset: 10, positions: null },
  { name: "y", units: "nm", size: 8, scale: 1, offset: 0, positions: null },
];

function show(more: Partial<HostState> = {}) {
  const host = fakeHost(more);
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  const button = (text: string) => {
    const found = [...el.querySelectorAll("button")].find((one) => one.textContent === text);
    if (found === undefined) throw new Error(`no button ${text}`);
    return found;
  };
  const input = (label: string) => find<HTMLInputElement>(el, `input[aria-label="${label}"]`);
  return { host, el, stop, button, input };
}

function onMap(more: Partial<HostState> = {}) {
  const { spec } = state();
  return show({ spec: { ...spec, navigation: MAP }, pixel: [3, 1], ...more });
}

test("a model shows its title, its components and their parameters, and says when it is drawn", () => {
  const { el, input } = show();
  expect(find(el, ".hsj-caption").textContent).toBe("a map");
  expect(input("Gaussian_g centre value").value).toBe("50");
  expect(el.querySelectorAll(".hsj-row[role=group]")).toHaveLength(3);
  expect(el.dataset.hsReady).toBe("1");
});

test("an empty model says what to do", () => {
  const { el, button } = show({
    spec: {
      title: "m",
      slots: [],
      components: [],
      addable: [],
      peaks: [],
      signal: null,
      navigation: [],
    },
    values: [],
  });
  expect(find(el, ".hsj-empty").textContent).toContain("append");
  expect(button("Fit").disabled).toBe(true);
});

test("Fit asks once, and shows that it runs", async () => {
  const { host, button } = show();
  button("Fit").click();
  expect(host.sent).toMatchObject([{ kind: "fit" }]);
  host.push({ busy: "fit" });
  expect(button("Fitting …").disabled).toBe(true);
  expect(button("Store").disabled).toBe(true);
  host.push({ busy: "" });
  expect(button("Fit").disabled).toBe(false);
});

test("what the kernel refuses is read in the view that asked, and in no other", async () => {
  const one = show();
  const other = show();
  one.button("Fit").click();
  await one.host.answer(one.host.sent[0], "no free parameter; free one");
  expect(find(one.el, ".hsj-model .hsj-problem").textContent).toBe("no free parameter; free one");
  expect(find(other.el, ".hsj-model .hsj-problem").textContent).toBe("");
  one.stop.abort();
});

test("a single spectrum has no button for the map", () => {
  const { el } = show();
  expect([...el.querySelectorAll("button")].map((b) => b.textContent)).not.toContain("Fit all");
});

test("Fit all, progress and Cancel", async () => {
  const { host, el, button } = onMap();
  expect(find(el, ".hsj-run").hidden).toBe(true);
  button("Fit all").click();
  expect(host.sent).toMatchObject([{ kind: "multifit" }]);
  host.push({
    busy: "multifit",
    run: aRun({ state: "running", done: 64, total: 256, failures: 0, seconds: 2 }),
  });
  expect(find(el, ".hsj-words").textContent).toBe(
    "running: 64 of 256 pixels · 32 pixels/s · 6.0 s left",
  );
  expect(find<HTMLProgressElement>(el, "progress").value).toBe(64);
  button("Cancel").click();
  expect(host.sent[1]).toMatchObject({ kind: "cancel" });
  host.push({
    busy: "",
    run: aRun({ state: "cancelled", done: 70, total: 256, failures: 2, seconds: 2 }),
  });
  expect(button("Cancel").hidden).toBe(true);
  expect(find(el, ".hsj-words").textContent).toContain("2 failed");
});

test("Cancel interrupts a cell that waits for the run, and no other", async () => {
  vi.useFakeTimers();
  const run = aRun({ done: 1, total: 9, seconds: 1 });
  const { host, button } = onMap({ run });
  button("Cancel").click();
  await vi.advanceTimersByTimeAsync(1000);
  expect(host.interrupts()).toBe(0);
  host.push({ run: { ...run, state: "done" } });
  host.push({ run: { ...run, awaited: true } });
  button("Cancel").click();
  await vi.advanceTimersByTimeAsync(1000);
  expect(host.interrupts()).toBe(1);
});

test("the pixel is shown as index and as place, and moves", async () => {
  const { host, el, input } = onMap();
  expect([...el.querySelectorAll(".hsj-place")].map((one) => one.textContent)).toEqual([
    "11.5 nm",
    "1 nm",
  ]);
  type(input("x index"), "31");
  expect(host.sent).toMatchObject([{ kind: "pixel", indices: [31, 1] }]);
  host.push({ pixel: [31, 1] });
  await host.answer(host.sent[0]);
  expect(input("x pixel").value).toBe("31");
  expect(el.querySelector(".hsj-place")?.textContent).toBe("25.5 nm");
});

test("two axes moved quickly both count", async () => {
  const { host, input } = onMap();
  for (const [name, value] of [
    ["x", "5"],
    ["y", "6"],
    ["x", "7"],
  ]) {
    const slider = input(`${name} pixel`);
    slider.value = value ?? "";
    slider.dispatchEvent(new Event("input"));
  }
  await host.answer(host.sent[0]);
  expect(host.sent.map(({ indices }) => indices)).toEqual([
    [5, 1],
    [7, 6],
  ]);
});

test("an index outside of the map ends at its edge", () => {
  const { host, input } = onMap();
  type(input("y index"), "99");
  expect(host.sent[0]).toMatchObject({ indices: [3, 7] });
});

test("unequal places are read from the list", () => {
  const axis = { name: "z", units: "", size: 3, scale: 1, offset: 0, positions: [0, 1, 10] };
  expect(positionOf(axis, 2)).toBe(10);
});

test("components fold, and stay folded when the structure changes", () => {
  const { host, el } = show();
  const fold = find<HTMLButtonElement>(el, ".hsj-fold");
  expect(fold.getAttribute("aria-expanded")).toBe("true");
  const rows = () => find(el, ".hsj-component").style.getPropertyValue("--hsj-rows");
  expect(rows()).toBe("3");
  fold.click();
  expect(find(el, ".hsj-body").hidden).toBe(true);
  expect(rows()).toBe("0");
  const { spec } = state();
  host.push({ spec: { ...spec, title: "new" } });
  expect(find(el, ".hsj-caption").textContent).toBe("new");
  expect(find(el, ".hsj-body").hidden).toBe(true);
});

test("the active switch asks, and the kernel's state counts", async () => {
  const { host, el, input } = show();
  input("Gaussian_g active").click();
  expect(host.sent).toMatchObject([{ kind: "active", component: "g", value: false }]);
  host.push({ active: [false] });
  await host.answer(host.sent[0]);
  expect(find(el, ".hsj-component").classList.contains("hsj-off")).toBe(true);
});

test("a name is typed, and a refused one restored with the reason", async () => {
  const { host, el, input } = show();
  const name = input("Gaussian_g name");
  name.focus();
  name.value = "Fe K";
  press(name, "Enter");
  expect(host.sent).toMatchObject([{ kind: "name", component: "g", value: "Fe K" }]);
  await host.answer(host.sent[0], "Another component already has the name Fe K");
  expect(name.value).toBe("Gaussian_g");
  expect(find(el, ".hsj-component > .hsj-problem").textContent).toContain("already");
});

test("a changed structure keeps the focus, and leaves no listener of the old one", () => {
  const { host, input } = show();
  input("Gaussian_g name").focus();
  const before = host.listeners();
  const { spec } = state();
  host.push({ spec: { ...spec, components: [gaussian("g", 0)] } });
  expect(host.listeners()).toBe(before);
  expect(document.activeElement?.getAttribute("data-hsj-focus")).toBe("g name");
});

test("a view that waits long says so", async () => {
  vi.useFakeTimers();
  const { host, el, button } = show();
  button("Store").click();
  vi.advanceTimersByTime(500);
  expect(find(el, ".hsj-wait").hidden).toBe(true);
  vi.advanceTimersByTime(500);
  expect(find(el, ".hsj-wait").textContent).toBe("waiting for the kernel …");
  await host.answer(host.sent[0]);
  expect(find(el, ".hsj-wait").hidden).toBe(true);
});

test.each(["parameter", "component", "model", "run"] as const)(
  "a %s host leaves no listener when it is closed",
  async (kind) => {
    const { host, el, stop } = show({ kind });
    await settled();
    stop.abort();
    expect(host.listeners()).toBe(0);
    expect(el.dataset.hsReady).toBeUndefined();
  },
);

test("two views of one host follow each other without the kernel", () => {
  const host = fakeHost();
  last = stage();
  const stop = last.stop.signal;
  const [a, b] = [makeStore(host.model, stop), makeStore(host.model, stop)];
  void a.setValue(2, 9);
  expect(b.value(2)).toBe(9);
});

test.each([
  [null, ""],
  [
    { chisq: null, reduced_chisq: null, free: 1, channels: 9 },
    "not fitted here · 1 free number · 9 channels",
  ],
  [
    { chisq: 12.5, reduced_chisq: 1.25, free: 3, channels: 13 },
    "χ² 12.5 · reduced χ² 1.25 · 3 free numbers · 13 channels",
  ],
])("quality %j reads %j", (quality, text) => {
  expect(describeQuality(quality)).toBe(text);
});

test.each([
  [
    aRun({ state: "waiting", done: 0, total: 9, failures: 0, seconds: 0 }),
    "waiting: 0 of 9 pixels",
  ],
  [
    aRun({ state: "done", done: 9, total: 9, failures: 0, seconds: 3 }),
    "done: 9 of 9 pixels · 3.0 pixels/s · 3.0 s",
  ],
])("the run %j reads %j", (run, text) => {
  expect(describeRun(run)).toBe(text);
});

test("a model that cannot be shown any more says why, in place of its controls", () => {
  const { host, el } = show();
  const why = "its signal was changed in place";
  host.push({ problem: why });
  expect(find(el, ".hsj-view").hidden).toBe(true);
  expect(find(el, ".hsj-root > .hsj-problem").textContent).toBe(why);
  host.push({ problem: "" });
  expect(find(el, ".hsj-view").hidden).toBe(false);
});
