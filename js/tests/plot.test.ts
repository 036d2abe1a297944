// Marks and handles of the plot: who writes which, and what a drag asks for.
import { afterEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import { drawLine, type Mark } from "../src/marks";
import type { HostState } from "../src/schema.gen";
import { makeStore } from "../src/state";
import { fakeHost, find, gaussian, press, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  figure = {};
});

type FakeMark = Mark & { state: Record<string, unknown>; el: SVGElement; paths: string[] };

let figure: Record<string, unknown> = {};

function fakeMark(start: Record<string, unknown> = {}): FakeMark {
  const calls = new Map<string, Set<() => void>>();
  const now: Record<string, unknown> = { colors: ["#123456"], visible: true, ...start };
  const el = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const paths: string[] = [];
  const map = Object.assign((value: number) => value, { invert: (pixel: number) => pixel });
  const scale = { scale: map, offset: 0 };
  const view = {
    parent: figure,
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

/** Press the mouse on a mark. */
function grab(mark: FakeMark): void {
  document.body.append(mark.el);
  mark.el.dispatchEvent(mouse("pointerdown", 100));
}

/** What the mouse does, at a place across the page. */
function mouse(kind: string, clientX: number): PointerEvent {
  return new MouseEvent(kind, { clientX, bubbles: true, cancelable: true }) as PointerEvent;
}

/** Move the mouse some pixels from where it was pressed. */
const drag = (by: number) => window.dispatchEvent(mouse("pointermove", 100 + by));
const letGo = () => window.dispatchEvent(mouse("pointerup", 100));
const quiet = () => new Promise((resolve) => setTimeout(resolve, 260));

/** Let figures have a canvas; what is drawn on it. */
function withCanvas(): { el: HTMLElement; calls: string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void calls.push(`${name} ${given.map((one) => Number(one).toFixed(1)).join(" ")}`);
  const names = ["moveTo", "lineTo", "stroke", "arc", "fill", "beginPath", "clearRect"];
  const context = Object.fromEntries(names.map((name) => [name, note(name)]));
  const full = { ...context, setTransform: () => {} } as unknown as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(full as never);
  const el = document.createElement("div");
  const margin = { left: 7, top: 3 };
  figure = { el, plotareaWidth: 400, plotareaHeight: 300, margin };
  return { el, calls };
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
    B: fakeMark({ visible: false }),
    X: fakeMark({ side: "bottom" }),
    Y: fakeMark({ side: "left" }),
    D: fakeMark(),
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
        band: "B",
        axes: ["X", "Y"],
        rest: "D",
        lines: { g: "L" },
        handles: { g: "H" },
        show_lines: lines,
        show_residual: false,
        log_x: false,
        log_y: false,
        uncertainty: false,
        weights: false,
        hidden: [],
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
  await frame();
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

test("a slider elsewhere on the page redraws at once and without the kernel", async () => {
  const { host, M } = await show();
  const sliders = fakeHost();
  const store = makeStore(sliders.model, (last as ReturnType<typeof stage>).stop.signal);
  void store.setValue(0, 40);
  await settled();
  expect(host.sent).toEqual([]);
  expect(heights(M)[50]).toBe(40);
  expect(M.paths.at(-1)).toContain("L50.0,40.0");
});

test("what moves is drawn on a canvas over the plot, and bqplot takes over when it rests", async () => {
  const { el, calls } = withCanvas();
  const { host, M, L, H } = await show();
  const canvas = () => el.querySelector<HTMLCanvasElement>("canvas");
  expect(canvas()).toBeNull();
  grab(H);
  drag(11.25);
  await settled();
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: "value", value: 61.25 }]);
  expect(canvas()?.style).toMatchObject({ left: "7px", top: "3px", width: "400px", display: "" });
  expect(calls.filter((call) => call.startsWith("stroke"))).toHaveLength(3);
  expect(calls).toContainEqual(expect.stringMatching(/^arc 61.3 10.0/));
  expect([M.el.style.visibility, L.el.style.visibility]).toEqual(["hidden", "hidden"]);
  expect(heights(M)[50]).toBe(10); // bqplot is told at the end
  await quiet();
  expect(M.el.style.visibility).toBe("hidden"); // still held
  letGo();
  host.push({ values: [10, 61.25, 5] });
  await host.answer(host.sent[0]);
  await quiet();
  expect(heights(M)[61]).toBeCloseTo(10 * Math.exp(-0.5 * 0.05 ** 2), 9);
  expect(M.el.style.visibility).toBe("");
  expect(canvas()?.style.display).toBe("none");
});

test("one move of a handle is drawn once, and the kernel's agreement not at all", async () => {
  const { calls } = withCanvas();
  const { host, H } = await show({}, false);
  const clears = () => calls.filter((call) => call.startsWith("arc")).length;
  grab(H);
  drag(5);
  await frame();
  expect(clears()).toBe(1);
  host.push({ values: [10, 55, 5] });
  await host.answer(host.sent[0]);
  await frame();
  expect(clears()).toBe(1);
  letGo();
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

test("a handle does not leave the axis nor the bounds", async () => {
  const { host, H } = await show({ bmax: [null, 80, null] });
  grab(H);
  drag(229);
  expect(host.sent[0]).toMatchObject({ value: 80 });
  await frame();
  expect(H.paths.at(-1)).toMatch(/^translate\(80,/);
  letGo();
  host.push({ values: [10, 80, 5] });
  await host.answer(host.sent[0]);
  expect(host.sent).toHaveLength(1);
});

test("a handle that is not held does not follow the mouse", async () => {
  const { host, H } = await show();
  drag(10);
  grab(H);
  letGo();
  drag(10);
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

test("a closed plot leaves no listener, on the host or on the marks", async () => {
  const { host, stop, H } = await show();
  stop.abort();
  expect(host.listeners()).toBe(0);
  grab(H);
  drag(20);
  expect(host.sent).toEqual([]);
});
