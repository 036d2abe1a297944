/** Between the numbers of an image's axes and the pixels of the element that shows it. */
import { placeOf, valueAt, type Window } from "./raster";
import type { Point } from "./turned";

/** The positions of the pixels, along x and along y. */
export type Axes = readonly [Float64Array, Float64Array];

export type Ground = {
  /** Look how large the element is now. */
  measure(): void;
  size(): Point;
  /** How large a pixel of the image is. */
  pixel(): Point;
  toPixel(at: Point): Point;
  toData(pixel: Point): Point;
  /** The direction in pixels of one in data, of length 1. */
  ray(at: Point, direction: Point): Point;
  /** Where an event is, in pixels of the element. */
  place(event: MouseEvent): Point;
};

/** The ground of an element that shows a part of an image. */
export function makeGround(el: HTMLElement, axes: Axes, part: () => Window): Ground {
  let size: Point = [0, 0];
  const sides = (): readonly [Point, Point] => {
    const { x0, x1, y0, y1 } = part();
    return [
      [x0, x1],
      [y0, y1],
    ];
  };
  // The smallest way between neighbours: straight also where an axis is uneven.
  const near = Math.min(...axes.map((axis) => Math.abs((axis[1] ?? 1) - (axis[0] ?? 0)) || 1));
  const toPixel = (at: Point): Point => {
    const [x, y] = sides().map(([low, high], a) => {
      const place = placeOf(axes[a === 0 ? 0 : 1], at[a === 0 ? 0 : 1]) + 0.5;
      return ((place - low) / (high - low)) * size[a === 0 ? 0 : 1];
    });
    return [x ?? 0, y ?? 0];
  };
  return {
    measure() {
      const { width, height } = el.getBoundingClientRect();
      size = [width - 2 * el.clientLeft, height - 2 * el.clientTop];
    },
    size: () => size,
    pixel() {
      const [[x0, x1], [y0, y1]] = sides();
      return [size[0] / (x1 - x0), size[1] / (y1 - y0)];
    },
    toPixel,
    toData(pixel) {
      const [x, y] = sides().map(([low, high], a) => {
        const share = pixel[a === 0 ? 0 : 1] / (size[a === 0 ? 0 : 1] || 1);
        return valueAt(axes[a === 0 ? 0 : 1], low + share * (high - low) - 0.5);
      });
      return [x ?? 0, y ?? 0];
    },
    ray([x, y], [dx, dy]) {
      const [x0, y0] = toPixel([x, y]);
      const [x1, y1] = toPixel([x + near * dx, y + near * dy]);
      const far = Math.hypot(x1 - x0, y1 - y0) || 1;
      return [(x1 - x0) / far, (y1 - y0) / far];
    },
    place(event) {
      const box = el.getBoundingClientRect();
      return [event.clientX - box.left - el.clientLeft, event.clientY - box.top - el.clientTop];
    },
  };
}
