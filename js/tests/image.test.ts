// The plot of images, its handles and the rectangle over it, against a fake kernel.
import { afterEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import type { AxisRecord, HostState } from "../src/schema.gen";
import { fakeHost, find, gaussian, press, settled, stage, state } from "./fake";
import { frame } from "./plotted";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const AXIS: AxisRecord = {
  name: "x",
  units: "nm",
  size: 5,
  scale: 2,
  offset: 0,
  positions: null,
};
const bytes = (numbers: ArrayLike<number>) => new DataView(Float64Array.from(numbers).buffer);
// A * x + centre * y + sigma, so that a wrong order of coordinates is seen.
const PLANE =
  "for (let i = 0; i < n; i++) out[i] = p[0] * coords[0][i] + p[1] * coords[1][i] + p[2];";

function show(more: Partial<HostState> = {}) {
  const { spec } = state();
  const component = { ...gaussian("g", 0), js: PLANE, position: null };
  const host = fakeHost({
    kind: "image",
    spec: { ...spec, components: [component] },
    values: [1, 2, 1],
    bmin: [null, null, null],
    bmax: [null, 5, null],
    x: bytes([0, 2, 4, 6, 8]),
    y: bytes([0, 1, 2]),
    data: bytes(Array.from({ length: 15 }, (_, k) => k)),
    image: {
      x: AXIS,
      y: { ...AXIS, name: "y", size: 3, scale: 1 },
      quantity: "Counts",
      square: true,
      handles: { g: { position: [1, 2], widths: [], reach: [], angle: null, pivot: [] } },
      labels: true,
      outlines: false,
    },
    ...more,
  });
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(
    new DOMRect(0, 0, 500, 300),
  );
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  return { host, el, stop };
}

/** The pixels at which a handle is drawn. */
const placeOf = (el: HTMLElement) => (el.style.transform.match(/-?[\d.]+/g) ?? []).map(Number);
const point = (kind: string, x: number, y: number) =>
  new PointerEvent(kind, { clientX: x, clientY: y, buttons: 1, pointerId: 1, bubbles: true });

test("data, model and residual stand side by side, with axes and colours", () => {
  const { el } = show();
  const names = [...el.querySelectorAll("figcaption")].map((one) => one.textContent);
  expect(names).toEqual(["data", "model", "data − model"]);
  expect(el.textContent).toContain("x (nm)");
  expect(el.textContent).toContain("y (nm)");
  const bars = [...el.querySelectorAll(".hsj-panel .hsj-quantity")].map((one) => one.textContent);
  expect(bars).toEqual(["Counts", "Counts", "Counts"]);
  expect(el.dataset.hsReady).toBe("1");
});

test("a signal without a model has one panel", () => {
  const { spec } = state();
  const { el } = show({ spec: { ...spec, components: [] } });
  expect(el.querySelectorAll("figure")).toHaveLength(1);
});

test("pointing says what is there: data, model and difference", () => {
  const { el } = show();
  const plane = find(el, ".hsj-panel:first-child .hsj-plane");
  plane.dispatchEvent(point("pointermove", 350, 250));
  // Column 3, row 2: x is 6 and y is 2, data 13, model 6 + 2 * 2 + 1.
  expect(find(el, ".hsj-readout").textContent).toBe(
    "x 6 nm, y 2 nm: data 13, model 11, difference 2",
  );
  plane.dispatchEvent(point("pointerleave", 350, 250));
  expect(find(el, ".hsj-readout").textContent).toBe("");
});

test("a handle moves its two positions, each within its bounds and axis", async () => {
  const { host, el } = show();
  const spot = find(el, '.hsj-panel:first-child [role="slider"]');
  expect(spot.getAttribute("aria-label")).toBe("Gaussian_g position");
  expect(placeOf(spot)).toEqual([150, 150]);
  expect(spot.textContent).toBe("Gaussian_g");
  spot.dispatchEvent(point("pointerdown", 150, 150));
  window.dispatchEvent(point("pointermove", 200, 50));
  const asked = host.sent.map(({ slot, value }) => [slot, value]);
  expect(asked).toEqual([
    ["g.centre", 3],
    ["g.sigma", 0],
  ]);
  await frame();
  expect(placeOf(spot)).toEqual([200, 50]);
  window.dispatchEvent(point("pointermove", 500, 50));
  window.dispatchEvent(point("pointerup", 500, 50));
  for (const request of [...host.sent]) await host.answer(request);
  await settled();
  expect(host.sent.at(-1)).toMatchObject({ slot: "g.centre", value: 5 });
  window.dispatchEvent(point("pointermove", 0, 0));
  expect(host.sent).toHaveLength(3);
});

test("the arrow keys move a handle by half a pixel, with shift by five", () => {
  const { host, el } = show();
  const spot = find(el, '.hsj-panel:first-child [role="slider"]');
  press(spot, "ArrowLeft");
  expect(host.sent.at(-1)).toMatchObject({ slot: "g.centre", value: 1 });
  press(spot, "ArrowUp");
  expect(host.sent.at(-1)).toMatchObject({ slot: "g.sigma", value: 0.5 });
});

test("what follows another number is not moved, and what is off has no handle", () => {
  const tied = show({ linked: [null, "A", null] });
  const spot = find(tied.el, '.hsj-panel:first-child [role="slider"]');
  press(spot, "ArrowLeft");
  expect(tied.host.sent).toEqual([]);
  tied.host.push({ active: [false] });
  expect(spot.hidden).toBe(true);
});

test("a rectangle is moved by its corner and sent when the button is pressed", async () => {
  const { host, el } = show();
  host.push({ span: { title: "Set signal range", button: "Apply", ends: [2, 6, 0, 1] } });
  const span = find(el, ".hsj-panel:first-child .hsj-span");
  expect(span.style.left).toBe("30%");
  expect(span.style.width).toBe("40%");
  const corner = find(el, ".hsj-panel:first-child .hsj-grip.hsj-right.hsj-bottom");
  corner.dispatchEvent(point("pointerdown", 350, 150));
  window.dispatchEvent(point("pointermove", 400, 250));
  window.dispatchEvent(point("pointerup", 400, 250));
  const fields = [...el.querySelectorAll<HTMLInputElement>(".hsj-spanbar input")];
  expect(fields.map((one) => one.value)).toEqual(["2", "7", "0", "2"]);
  const bar = find(el, ".hsj-spanbar");
  const [apply, cancel] = bar.querySelectorAll("button");
  apply?.click();
  expect(host.sent.at(-1)).toMatchObject({ kind: "span" });
  const sent = host.sent.at(-1)?.ends as number[];
  expect(sent.map((end) => Math.round(end * 1e9) / 1e9)).toEqual([2, 7, 0, 2]);
  await host.answer(host.sent.at(-1), "no channel lies there");
  await settled();
  expect(el.textContent).toContain("no channel lies there");
  cancel?.click();
  expect(host.sent.at(-1)).toMatchObject({ kind: "nospan" });
  host.push({ span: null });
  expect(el.querySelector(".hsj-span, .hsj-spanbar")).toBeNull();
});

test("a span is moved whole, by keys and by its fields, and its ends never cross", () => {
  const { el, host } = show({ span: { title: "t", button: "Fit", ends: [2, 6, 0, 1] } });
  const span = find(el, ".hsj-panel:first-child .hsj-span");
  const values = () =>
    [...el.querySelectorAll<HTMLInputElement>(".hsj-spanbar input")].map((one) =>
      Number(one.title),
    );
  span.dispatchEvent(point("pointerdown", 250, 100));
  window.dispatchEvent(point("pointermove", 1000, 100));
  window.dispatchEvent(point("pointerup", 1000, 100));
  expect(values()).toEqual([4, 8, 0, 1]);
  const grip = find(el, '.hsj-panel:first-child .hsj-grip[aria-label^="start"]');
  press(grip, "ArrowLeft");
  expect(values()[0]).toBeCloseTo(4 - 10 / 200, 9);
  for (let k = 0; k < 30; k += 1) press(grip, "ArrowRight", { shiftKey: true });
  expect(values()[0]).toBeLessThan(8);
  expect(values()[0]).toBeGreaterThan(7.9);
  expect(host.sent).toEqual([]);
});

test("colours by the logarithm say so, and the view can be reset", () => {
  const { el } = show();
  const button = (text: string) => {
    const found = [...el.querySelectorAll("button")].find((one) => one.textContent === text);
    if (found === undefined) throw new Error(`no button ${text}`);
    return found;
  };
  button("Log colours").click();
  expect(find(el, ".hsj-panel:first-child .hsj-quantity").textContent).toBe("Counts, logarithmic");
  const plane = find(el, ".hsj-panel:first-child .hsj-plane");
  const spot = find(el, '.hsj-panel:first-child [role="slider"]');
  // The window of these tests knows no place of a wheel.
  const wheel = () =>
    plane.dispatchEvent(Object.assign(new Event("wheel"), { clientX: 0, clientY: 0, deltaY: -1 }));
  wheel();
  expect(placeOf(spot)[0]).toBe(150);
  button("Pan and zoom").click();
  wheel();
  expect(placeOf(spot)[0]).toBe(187.5);
  button("Reset view").click();
  expect(placeOf(spot)[0]).toBe(150);
});

test("a plot that goes leaves no listeners and no handles", () => {
  const { host, el, stop } = show({ span: { title: "t", button: "Fit", ends: [2, 6, 0, 1] } });
  stop.abort();
  expect(host.listeners()).toBe(0);
  expect(el.querySelectorAll(".hsj-hand, .hsj-span, .hsj-spanbar")).toHaveLength(0);
});
