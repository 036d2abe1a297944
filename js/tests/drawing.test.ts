// Who draws what when: bqplot what rests, the canvas what moves; and what a closed plot leaves.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drawingOf, exportPicture } from "../src/export";
import { makeOverlay } from "../src/overlay";
import type { HostState } from "../src/schema.gen";
import { watchPage } from "./drawn";
import { find, gaussian, settled, state } from "./fake";
import { type FakeMark, fakeMark, frame, mouse, show as plot } from "./plotted";

let strokes = 0;
beforeEach(() => {
  strokes = 0;
  const nothing = () => {};
  const context = {
    beginPath: nothing,
    clearRect: nothing,
    lineTo: nothing,
    moveTo: nothing,
    setTransform: nothing,
    stroke: () => {
      strokes += 1;
    },
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
});
const ends: AbortController[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
  document.body.replaceChildren();
});

/** A plot that ends with the test. */
async function show(more: Partial<HostState> = {}) {
  const shown = await plot(more);
  ends.push(shown.stop);
  return shown;
}

const hidden = (mark: FakeMark) => mark.el.style.visibility === "hidden";

test("what moves is taken from bqplot while it moves, and given back when the plot is closed", async () => {
  const page = watchPage();
  const { host, stop, place, press, move, L, M, D } = await show();
  press(50, 10);
  move(60, 10);
  await settled();
  expect([hidden(L), hidden(M), hidden(D)]).toEqual([true, true, false]);
  expect(find(place, "canvas").style.display).toBe("");
  stop.abort();
  expect([hidden(L), hidden(M)]).toEqual([false, false]);
  expect([place.children.length, host.listeners(), page.listeners()]).toEqual([0, 0, 0]);
});

test("a plot that is closed while bqplot still makes its views draws nothing any more", async () => {
  const { stop, press, move, place, M, L } = await show();
  let ready = (_view: unknown) => {};
  const view = await M.views?.only;
  M.views = { only: new Promise((go) => (ready = go)) };
  press(50, 10);
  move(60, 10);
  stop.abort();
  ready(view);
  await settled();
  await frame();
  expect([strokes, place.querySelectorAll("canvas").length]).toEqual([0, 0]);
  expect([hidden(L), hidden(M)]).toEqual([false, false]);
});

test("the kernel's value that comes in mid-drag is not shown before its answer, and then it counts", async () => {
  const { host, at, press, move, letGo } = await show();
  press(50, 10);
  move(60, 10);
  host.push({ values: [10, 20, 5] });
  await frame();
  expect(at("Gaussian_g position")[0]).toBe(60);
  letGo(60, 10);
  await host.answer(host.sent[0], "it is fixed");
  await frame();
  expect(at("Gaussian_g position")[0]).toBe(20);
});

test("a widget that is no mark is told, and leaves the page usable", async () => {
  const { host, el, stop } = await show();
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, model: "P" } });
  await vi.waitFor(() =>
    expect(find(el, ".hsj-problem[role=alert]:not([hidden])").textContent).toContain(
      "no mark of bqplot",
    ),
  );
  stop.abort();
  expect(host.listeners()).toBe(0);
});

test("the band is drawn about what is known, and not while a line moves", async () => {
  const std = new Float64Array(101).fill(2);
  std[50] = Number.NaN;
  const { host, B, press, move } = await show({ uncertainty: new DataView(std.buffer) });
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, uncertainty: true } });
  await vi.waitFor(() => expect(B.state.visible).toBe(true));
  const [low, high] = B.state.y as [Float64Array, Float64Array];
  expect([low[50], high[50]]).toEqual([10, 10]);
  expect((high[0] ?? 0) - (low[0] ?? 0)).toBeCloseTo(4, 9);
  await frame();
  press(50, 10);
  move(60, 10);
  await settled();
  expect(B.state.visible).toBe(false);
});

test("a formula that fails where it is drawn does not stop another component from being named", async () => {
  const spec = { ...state().spec, components: [{ ...gaussian("g", 0), js: "this is none" }] };
  const { el } = await show({ spec });
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain(
    "Gaussian_g cannot be drawn here",
  );
});

/** A figure on the page, with a mark in it and what bqplot says of its layout. */
function figureOf() {
  const el = document.createElement("div");
  document.body.append(el);
  const told = new Set<() => void>();
  const figure = {
    el,
    plotareaWidth: 200,
    plotareaHeight: 100,
    margin: { left: 5, top: 6 },
    on: (_event: string, call: () => void) => void told.add(call),
    off: (_event: string, call: () => void) => void told.delete(call),
  };
  return { el, figure, told, mark: fakeMark({ scales: { x: fakeMark(), y: fakeMark() } }, figure) };
}

test("a layer follows its figure, and goes with it", async () => {
  const { el, figure, told, mark } = figureOf();
  const stop = new AbortController();
  const overlay = makeOverlay(mark, document.body, stop.signal);
  const [painted, gone]: [number[], number[]] = [[], []];
  overlay.onPaint(({ width }) => void painted.push(width));
  overlay.onGone(({ width }) => void gone.push(width));
  overlay.refresh();
  overlay.refresh();
  await vi.waitFor(() => expect(painted).toEqual([200]));
  expect(find(el, ".hsj-overlay").getAttribute("style")).toBe(
    "left:5px;top:6px;width:200px;height:100px",
  );
  figure.plotareaWidth = 300;
  for (const call of told) call();
  await vi.waitFor(() => expect(painted).toEqual([200, 300]));
  const [layer] = overlay.layers();
  expect([layer?.toX(7), layer?.fromY(9)]).toEqual([7, 9]);
  expect(layer?.place(mouse("pointermove", 3, 4))).toEqual([3, 4]);
  el.remove();
  overlay.refresh();
  await vi.waitFor(() => expect(gone).toEqual([300]));
  expect([overlay.layers().length, el.children.length]).toEqual([0, 0]);
  stop.abort();
  expect(told.size).toBe(0);
});

test("a picture has what the page shows, without the layers, and its names as text", async () => {
  const { el, mark } = figureOf();
  const figure = fakeMark();
  figure.views = { only: Promise.resolve({ el }) };
  el.innerHTML =
    '<svg><text>Fe &amp; &lt;Ni&gt;</text></svg><svg class="hsj-overlay"><line></line></svg>';
  el.getBoundingClientRect = () => new DOMRect(10, 20, 300, 200);
  const drawn = await drawingOf([figure, figure]);
  expect([drawn.width, drawn.height]).toEqual([300, 400]);
  expect(drawn.text).toContain("Fe &amp; &lt;Ni&gt;");
  expect(drawn.text).not.toContain("<line");
  expect(drawn.text.match(/<g transform="translate\(0,(\d+)\)"/g)).toHaveLength(2);
  expect(mark.listeners()).toBe(0);
});

test("a drawing is downloaded under its name; a figure that is not on the page says so", async () => {
  const { el } = figureOf();
  const figure = fakeMark();
  figure.views = { only: Promise.resolve({ el }) };
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  await exportPicture([figure], "a-map", "svg");
  expect(names).toEqual(["a-map.svg"]);
  figure.views = {};
  await expect(exportPicture([figure], "a-map", "svg")).rejects.toThrow("not on the page");
});
