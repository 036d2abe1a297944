// Lines drawn in the browser: when they are evaluated, where they have gaps, where handles stop.
import { expect, test } from "vitest";
import { addUp, clampTo, heightAt, makeCurve, slotsOf } from "../src/curves";
import { type MarkView, pathOf } from "../src/marks";
import { gaussian } from "./fake";

const x = Float64Array.from({ length: 101 }, (_, k) => k);

test("a curve is evaluated only when its numbers changed", () => {
  const curve = makeCurve(gaussian("g", 0), x);
  expect(curve.slots).toEqual([0, 1, 2]);
  expect(curve.update([10, 50, 5])).toBe(true);
  expect(curve.line[50]).toBe(10);
  expect(curve.line[55]).toBeCloseTo(10 * Math.exp(-0.5), 12);
  expect(curve.update([10, 50, 5])).toBe(false);
  expect(curve.update([20, 50, 5])).toBe(true);
  expect(curve.line[50]).toBe(20);
});

test("a number that is not known does not count as changed for ever", () => {
  const curve = makeCurve(gaussian("g", 0), x);
  expect(curve.update([Number.NaN, 50, 5])).toBe(true);
  expect(curve.update([Number.NaN, 50, 5])).toBe(false);
});

test("a component without JavaScript is not evaluated here", () => {
  const curve = makeCurve({ ...gaussian("g", 0), js: null }, x);
  expect(curve.here).toBe(false);
  expect(curve.update([10, 50, 5])).toBe(false);
});

test("vector parameters are flattened in the order of the slots", () => {
  const component = gaussian("g", 0);
  const [first] = component.parameters;
  const record = { ...component, parameters: first ? [{ ...first, slots: [3, 4, 5] }] : [] };
  expect(slotsOf(record)).toEqual([3, 4, 5]);
});

test("densities are multiplied by the widths of the channels, counts are not", () => {
  const line = Float64Array.of(1, 2);
  const widths = Float64Array.of(10, 0.5);
  const terms = [
    { line, binned: false },
    { line, binned: true },
  ];
  expect([...addUp(terms, widths, 2)]).toEqual([11, 3]);
  expect([...addUp(terms, null, 2)]).toEqual([2, 4]);
  expect([...addUp([], null, 2)]).toEqual([0, 0]);
});

test("the height between channels is interpolated, on falling axes too", () => {
  const y = Float64Array.of(0, 10, 30);
  expect(heightAt(Float64Array.of(1, 2, 3), y, 2.5)).toBe(20);
  expect(heightAt(Float64Array.of(3, 2, 1), y, 1.5)).toBe(20);
  expect(heightAt(Float64Array.of(1, 2, 3), y, 99)).toBe(30);
  expect(heightAt(Float64Array.of(1), Float64Array.of(7), 0)).toBe(7);
});

test("a handle stays on the axis and inside the bounds", () => {
  expect(clampTo(229, null, null, x)).toBe(100);
  expect(clampTo(-3, null, null, x)).toBe(0);
  expect(clampTo(80, 10, 60, x)).toBe(60);
  expect(clampTo(5, 10, null, x)).toBe(10);
  expect(clampTo(50, null, null, Float64Array.from(x).reverse())).toBe(50);
});

test("bounds that lie outside of the axis leave the value alone", () => {
  expect(clampTo(50, 200, 300, x)).toBe(50);
});

test("a path is written in the pixels of its view", () => {
  const x = { scale: (value: number) => 2 * value, offset: 1 };
  const y = { scale: (value: number) => 100 - value, offset: 0 };
  const view = { scales: { x, y } } as unknown as MarkView;
  const path = pathOf(Float64Array.of(0, 1, 2, 3), Float64Array.of(5, Number.NaN, 7, 8), view);
  expect(path).toBe("M1.0,95.0M5.0,93.0L7.0,92.0");
});
