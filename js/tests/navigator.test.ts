// The map one navigates by: colours with holes, where one is, and where one wants to go.
import { afterEach, expect, test } from "vitest";
import { colourAt, inWords, paint, rangeOf } from "../src/colours";
import type { HostState } from "../src/schema.gen";
import { makeStore } from "../src/state";
import { navigatorView } from "../src/views/navigator";
import { makePixel } from "../src/views/pixel";
import { fakeHost, find, press, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

const AXES = [
  { name: "x", units: "nm", size: 4, scale: 0.5, offset: 10, positions: null },
  { name: "y", units: "nm", size: 3, scale: 1, offset: 0, positions: null },
];
const NUMBERS = Float64Array.from({ length: 12 }, (_, k) => (k === 5 ? Number.NaN : k));

function show(more: Partial<HostState> = {}, axes = AXES, shape = [4, 3]) {
  const { spec } = state();
  const host = fakeHost({
    spec: { ...spec, navigation: axes },
    pixel: [1, 2].slice(0, axes.length),
    map: {
      choice: "sum",
      choices: [
        { id: "sum", name: "sum of the data" },
        { id: "values g.A", name: "Gaussian A" },
      ],
      shape,
      units: "counts",
      failed: [],
      ends: null,
    },
    map_values: new DataView(NUMBERS.buffer),
    ...more,
  });
  last = stage();
  const { el, stop } = last;
  const store = makeStore(host.model, stop.signal);
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  navigatorView(store, makePixel(store, say, stop.signal), el, say, stop.signal);
  return { host, el, said };
}

const map = (el: HTMLElement) => find(el, ".hsj-map");

/** Press the mouse at parts of the map's width and height. */
function click(el: HTMLElement, across: number, down: number): void {
  map(el).getBoundingClientRect = () => new DOMRect(100, 50, 200, 100);
  const place = { clientX: 100 + 200 * across, clientY: 50 + 100 * down };
  for (const kind of ["pointerdown", "pointerup"]) {
    map(el).dispatchEvent(new MouseEvent(kind, { ...place, bubbles: true }));
  }
}

test("colours run from dark to light, and what is not known is a hole", () => {
  expect(colourAt(0)).toEqual([68, 1, 84]);
  expect(colourAt(1)).toEqual([253, 231, 37]);
  expect(colourAt(Number.POSITIVE_INFINITY)).toEqual([253, 231, 37]);
  const bytes = paint(Float64Array.of(0, Number.NaN, 9), [0, 9]);
  expect([...bytes]).toEqual([68, 1, 84, 255, 0, 0, 0, 0, 253, 231, 37, 255]);
});

test("the range is that of the known numbers, and one wild pixel does not rule it", () => {
  const many = Float64Array.from({ length: 1000 }, (_, k) => k / 1000);
  many[0] = 1e9;
  many[1] = Number.NaN;
  const [low, high] = rangeOf(many) ?? [0, 0];
  expect(low).toBeLessThan(0.02);
  expect(high).toBeLessThan(1);
  expect(rangeOf(Float64Array.of(Number.NaN))).toBeNull();
  expect(rangeOf(Float64Array.of(3, 3))).toEqual([3, 3]);
});

test("numbers have units, and what is not known is said", () => {
  expect(inWords(2.3456789, "nm")).toBe("2.34568 nm");
  expect(inWords(Number.NaN, "nm")).toBe("not known");
});

test("the marker stands on the pixel, and its place and number are told", () => {
  const { host, el } = show();
  expect(find(el, ".hsj-marker").style.left).toBe("25%");
  expect(find(el, "output").textContent).toBe("x = 10.5 nm, y = 2 nm: 9 counts");
  host.push({ pixel: [3, 0] });
  expect(find(el, ".hsj-marker").style.left).toBe("75%");
  expect(find(el, ".hsj-marker").style.top).toBe("0%");
});

test("a click goes there at once", async () => {
  const { host, el } = show();
  click(el, 0.6, 0.4);
  expect(host.sent).toMatchObject([{ kind: "pixel", indices: [2, 1] }]);
  expect(find(el, ".hsj-marker").style.left).toBe("50%");
  host.push({ pixel: [2, 1] });
  await host.answer(host.sent[0]);
  expect(find(el, "output").textContent).toBe("x = 11 nm, y = 1 nm: 6 counts");
});

test("arrow keys step, with shift ten at once, and stop at the edge", async () => {
  const { host, el } = show();
  expect(press(map(el), "ArrowRight").defaultPrevented).toBe(true);
  expect(host.sent[0]).toMatchObject({ indices: [2, 2] });
  press(map(el), "ArrowRight", { shiftKey: true });
  await host.answer(host.sent[0]);
  expect(host.sent[1]).toMatchObject({ indices: [3, 2] });
  expect(map(el).getAttribute("data-lm-suppress-shortcuts")).toBe("true");
});

test("another number is chosen, and what the kernel refuses is said", async () => {
  const { host, el, said } = show();
  const chooser = find<HTMLSelectElement>(el, "select");
  expect([...chooser.options].map((one) => one.text)).toEqual(["sum of the data", "Gaussian A"]);
  chooser.value = "values g.A";
  chooser.dispatchEvent(new Event("change"));
  expect(host.sent).toMatchObject([{ kind: "map", choice: "values g.A" }]);
  await host.answer(host.sent[0], "it went");
  await settled();
  expect(said).toContain("it went");
});

test("a pixel that failed is told", () => {
  const { host, el } = show();
  const record = host.model.get("map");
  host.push({ map: record && { ...record, failed: [9] } });
  expect(find(el, "output").textContent).toContain("could not be fitted");
});

test("a line moves along its one axis", () => {
  const { host, el } = show({}, AXES.slice(0, 1), [12, 1]);
  click(el, 0.3, 0.9);
  expect(host.sent).toMatchObject([{ kind: "pixel", indices: [3] }]);
});

test("a single spectrum has no map", () => {
  const { el } = show({ map: null });
  expect(el.children).toHaveLength(0);
});
