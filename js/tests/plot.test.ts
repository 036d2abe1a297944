// Marks of the plot: who writes which, and when.
import { afterEach, expect, test, vi } from "vitest";
import { drawLine, hushTooltips } from "../src/marks";
import { makeStore } from "../src/state";
import { fakeHost, find, gaussian, settled, state } from "./fake";
import { type FakeMark, fakeMark, frame, show as showPlot } from "./plotted";

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const show: typeof showPlot = async (...given) => {
  const shown = await showPlot(...given);
  stops.push(shown.stop);
  return shown;
};

const quiet = () => new Promise((resolve) => setTimeout(resolve, 260));

/** Let figures have a canvas; what is drawn on it. */
function withCanvas(): string[] {
  const calls: string[] = [];
  const names = ["moveTo", "lineTo", "stroke", "beginPath", "clearRect"];
  const context = Object.fromEntries(names.map((name) => [name, () => void calls.push(name)]));
  const full = { ...context, setTransform: () => {} } as unknown as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(full as never);
  return calls;
}

const heights = (mark: FakeMark) => mark.state.y as Float64Array;

test("every mark is written once at the start, whatever the kernel's copy says", async () => {
  const { M, L, el } = await show();
  expect(heights(M)[50]).toBe(10);
  expect(heights(L)[50]).toBe(10);
  expect(el.dataset.hsReady).toBe("1");
});

test("a kernel's value redraws model, line and handle", async () => {
  const { host, M, at } = await show();
  host.push({ values: [20, 30, 5] });
  await frame();
  expect(heights(M)[30]).toBe(20);
  expect(at("Gaussian_g position")).toEqual([30, 20]);
});

test("a slider elsewhere on the page redraws at once and without the kernel", async () => {
  const { host, stop, M } = await show();
  const sliders = fakeHost();
  const store = makeStore(sliders.model, stop.signal);
  void store.setValue(0, 40);
  await settled();
  expect(host.sent).toEqual([]);
  expect(heights(M)[50]).toBe(40);
  expect(M.paths.at(-1)).toContain("L50.0,40.0");
});

test("what moves is drawn on a canvas over the plot, and bqplot takes over when it rests", async () => {
  const calls = withCanvas();
  const { host, place, press, move, letGo, at, M, L } = await show();
  const canvas = () => place.querySelector<HTMLCanvasElement>("canvas");
  expect(canvas()).toBeNull();
  press(50, 10);
  move(61.25, 10);
  await settled();
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: "value", value: 61.25 }]);
  expect(canvas()?.style).toMatchObject({ left: "7px", top: "3px", width: "400px", display: "" });
  expect(calls.filter((call) => call.startsWith("stroke"))).toHaveLength(2);
  expect(at("Gaussian_g position")[0]).toBeCloseTo(61.25, 0);
  expect([M.el.style.visibility, L.el.style.visibility]).toEqual(["hidden", "hidden"]);
  expect(heights(M)[50]).toBe(10); // bqplot is told at the end
  await quiet();
  expect(M.el.style.visibility).toBe("hidden"); // still held
  letGo(61.25, 10);
  host.push({ values: [10, 61.25, 5] });
  await host.answer(host.sent[0]);
  await quiet();
  expect(heights(M)[61]).toBeCloseTo(10 * Math.exp(-0.5 * 0.05 ** 2), 9);
  expect(M.el.style.visibility).toBe("");
  expect(canvas()?.style.display).toBe("none");
});

test("one move of a handle is drawn once, and the kernel's agreement not at all", async () => {
  const calls = withCanvas();
  const { host, press, move, letGo } = await show({}, false);
  const strokes = () => calls.filter((call) => call.startsWith("stroke")).length;
  press(50, 10);
  move(55, 10);
  await frame();
  expect(strokes()).toBe(1);
  host.push({ values: [10, 55, 5] });
  await host.answer(host.sent[0]);
  await frame();
  expect(strokes()).toBe(1);
  letGo(55, 10);
});

test("a component is evaluated only when its own numbers changed", async () => {
  const { spec } = state();
  const counted = globalThis as unknown as { runs: number[] };
  counted.runs = [0, 0];
  const two = ["g", "h"].map((id, c) => ({
    ...gaussian(id, 3 * c),
    js: `globalThis.runs[${c}] += 1; out.fill(p[0]);`,
  }));
  const { host } = await show({
    spec: { ...spec, components: two, slots: ["g.A", "g.c", "g.s", "h.A", "h.c", "h.s"] },
    values: [1, 2, 3, 4, 5, 6],
    active: [true, true],
  });
  host.push({ values: [1, 2, 3, 4, 5, 7] });
  await frame();
  expect(counted.runs).toEqual([1, 2]);
});

test("a component that is off does not count, and has no line", async () => {
  const { host, M, L } = await show();
  host.push({ active: [false] });
  await frame();
  expect(heights(M)[50]).toBe(0);
  expect(L.state.visible).toBe(false);
});

test("a component of the kernel is added as it was pushed", async () => {
  const { spec } = state();
  const line = Float64Array.from({ length: 101 }, () => 3);
  const { M, L } = await show({
    spec: { ...spec, components: [{ ...gaussian("g", 0), js: null }] },
    pushed: { g: new DataView(line.buffer) },
    widths: new DataView(Float64Array.from({ length: 101 }, () => 2).buffer),
  });
  expect(heights(M)[0]).toBe(3);
  expect(heights(L)[0]).toBe(3);
});

test("binned densities are drawn as counts", async () => {
  const widths = Float64Array.from({ length: 101 }, () => 2);
  const { M } = await show({ widths: new DataView(widths.buffer) });
  expect(heights(M)[50]).toBe(20);
});

test("the residual is data minus model", async () => {
  const data = Float64Array.from({ length: 101 }, () => 12);
  const { host, R, el } = await show({ data: new DataView(data.buffer) });
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, show_residual: true } });
  await settled();
  await settled();
  expect(heights(R)[50]).toBe(2);
  expect(find(el, ".hsj-legend").textContent).toContain("data − model");
});

test("components without lines are not written", async () => {
  const { L } = await show({}, false);
  expect(L.state.y).toBeUndefined();
});

test("the legend names what is drawn, and pales what is off", async () => {
  const { host, el } = await show();
  const entries = () => [...el.querySelectorAll(".hsj-entry")].map((one) => one.textContent);
  expect(entries()).toEqual(["data", "model", "Gaussian_g"]);
  host.push({ active: [false] });
  expect(find(el, ".hsj-entry.hsj-off").textContent).toBe("Gaussian_g");
});

test("Reset view sets both scales to the kernel's limits", async () => {
  const { el, scales } = await show({ limits: [0, 100, -1, 12] });
  const home = [...el.querySelectorAll("button")].find((b) => b.textContent === "Reset view");
  home?.click();
  expect(scales.x.state).toMatchObject({ min: 0, max: 100 });
  expect(scales.y.state).toMatchObject({ min: -1, max: 12 });
  expect([scales.x.saved.length, scales.y.saved.length]).toEqual([1, 1]);
});

test("without the private names of a view the public way draws", async () => {
  const x = Float64Array.of(0, 1);
  const mark = { ...fakeMark(), views: { only: Promise.resolve({}) } };
  const written: unknown[] = [];
  mark.set_state = (update) => void written.push(update);
  await drawLine(mark, x, Float64Array.of(3, 4));
  expect(written).toEqual([{ y: Float64Array.of(3, 4) }]);
});

test("a formula that the browser cannot read is told, and does not stop the rest", async () => {
  const { spec } = state();
  const { el, M } = await show({
    spec: { ...spec, components: [{ ...gaussian("g", 0), js: "this is no JavaScript" }] },
  });
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain(
    "Gaussian_g cannot be drawn",
  );
  expect(heights(M)[50]).toBe(0);
});

test("a closed plot leaves no listener, on the host, the marks or the page", async () => {
  const { host, stop, place, press, move, scales, M } = await show();
  expect(scales.y.listeners()).toBeGreaterThan(0);
  stop.abort();
  expect(host.listeners()).toBe(0);
  expect([scales.x, scales.y, M].map((mark) => mark.listeners())).toEqual([0, 0, 0]);
  expect(place.children).toHaveLength(0);
  press(50, 10);
  move(70, 10);
  expect(host.sent).toEqual([]);
});

test("the listeners of bqplot's tooltip, which no mark has, are taken off the page", async () => {
  const rests: string[] = [];
  const popper = { disableEventListeners: () => void rests.push("now") };
  const figure = fakeMark();
  figure.views = { only: Promise.resolve({ popper }), other: Promise.resolve({}) };
  await hushTooltips(figure);
  expect(rests).toEqual(["now"]);
});
