// Images as pixels: colours, places on axes, ticks, windows and outlines.
import { expect, test } from "vitest";
import {
  DIVERGING,
  endsOf,
  gradientOf,
  largest,
  logEnds,
  moved,
  outline,
  paintNumbers,
  partOf,
  placeOf,
  ticksBetween,
  VIRIDIS,
  valueAt,
  whole,
  zoomed,
} from "../src/raster";

const of = (...numbers: number[]) => Float64Array.from(numbers);
const LINEAR = { low: 0, high: 10, log: false };

test("what is known has a colour, what is not is clear, what is left out is pale", () => {
  const inside = Uint8Array.of(1, 1, 1, 0);
  const bytes = paintNumbers(of(0, 10, Number.NaN, 10), LINEAR, VIRIDIS, inside);
  expect([...bytes.slice(0, 4)]).toEqual([68, 1, 84, 255]);
  expect([...bytes.slice(4, 8)]).toEqual([253, 231, 37, 255]);
  expect([...bytes.slice(8, 12)]).toEqual([0, 0, 0, 0]);
  expect(bytes[15]).toBeLessThan(255);
  expect([...bytes.slice(12, 15)]).toEqual([253, 231, 37]);
});

test("what lies beyond the ends has the colour of the end", () => {
  const bytes = paintNumbers(of(-5, 99), LINEAR, VIRIDIS, null);
  expect([...bytes.slice(0, 3)]).toEqual([68, 1, 84]);
  expect([...bytes.slice(4, 7)]).toEqual([253, 231, 37]);
});

test("differences are pale at zero, blue below and red above", () => {
  const bytes = paintNumbers(of(-1, 0, 1), { low: -1, high: 1, log: false }, DIVERGING, null);
  expect(bytes[2]).toBeGreaterThan(bytes[0] ?? 0);
  expect(Math.min(...bytes.slice(4, 7))).toBeGreaterThan(240);
  expect(bytes[8]).toBeGreaterThan(bytes[10] ?? 0);
  expect(gradientOf(DIVERGING)).toContain("rgb(33 102 172)");
});

test("a logarithmic scale has equal steps for equal ratios", () => {
  const scale = { low: 1, high: 100, log: true };
  expect(partOf(scale, 10)).toBeCloseTo(0.5, 12);
  expect(partOf(scale, -3)).toBe(0);
  expect(logEnds(of(-1, 0, 2, 50), 50)).toEqual([2, 50]);
  expect(logEnds(of(1e-30, 50), 50)).toEqual([0.005, 50]);
  expect(logEnds(of(-1, -2), -1)).toBeNull();
  expect(logEnds(of(3, 3), 3)).toBeNull();
});

test("ends leave out a thousandth on each side, and are never one", () => {
  const many = Float64Array.from({ length: 5000 }, (_, k) => k);
  many[17] = 1e9;
  expect(endsOf(many)).toEqual([5, 4995]);
  expect(endsOf(of(2, Number.NaN))).toEqual([2, 3]);
  expect(endsOf(of(Number.NaN))).toBeNull();
  expect(largest(of(-3, 2, Number.NaN, Number.POSITIVE_INFINITY))).toBe(3);
  expect(largest(of(0))).toBe(1);
});

test.each([
  ["rising", of(2, 3, 5, 9)],
  ["falling", of(9, 5, 3, 2)],
  ["single", of(4)],
])("places and values of a %s axis are each other's inverse", (_, axis) => {
  for (const place of [-1, 0, 0.25, 1, 1.5, 2.75, 3, 4]) {
    expect(placeOf(axis, valueAt(axis, place))).toBeCloseTo(place, 12);
  }
  for (const [k, value] of axis.entries()) expect(valueAt(axis, k)).toBe(value);
});

test("ticks are round, inside, and as written", () => {
  expect(ticksBetween(0, 16, 4)).toEqual([0, 5, 10, 15]);
  expect(ticksBetween(1, -1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(ticksBetween(0.1, 0.5, 4)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(ticksBetween(3, 3, 4)).toEqual([]);
});

test("a window zooms around the mouse and stays on the image", () => {
  const all = whole(100, 50);
  const near = zoomed(all, 0.5, [0.2, 0.5], all);
  expect(near).toEqual({ x0: 10, x1: 60, y0: 12.5, y1: 37.5 });
  expect(zoomed(near, 1e9, [0.5, 0.5], all)).toEqual(all);
  const least = zoomed(near, 1e-9, [0, 0], all);
  expect([least.x1 - least.x0, least.y1 - least.y0]).toEqual([4, 4]);
  expect(moved(near, 1e3, -1e3, all)).toEqual({ x0: 50, x1: 100, y0: 0, y1: 25 });
});

test("an outline of a disc lies where it falls to half of its height", () => {
  const [nX, nY] = [41, 31];
  const numbers = Float64Array.from({ length: nX * nY }, (_, k) => {
    const [dx, dy] = [(k % nX) - 20, Math.floor(k / nX) - 15];
    return 7 * Math.exp(-(dx * dx + dy * dy) / (2 * 25));
  });
  const pieces = outline(numbers, nX, nY);
  expect(pieces.length).toBeGreaterThan(4 * 20);
  expect(pieces.length % 4).toBe(0);
  const radius = 5 * Math.sqrt(2 * Math.log(2));
  for (let k = 0; k < pieces.length; k += 2) {
    // The middle of a pixel is half a pixel from its corner.
    const off = Math.hypot((pieces[k] ?? 0) - 20.5, (pieces[k + 1] ?? 0) - 15.5);
    expect(Math.abs(off - radius)).toBeLessThan(0.05);
  }
});
