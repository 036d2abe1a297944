/**
 * Writing bqplot's marks. `set_state` is the public way: it draws, and does not go to the kernel.
 * It draws a turn later, so that paths are written into the mark's views as well; those are
 * private names, and each is looked for before it is used.
 */
import { type ToPixel, trace } from "./trace";

export type Mark = {
  get(name: string): unknown;
  set_state(state: Record<string, unknown>): void;
  on(event: string, call: () => void): void;
  off(event: string, call: () => void): void;
  views?: Record<string, Promise<unknown>>;
};

type PixelScale = {
  scale: { (value: number): number; invert?(pixel: number): number };
  offset: number;
};
export type MarkView = {
  d3el: { select(selector: string): { attr(name: string, value: string): unknown } };
  scales: { x: PixelScale; y: PixelScale };
  /** The view of the figure that it is drawn in. */
  parent?: unknown;
};

/** Whether something from another library is a mark we can write. */
export function isMark(thing: unknown): thing is Mark {
  if (typeof thing !== "object" || thing === null) return false;
  const { get, set_state, on, off } = thing as Record<string, unknown>;
  return [get, set_state, on, off].every((method) => typeof method === "function");
}

/** The views of a mark that are on the page now. */
export async function viewsOf(mark: Mark): Promise<unknown[]> {
  return Promise.all(Object.values(mark.views ?? {}));
}

/** Whether it has the private names by which marks are written past bqplot. */
export function isMarkView(view: unknown): view is MarkView {
  const { d3el, scales } = (view ?? {}) as Partial<MarkView>;
  return typeof d3el?.select === "function" && isScale(scales?.x) && isScale(scales?.y);
}

function isScale(scale: unknown): boolean {
  const { scale: map, offset } = (scale ?? {}) as Partial<PixelScale>;
  return typeof map === "function" && typeof offset === "number";
}

/** From numbers to pixels, along one side of a plot. */
export function toPixels({ scale, offset }: PixelScale): ToPixel {
  const [zero, one, two] = [scale(0), scale(1), scale(2)];
  // A linear scale is told by two points; asking it for each takes longer than drawing.
  const step = one - zero;
  if (Number.isFinite(step) && Math.abs(two - one - step) <= 1e-9 * Math.abs(step)) {
    const start = zero + offset;
    return (value) => start + step * value;
  }
  return (value) => scale(value) + offset;
}

/** Give a line to bqplot; drawn within this event, and again by bqplot when its turn comes. */
export async function drawLine(mark: Mark, x: Float64Array, y: Float64Array): Promise<void> {
  // A fresh array: an equal object would not count as a change.
  mark.set_state({ y: y.slice() });
  for (const view of await viewsOf(mark)) {
    if (!isMarkView(view)) continue;
    view.d3el.select(".line").attr("d", pathOf(x, y, view));
  }
}

/** The path of a line in a view, with a gap wherever a number is not known. */
export function pathOf(x: Float64Array, y: Float64Array, { scales }: MarkView): string {
  const parts: string[] = [];
  const pen = {
    moveTo: (px: number, py: number) => void parts.push(`M${px.toFixed(1)},${py.toFixed(1)}`),
    lineTo: (px: number, py: number) => void parts.push(`L${px.toFixed(1)},${py.toFixed(1)}`),
  };
  trace(x, y, toPixels(scales.x), toPixels(scales.y), pen);
  return parts.join("");
}

/**
 * Take back what bqplot's figures ask of the page for a tooltip that no mark of ours has: their
 * listeners on the window would outlive them. A tooltip that is shown all the same asks again.
 */
export async function hushTooltips(figure: Mark): Promise<void> {
  for (const view of await viewsOf(figure)) {
    const { popper } = (view ?? {}) as { popper?: { disableEventListeners?(): void } };
    popper?.disableEventListeners?.();
  }
}
