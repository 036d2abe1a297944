// The map one navigates by: colours with holes, where one is, and where one wants to go.
import { afterEach, expect, test, vi } from "vitest";
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
const FIRST = {
  choice: "sum",
  choices: [
    { id: "sum", name: "sum of the data" },
    { id: "values g.A", name: "Gaussian A" },
  ],
  shape: [4, 3],
  units: "counts",
  failed: [] as number[],
  ends: null,
};
const NUMBERS = Float64Array.from({ length: 12 }, (_, k) => (k === 5 ? Number.NaN : k));

function show(more: Partial<HostState> = {}, axes = AXES, shape = [4, 3]) {
  const { spec } = state();
  const host = fakeHost({
    spec: { ...spec, navigation: axes },
    pixel: [1, 2].slice(0, axes.length),
    map: { ...FIRST, shape },
    map_values: new DataView(NUMBERS.slice().buffer),
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
  expect(find(el, ".hsj-gone").hidden).toBe(true);
  host.push({ map: record && { ...record, failed: [9] } });
  expect(find(el, "output").textContent).toContain("could not be fitted");
  // … and what the colour of such pixels means.
  expect(find(el, ".hsj-gone").hidden).toBe(false);
  expect(find(el, ".hsj-gone").textContent).toBe("could not be fitted");
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

test("a number that the kernel refuses is not shown as chosen", async () => {
  const { host, el } = show();
  const chooser = find<HTMLSelectElement>(el, ".hsj-choice");
  chooser.value = "values g.A";
  chooser.dispatchEvent(new Event("change"));
  await host.answer(host.sent[0], "it is gone");
  expect(chooser.value).toBe("sum");
});

test("only the main button goes anywhere, and a drag within a pixel asks once", () => {
  const { host, el } = show();
  const field = map(el);
  field.getBoundingClientRect = () => new DOMRect(0, 0, 400, 300);
  const send = (kind: string, clientX: number, button = 0) =>
    field.dispatchEvent(new MouseEvent(kind, { clientX, clientY: 50, button, bubbles: true }));
  send("pointerdown", 350, 2);
  send("pointermove", 360);
  expect(host.sent).toEqual([]);
  send("pointerdown", 350);
  for (const x of [352, 360, 390]) send("pointermove", x);
  expect(host.sent).toMatchObject([{ kind: "pixel", indices: [3, 0] }]);
});

test("the mouse reads a pixel, and what leaves the map gives the current one back", () => {
  const { el, host } = show();
  const field = map(el);
  field.getBoundingClientRect = () => new DOMRect(0, 0, 400, 300);
  const words = () => find(el, ".hsj-place").textContent;
  const here = words();
  field.dispatchEvent(new MouseEvent("pointermove", { clientX: 150, clientY: 150 }));
  expect(words()).toBe("x = 10.5 nm, y = 1 nm: not known");
  field.dispatchEvent(new MouseEvent("pointerleave"));
  expect(words()).toBe(here);
  expect(host.sent).toEqual([]);
});

test("play walks through all pixels, one at a time, also when it was held and let go quickly", async () => {
  vi.useFakeTimers();
  const { host, el } = show();
  const play = find<HTMLButtonElement>(el, "[aria-label^=play]");
  play.click();
  expect([play.textContent, play.getAttribute("aria-pressed")]).toEqual(["⏸", "true"]);
  play.click();
  play.click();
  const walk = async () => {
    await host.answer(host.sent.at(-1));
    const { indices } = host.sent.at(-1) as unknown as { indices: number[] };
    host.push({ pixel: indices });
    await vi.advanceTimersByTimeAsync(200);
  };
  const before = host.sent.length;
  for (let k = 0; k < 4; k += 1) await walk();
  // One step a beat, from each pixel to the next: a walk that was held does not go on beside it.
  expect(host.sent.length - before).toBe(4);
  expect(host.sent.slice(0, 4).map(({ indices }) => indices)).toEqual([
    [2, 2],
    [3, 2],
    [0, 0],
    [1, 0],
  ]);
  play.click();
  expect(play.textContent).toBe("▶");
  const ended = host.sent.length;
  await vi.advanceTimersByTimeAsync(2000);
  expect(host.sent.length - ended).toBeLessThanOrEqual(1);
  vi.useRealTimers();
});

/** What is put onto canvases of this page. */
function watchCanvas() {
  const puts: { words: Uint32Array; rect: number[] }[] = [];
  const calls: string[] = [];
  const context = {
    createImageData: (w: number, h: number) => ({ data: new Uint8ClampedArray(4 * w * h) }),
    putImageData: ({ data }: ImageData, ...rect: number[]) =>
      void puts.push({ words: new Uint32Array(data.buffer.slice(0)), rect }),
    beginPath: () => void calls.push("begin"),
    moveTo: () => void calls.push("move"),
    lineTo: () => void calls.push("line"),
    stroke: () => void calls.push("stroke"),
    fillRect: (x: number) => void calls.push(`failed at ${Math.round(x)}`),
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  return { puts, calls };
}

test("pixels that come while a fit runs are painted alone, and what failed stands out", () => {
  const { puts } = watchCanvas();
  const record = { ...FIRST, failed: [2] };
  const { host } = show({ map: record });
  expect([...(puts[0]?.words ?? [])].map((word) => word !== 0)[5]).toBe(false);
  const red = puts[0]?.words[2];
  expect(red).toBe(0xff2828c6);
  host.say({ patch: "map_values" }, [
    new DataView(Uint32Array.of(5).buffer),
    new DataView(Float64Array.of(7).buffer),
  ]);
  const last = puts.at(-1);
  // The second of three rows, all four pixels of it.
  expect(last?.rect).toEqual([0, 0, 0, 1, 4, 1]);
  expect(last?.words[5]).not.toBe(0);
  expect(last?.words[2]).toBe(red);
  host.say({ patch: "another" }, []);
  expect(puts.at(-1)).toBe(last);
  vi.restoreAllMocks();
});

test("a map along one axis is a line, with a mark where a pixel failed and a gap where none is known", () => {
  const { calls } = watchCanvas();
  const numbers = Float64Array.of(1, 3, Number.NaN, 2);
  const { el } = show(
    { map: { ...FIRST, shape: [4, 1], failed: [2] }, map_values: new DataView(numbers.buffer) },
    AXES.slice(0, 1),
    [4, 1],
  );
  expect(calls.filter((call) => call !== "line")).toEqual([
    "begin",
    "move",
    "move",
    "stroke",
    "failed at 596",
  ]);
  const ends = [...find(el, ".hsj-scale").children].map((one) => one.textContent);
  expect(ends).toEqual(["from 1", "", "to 3 counts"]);
  vi.restoreAllMocks();
});

test("the ends of the colours say that some numbers lie beyond them", () => {
  const ends = (wild: readonly [number, number]) => {
    const numbers = Float64Array.from({ length: 400 }, (_, k) => 5 + (k % 10));
    [numbers[7], numbers[300]] = wild;
    const map = { ...FIRST, shape: [20, 20] };
    const { el } = show({ map, map_values: new DataView(numbers.buffer) }, AXES, [20, 20]);
    return [...find(el, ".hsj-scale").children].map((one) => one.textContent);
  };
  expect(ends([6, 7])).toEqual(["5", "", "14 counts"]);
  expect(ends([-1e9, 7])).toEqual(["≤ 5", "", "14 counts"]);
  expect(ends([6, 1e9])).toEqual(["5", "", "≥ 14 counts"]);
});
