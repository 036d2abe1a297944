// One panel of a plot of images: its picture, its axes, and what its colours mean.
import { beforeEach, expect, test, vi } from "vitest";
import { VIRIDIS, whole } from "../src/raster";
import type { AxisRecord, ImageRecord } from "../src/schema.gen";
import { type Drawing, makePanel } from "../src/views/panel";
import { find } from "./fake";

const AXIS: AxisRecord = { name: "", units: "", size: 4, scale: 1, offset: 0, positions: null };
const AXES = [Float64Array.of(0, 1, 2, 3), Float64Array.of(0, 1)] as const;

function show(record: Partial<ImageRecord> = {}) {
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  const image = {
    x: AXIS,
    y: { ...AXIS, size: 2 },
    quantity: "Counts",
    square: true,
    handles: {},
    labels: true,
    outlines: false,
    ...record,
  };
  const panel = makePanel("<b>data</b>", image, AXES, el);
  return { el, panel };
}

const drawing = (more: Partial<Drawing> = {}): Drawing => ({
  values: Float64Array.of(0, 1, 2, 3, 4, 5, 6, Number.NaN),
  colours: { low: 0, high: 6, log: false },
  palette: VIRIDIS,
  part: whole(4, 2),
  inside: null,
  outlines: [],
  ...more,
});

/** What is put onto canvases, in words. */
const calls: string[] = [];
beforeEach(() => {
  calls.length = 0;
  const round = (numbers: unknown[]) => numbers.filter((one) => typeof one === "number").join();
  const context = {
    createImageData: (w: number, h: number) => ({ data: new Uint8ClampedArray(4 * w * h) }),
    putImageData: ({ data }: ImageData) => void calls.push(`put ${data.length} ${data[31]}`),
    drawImage: (...given: unknown[]) => void calls.push(`draw ${round(given)}`),
    beginPath: () => void calls.push("begin"),
    moveTo: (...at: number[]) => void calls.push(`move ${at}`),
    lineTo: (...at: number[]) => void calls.push(`line ${at}`),
    stroke() {
      calls.push(`stroke ${this.strokeStyle} ${this.lineWidth}`);
    },
    strokeStyle: "",
    lineWidth: 0,
    imageSmoothingEnabled: true,
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
});

test.each<[Partial<ImageRecord>, string[]]>([
  [{}, ["y", "x"]],
  [
    { x: { ...AXIS, name: "width", units: "nm" }, y: { ...AXIS, name: "<i>h</i>", units: "" } },
    ["<i>h</i>", "width (nm)"],
  ],
])("axes of %j are called %j", (record, names) => {
  const { el } = show(record);
  expect([find(el, ".hsj-upright").textContent, find(el, ".hsj-along").textContent]).toEqual(names);
  expect(find(el, "figcaption").textContent).toBe("<b>data</b>");
  expect(el.querySelector("b, i")).toBeNull();
  const picture = find(el, ".hsj-plane canvas");
  expect([picture.getAttribute("role"), picture.getAttribute("aria-label")]).toEqual([
    "img",
    "image of <b>data</b>",
  ]);
});

test.each<[Partial<ImageRecord>, string]>([
  [{}, "2"],
  [{ square: false, x: { ...AXIS, scale: 9 } }, "2"],
  [{ x: { ...AXIS, scale: -0.5 } }, "1"],
  [{ x: { ...AXIS, scale: 100 } }, "3"],
  [{ x: { ...AXIS, scale: 1e-9 } }, "0.5"],
  [{ y: { ...AXIS, scale: 0 } }, "1"],
  [{ x: { ...AXIS, scale: 9, positions: [0, 1, 2, 30] } }, "2"],
])("an image of %j is as wide by high as %s", (record, shape) => {
  expect(show(record).panel.plane.style.aspectRatio.split(" / ")[0]).toBe(shape);
});

test.each<[boolean, string]>([
  [false, "Counts"],
  [true, "Counts, logarithmic"],
])(
  "its bar says what the colours mean, and at its ends which numbers: logarithmic %s",
  (log, words) => {
    const { el, panel } = show();
    panel.bar("linear-gradient(red, blue)", { low: 0.00012345, high: 123456789, log }, "Counts");
    const bar = find(el, ".hsj-scale");
    const told = [...bar.children].map((one) => one.textContent);
    expect(told).toEqual(["0.000123", "", "1.23e8", words]);
    expect(bar.classList.contains("hsj-logarithmic")).toBe(log);
  },
);

test("numbers are drawn pixel by pixel, what is not known is clear, and only the part is shown", () => {
  const { panel } = show();
  panel.draw(drawing({ part: { x0: 1, x1: 3, y0: 0, y1: 1 } }));
  expect(calls[0]).toBe("put 32 0");
  expect(calls[1]?.startsWith("draw 1,0,2,1,0,0,")).toBe(true);
});

test("an outline has a pale line below its colour", () => {
  const { panel } = show();
  panel.draw(drawing({ outlines: [{ colour: "#ff0000", pieces: [0, 0, 4, 2, 9] }] }));
  expect(calls.slice(2)).toEqual([
    "begin",
    "move 0,0",
    "line 1,1",
    "stroke rgb(255 255 255 / 0.75) 3.5",
    "stroke #ff0000 1.8",
  ]);
});

test("ticks stand at round numbers inside of the part, in per cent of it", () => {
  const { el, panel } = show();
  panel.draw(drawing());
  const ticks = [...find(el, ".hsj-below").children] as HTMLElement[];
  expect(ticks.map((one) => [one.textContent, one.style.left])).toEqual([
    ["0", "12.5%"],
    ["2", "62.5%"],
  ]);
  panel.draw(drawing({ part: { x0: 2, x1: 4, y0: 0, y1: 2 } }));
  const names = [...find(el, ".hsj-below").children].map((one) => one.textContent);
  expect(names.every((one) => Number(one) >= 1.5 && Number(one) <= 3.5)).toBe(true);
});

test("a page that gives no canvas leaves the ticks", () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  const { el, panel } = show();
  panel.draw(drawing());
  expect(find(el, ".hsj-below").children.length).toBeGreaterThan(0);
  expect(calls).toEqual([]);
});
