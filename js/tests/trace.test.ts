// Lines in pixels: fewer points than channels, and the same picture.
import { expect, test } from "vitest";
import { trace } from "../src/trace";

type Point = { x: number; y: number };

function drawn(x: ArrayLike<number>, y: ArrayLike<number>, width = 1): Point[][] {
  const parts: Point[][] = [];
  trace(
    Float64Array.from(x),
    Float64Array.from(y),
    (value) => value * width,
    (value) => value,
    {
      moveTo: (px, py) => void parts.push([{ x: px, y: py }]),
      lineTo: (px, py) => void parts.at(-1)?.push({ x: px, y: py }),
    },
  );
  return parts;
}

/** The height of a drawn line at a place. */
function at(points: Point[], x: number): number {
  const after = points.findIndex((point) => point.x >= x);
  const [a, b] = [points[Math.max(0, after - 1)], points[after]];
  if (a === undefined || b === undefined) return Number.NaN;
  return b.x === a.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

const channels = (n: number) => Array.from({ length: n }, (_, k) => k);

test("a straight line is two points", () => {
  const [only] = drawn(
    channels(500),
    channels(500).map((k) => 2 * k + 1),
  );
  expect(only).toEqual([
    { x: 0, y: 1 },
    { x: 499, y: 999 },
  ]);
});

test.each([40, 300, 2000])("a peak of %i pixels height is kept within a fifth of a pixel", (A) => {
  const y = channels(1000).map((k) => A * Math.exp(-((k - 480.3) ** 2) / 200));
  const [points = []] = drawn(channels(1000), y);
  expect(points.length).toBeLessThan(300);
  const worst = Math.max(...y.map((height, k) => Math.abs(at(points, k) - height)));
  expect(worst).toBeLessThan(0.2);
});

test("noise keeps every corner", () => {
  const y = channels(200).map((k) => 50 * Math.sin(k * k));
  const [points = []] = drawn(channels(200), y);
  expect(points).toHaveLength(200);
});

test("many channels keep the lowest and the highest of every pixel column", () => {
  const n = 20_000;
  const y = channels(n).map((k) => Math.sin(k * k) * (k === 12_345 ? 90 : 30));
  const [points = []] = drawn(channels(n), y, 0.05);
  expect(points.length).toBeLessThan(4 * 1001);
  const peak = y[12_345] ?? 0;
  expect(points.some((point) => Math.abs(point.x - 617.5) < 1 && point.y === peak)).toBe(true);
});

test("where a number is not known there is a gap", () => {
  const parts = drawn(channels(6), [1, 2, Number.NaN, 9, 1, 5]);
  expect(parts.map((part) => part.map(({ x }) => x))).toEqual([
    [0, 1],
    [3, 4, 5],
  ]);
});

test("an axis that falls is drawn from its first channel", () => {
  const [points] = drawn([3, 2, 1], [0, 7, 0]);
  expect(points?.map(({ x }) => x)).toEqual([3, 2, 1]);
});
