/**
 * Turning in the plane of an image. An angle counts counter-clockwise as seen, so that y points
 * down: its first axis is (cos, -sin), its second one (sin, cos). Pure: no DOM.
 */

export type Point = readonly [number, number];

/** The directions of a component's own two axes. */
export function axesAt(angle: number): readonly [Point, Point] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    [c, -s],
    [s, c],
  ];
}

/** How far a way goes along a direction. */
export function along([dx, dy]: Point, [x, y]: Point): number {
  return dx * x + dy * y;
}

/** The way from one point to another. */
export const from = ([x0, y0]: Point, [x1, y1]: Point): Point => [x1 - x0, y1 - y0];

/** Where a point of the unturned plane is seen. */
export function turn(own: Point, pivot: Point, angle: number): Point {
  const [[a, b], [c, d]] = axesAt(angle);
  const [u, v] = from(pivot, own);
  return [pivot[0] + a * u + c * v, pivot[1] + b * u + d * v];
}

/** The point of the unturned plane that is seen there. */
export function turnBack(seen: Point, pivot: Point, angle: number): Point {
  return turn(seen, pivot, -angle);
}

/** The angle of a direction. */
export const angleOf = ([dx, dy]: Point): number => Math.atan2(-dy, dx);

/** The shorter way from one angle to another, in rad. */
export function between(one: number, other: number): number {
  const way = (other - one) % (2 * Math.PI);
  return Math.abs(way) > Math.PI ? way - Math.sign(way) * 2 * Math.PI : way;
}

/** The farthest that one gets from a point along a direction and stays in a box, `margin` inside. */
export function roomFor(
  [x, y]: Point,
  [dx, dy]: Point,
  [width, height]: Point,
  margin: number,
): number {
  const until = (at: number, step: number, end: number) => {
    if (step > 1e-9) return (end - margin - at) / step;
    return step < -1e-9 ? (margin - at) / step : Number.POSITIVE_INFINITY;
  };
  return Math.max(0, Math.min(until(x, dx, width), until(y, dy, height)));
}
