/**
 * Writing bqplot's marks. `set_state` is the public way: it draws, and does not go to the kernel.
 * During a drag the path is written into the mark's views directly, which takes a fifth of the time;
 * those are private names, so each is looked for before it is used.
 */

export type Mark = {
  get(name: string): unknown;
  set_state(state: Record<string, unknown>): void;
  on(event: string, call: () => void): void;
  off(event: string, call: () => void): void;
  views?: Record<string, Promise<unknown>>;
};

type PixelScale = { scale(value: number): number; offset: number };
export type MarkView = {
  d3el: { select(selector: string): { attr(name: string, value: string): unknown } };
  scales: { x: PixelScale; y: PixelScale };
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

function isMarkView(view: unknown): view is MarkView {
  const { d3el, scales } = (view ?? {}) as Partial<MarkView>;
  return typeof d3el?.select === "function" && isScale(scales?.x) && isScale(scales?.y);
}

function isScale(scale: unknown): boolean {
  const { scale: map, offset } = (scale ?? {}) as Partial<PixelScale>;
  return typeof map === "function" && typeof offset === "number";
}

/** Draw a line; `fast` while something is dragged, to be followed by one that is not. */
export async function drawLine(
  mark: Mark,
  x: Float64Array,
  y: Float64Array,
  fast: boolean,
): Promise<void> {
  if (fast) {
    const views = await viewsOf(mark);
    if (views.length > 0 && views.every(isMarkView)) {
      for (const view of views) {
        view.d3el.select(".line").attr("d", pathOf(x, y, view.scales.x, view.scales.y));
      }
      return;
    }
  }
  // A fresh array: an equal object would not count as a change.
  mark.set_state({ y: y.slice() });
}

/** Move a point; `fast` as for lines. */
export async function movePoint(
  mark: Mark,
  at: number,
  height: number,
  fast: boolean,
): Promise<void> {
  if (fast) {
    const views = await viewsOf(mark);
    if (views.length > 0 && views.every(isMarkView)) {
      for (const { d3el, scales } of views) {
        const px = scales.x.scale(at) + scales.x.offset;
        const py = scales.y.scale(height) + scales.y.offset;
        d3el.select(".object_grp").attr("transform", `translate(${px},${py})`);
      }
      return;
    }
  }
  mark.set_state({ x: Float64Array.of(at), y: Float64Array.of(height) });
}

/** The path of a line in pixels, with a gap wherever a number is not known. */
export function pathOf(x: Float64Array, y: Float64Array, xs: PixelScale, ys: PixelScale): string {
  // Our scales are linear: two points tell all.
  const x0 = xs.scale(0) + xs.offset;
  const y0 = ys.scale(0) + ys.offset;
  const ax = xs.scale(1) + xs.offset - x0;
  const ay = ys.scale(1) + ys.offset - y0;
  const parts: string[] = [];
  let drawing = false;
  for (let k = 0; k < x.length; k += 1) {
    const py = ay * (y[k] ?? Number.NaN) + y0;
    if (!Number.isFinite(py)) {
      drawing = false;
      continue;
    }
    const px = ax * (x[k] ?? 0) + x0;
    parts.push(`${drawing ? "L" : "M"}${px.toFixed(1)},${py.toFixed(1)}`);
    drawing = true;
  }
  return parts.join("");
}

type FigureView = {
  fig: { node(): Node };
  fig_marks: { node(): Node };
  interaction: { node(): Node };
};

/** Put the pan layer below the marks; above them it takes every mouse press from the handles. */
export function lowerPanLayer(view: unknown): void {
  const { fig, fig_marks, interaction } = (view ?? {}) as Partial<FigureView>;
  const group = fig?.node();
  const marks = fig_marks?.node();
  const layer = interaction?.node();
  if (group && marks && layer && marks.parentNode === group && layer.parentNode === group) {
    group.insertBefore(layer, marks);
  }
}
