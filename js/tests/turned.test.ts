// Turning in the plane of an image, whose y points down.
import { expect, test } from "vitest";
import { along, angleOf, axesAt, between, from, roomFor, turn, turnBack } from "../src/turned";

const ANGLES = [0, 0.3, Math.PI / 2, 2, Math.PI, -1.2, 7];

test("a quarter turn is counter-clockwise as seen: what pointed right points up", () => {
  const [first, second] = axesAt(Math.PI / 2);
  expect(first[0]).toBeCloseTo(0, 12);
  expect(first[1]).toBe(-1);
  expect(second[0]).toBe(1);
});

test("own axes are turned as the points of the plane are, and lie square", () => {
  for (const angle of ANGLES) {
    const [first, second] = axesAt(angle);
    expect(along(first, second)).toBeCloseTo(0, 12);
    const [x, y] = turn([1, 0], [0, 0], angle);
    expect(x).toBeCloseTo(first[0], 12);
    expect(y).toBeCloseTo(first[1], 12);
    expect(between(angleOf(first), angle)).toBeCloseTo(0, 12);
  }
});

test("what is turned about any point is found again by turning back", () => {
  for (const angle of ANGLES) {
    const [x, y] = turnBack(turn([3, -1], [0.5, 2], angle), [0.5, 2], angle);
    expect(x).toBeCloseTo(3, 12);
    expect(y).toBeCloseTo(-1, 12);
    expect(Math.hypot(...from([0.5, 2], turn([3, -1], [0.5, 2], angle)))).toBeCloseTo(
      Math.hypot(2.5, 3),
      12,
    );
  }
});

test("between two angles the shorter way is taken", () => {
  expect(between(3, -3)).toBeCloseTo(2 * Math.PI - 6, 12);
  expect(between(-3, 3)).toBeCloseTo(6 - 2 * Math.PI, 12);
  expect(between(0.1, 0.1 + 4 * Math.PI)).toBeCloseTo(0, 12);
});

test("the room along a direction ends at the rim that is met first", () => {
  expect(roomFor([50, 20], [1, 0], [100, 60], 10)).toBe(40);
  expect(roomFor([50, 20], [0, -1], [100, 60], 10)).toBe(10);
  expect(roomFor([50, 20], [0.6, 0.8], [100, 60], 10)).toBeCloseTo(37.5, 9);
  expect(roomFor([50, 5], [0, -1], [100, 60], 10)).toBe(0);
});
