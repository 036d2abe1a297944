// Marks and handles of the plot: who writes which, and what a drag asks for.
import { afterEach, expect, test } from "vitest";
import widget from "../src/index";
import { drawLine, type Mark } from "../src/marks";
import type { HostState } from "../src/schema.gen";
import { makeStore } from "../src/state";
import { fakeHost, find, gaussian, press, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

type FakeMark = Mark & { state: Record<string, unknown>; el: SVGElement; paths: string[] };

function fakeMark(start: Record<string, unknown> = {}): FakeMark {
  const calls = new Map<string, Set<() => void>>();
  const now: Record<string, unknown> = { colors: ["#123456"], visible: true, ...start };
  const el = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const paths: string[] = [];
  const scale = { scale: (value: number) => value, offset: 0 };
  const view = {
    el,
    d3el: { select: () => ({ attr: (_name: string, d: string) => void paths.push(d) }) },
    scales: { x: scale, y: scale },
  };
  return {
    state: now,
    el,
    paths,
    views: { only: Promise.resolve(view) },
    get: (name) => now[name],
    set_state(update) {
      Object.assign(now, update);
      for (const name of Object.keys(update))
        for (const c of calls.get(`change:${name}`) ?? []) c();
    },
    on: (event, call) => {
      calls.set(event, (calls.get(event) ?? new Set()).add(call));
    },
    off: (event, call) => void calls.get(event)?.delete(call),
  };
}

/** Press the mouse on a mark, which is in the page by now. */
async function grab(mark: FakeMark): Promise<void> {
  document.body.append(mark.el);
  mark.el.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  await settled();
}

const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function show(more: Partial<HostState> = {}, lines = true) {
  const scale = () => {
    const mark = fakeMark({ min: -1, max: 100 });
    const saved: number[] = [];
    return Object.assign(mark, {
      saved,
      set: (update: Record<string, number>) => mark.set_state(update),
      save_changes: () => void saved.push(saved.length),
    });
  };
  const scales = { x: scale(), y: scale() };
  const marks = {
    F: fakeMark({ interaction: null }),
    P: {},
    M: fakeMark({ scales }),
    R: fakeMark(),
    L: fakeMark(),
    H: fakeMark({ x: Float64Array.of(50) }),
  };
  const host = fakeHost(
    {
      kind: "plot",
      curves: {
        figure: "F",
        panzoom: "P",
        model: "M",
        residual: "R",
        lines: { g: "L" },
        handles: { g: "H" },
        show_lines: lines,
        show_residual: false,
      },
      ...more,
    },
    marks,
  );
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  await settled();
  await settled();
  return { host, el, stop, scales, ...marks };
}

const heights = (mark: FakeMark) => mark.state.y as Float64Array;

test("every mark is written once at the start, whatever the kernel's copy says", async () => {
  const { M, L, H, el } = await show();
  expect(heights(M)[50]).toBe(10);
  expect(heights(L)[50]).toBe(10);
  expect(H.state.x).toEqual(Float64Array.of(50));
  expect(H.state.y).toEqual(Float64Array.of(10));
  expect(el.dataset.hsReady).toBe("1");
});

test("a kernel's value redraws model, line and handle", async () => {
  const { host, M, H } = await show();
  host.push({ values: [20, 30, 5] });
  await frame();
  expect(heights(M)[30]).toBe(20);
  expect(H.state.x).toEqual(Float64Array.of(30));
});

test("a slider elsewhere on the page redraws without the kernel, and then for good", async () => {
  const { host, M } = await show();
  const sliders = fakeHost();
  const store = makeStore(sliders.model, (last as ReturnType<typeof stage>).stop.signal);
  const drawn = M.paths.length;
  void store.setValue(0, 40);
  await settled();
  expect(host.sent).toEqual([]);
  expect(M.paths.length).toBe(drawn + 1);
  expect(M.paths.at(-1)).toContain("L50.0,40.0");
  host.push({ values: [40, 50, 5] });
  await sliders.answer(sliders.sent[0]);
  await frame();
  expect(heights(M)[50]).toBe(40);
});

test("dragging the handle asks for its position, draws fast, and settles when let go", async () => {
  const { host, M, H } = await show();
  await grab(H);
  H.set_state({ x: Float64Array.of(61.25) });
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: "value", value: 61.25 }]);
  await frame();
  expect(M.paths.length).toBeGreaterThan(0);
  expect(heights(M)[50]).toBe(10); // bqplot is told at the end
  window.dispatchEvent(new Event("pointerup"));
  host.push({ values: [10, 61.25, 5] });
  await host.answer(host.sent[0]);
  await frame();
  await frame();
  expect(heights(M)[61]).toBeCloseTo(10 * Math.exp(-0.5 * 0.05 ** 2), 9);
});

test("a handle does not leave the axis nor the bounds", async () => {
  const { host, H } = await show({ bmax: [null, 80, null] });
  await grab(H);
  H.set_state({ x: Float64Array.of(229) });
  expect(host.sent[0]).toMatchObject({ value: 80 });
  await frame();
  expect(H.paths.at(-1)).toMatch(/^translate\(80,/);
  window.dispatchEvent(new Event("pointerup"));
  host.push({ values: [10, 80, 5] });
  await host.answer(host.sent[0]);
  await frame();
  await frame();
  expect(H.state.x).toEqual(Float64Array.of(80));
});

test("a place that nobody drags is the kernel's echo, not a wish", async () => {
  const { host, H } = await show();
  H.set_state({ x: Float64Array.of(10) });
  expect(host.sent).toEqual([]);
});

test("arrow keys move a handle", async () => {
  const { host, H } = await show();
  expect(H.el.getAttribute("role")).toBe("slider");
  press(H.el, "ArrowRight");
  expect(host.sent[0]).toMatchObject({ slot: "g.centre", value: 50.1 });
});

test("a position off the axis has no handle, nor has a twin or a component that is off", async () => {
  const { host, H } = await show({ values: [10, 500, 5] });
  expect(H.state.visible).toBe(false);
  host.push({ values: [10, 50, 5] });
  await frame();
  expect(H.state.visible).toBe(true);
  host.push({ linked: [null, "other.centre", null] });
  await frame();
  expect(H.state.visible).toBe(false);
  host.push({ linked: [null, null, null], active: [false] });
  await frame();
  expect(H.state.visible).toBe(false);
});

test("a line may leave the plot, its handle may not", async () => {
  const { host, H, scales } = await show();
  host.push({ values: [5000, 50, 5] });
  await frame();
  const [height] = H.state.y as Float64Array;
  expect(height).toBeGreaterThan(90);
  expect(height).toBeLessThan(100);
  scales.y.set({ min: 0, max: 1e5 });
  await frame();
  expect(H.state.y).toEqual(Float64Array.of(5000));
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
  await drawLine(mark, x, Float64Array.of(3, 4), true);
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

test("a closed plot leaves no listener, on the host or on the marks", async () => {
  const { host, stop, H } = await show();
  stop.abort();
  expect(host.listeners()).toBe(0);
  await grab(H);
  H.set_state({ x: Float64Array.of(70) });
  expect(host.sent).toEqual([]);
});
