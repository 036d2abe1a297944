/** Who draws what when: bqplot what rests, the canvas what moves; nothing is drawn twice. */
import { makeCanvas } from "../canvas";
import { type Curve, makeCurve } from "../curves";
import type { Hands, Lines } from "../hands";
import { drawLine, isMark, type Mark } from "../marks";
import { makeScenes, type Scene, showBand } from "../scene";
import type { CurvesRecord, Spec } from "../schema.gen";
import type { Store } from "../state";
import { float64, otherModel } from "../wire";

/** Milliseconds without a change after which bqplot takes over from the canvas. */
const QUIET = 200;

/** The widgets of a figure. */
export type Marks = {
  figure: Mark;
  panzoom: unknown;
  model: Mark;
  residual: Mark;
  band: Mark;
  axes: Mark[];
  rest: Mark;
  lines: Map<string, Mark>;
};

/** Find them on the page. */
export async function fetchMarks(store: Store, curves: CurvesRecord): Promise<Marks> {
  const mark = async (id: string): Promise<Mark> => {
    const found = await otherModel(store.model, id);
    if (!isMark(found)) throw new Error(`the widget ${id} is no mark of bqplot`);
    return found;
  };
  const all = async (ids: Record<string, string>) =>
    new Map(
      await Promise.all(
        Object.entries(ids).map(async ([name, id]) => [name, await mark(id)] as const),
      ),
    );
  return {
    figure: await mark(curves.figure),
    panzoom: await otherModel(store.model, curves.panzoom),
    model: await mark(curves.model),
    residual: await mark(curves.residual),
    band: await mark(curves.band),
    axes: await Promise.all(curves.axes.map(mark)),
    rest: await mark(curves.rest),
    lines: await all(curves.lines),
  };
}

/** Draw every line, and have the handles placed, now and whenever a number changes. */
export async function drawMarks(
  store: Store,
  marks: Marks,
  { say, hands }: { say: (text: string) => void; hands: Hands },
  signal: AbortSignal,
): Promise<Lines> {
  const x = float64(store.model.get("x"));
  const curves = compileAll(store.model.get("spec"), x, say);
  const canvas = makeCanvas(signal);
  let frame = 0;
  let quiet = 0;
  let stale = false;
  let moving = false;
  let fresh = true;
  const told = new Map<Mark, Float64Array>();
  const moved = new Set<Mark>();
  const scenes = makeScenes(store, marks, curves, x);
  const none = new Float64Array(x.length);
  const lines: Lines = { x, total: () => scenes.total() ?? none, of: scenes.line };

  const tellAll = async ({ strokes }: Scene) => {
    const news = strokes.filter(({ mark, y }) => !equal(told.get(mark), y));
    for (const { mark, y } of news) told.set(mark, y);
    await Promise.all(news.map(({ mark, y }) => drawLine(mark, x, y)));
  };
  const redraw = async () => {
    if (signal.aborted) return;
    stale = false;
    const changed = curves.map((curve) => curve.update(store.row(curve.slots)));
    if (!fresh && !changed.includes(true)) {
      // A position that is evaluated in the kernel has a handle, too.
      hands.place(lines);
      return;
    }
    const scene = scenes.compose(fresh ? null : changed);
    fresh = false;
    const fast = moving || store.previewing() || hands.held();
    hands.place(lines);
    if (fast) {
      for (const { mark, y } of scene.strokes) if (!equal(told.get(mark), y)) moved.add(mark);
      const strokes = scene.strokes.filter(({ mark }) => moved.has(mark));
      moving = await canvas.draw(x, strokes);
      if (signal.aborted) return;
      if (moving) {
        showBand(store, marks, scene.total, true);
        rest();
      }
    }
    if (!moving) {
      await tellAll(scene);
      showBand(store, marks, scene.total, false);
    }
  };
  // Soon after the last change bqplot is told all, so that zoom, resize and export draw it.
  const rest = () => {
    window.clearTimeout(quiet);
    quiet = window.setTimeout(async () => {
      if (hands.held()) {
        rest();
        return;
      }
      moving = false;
      const scene = scenes.compose(null);
      await tellAll(scene);
      if (moving) return;
      moved.clear();
      canvas.hide();
      showBand(store, marks, scene.total, false);
    }, QUIET);
  };
  // The first change of a frame is drawn at once, further ones together at the next.
  const soon = () => {
    stale = true;
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (stale) soon();
    });
    void redraw();
  };
  const anew = () => {
    fresh = true;
    soon();
  };
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    window.clearTimeout(quiet);
  });

  const vertical = (marks.model.get("scales") as Record<string, unknown>).y;
  if (isMark(vertical)) {
    for (const end of ["change:min", "change:max"]) {
      vertical.on(end, anew);
      signal.addEventListener("abort", () => vertical.off(end, anew), { once: true });
    }
  }
  store.watchValues(soon, signal);
  store.watch(["active", "pushed", "data", "widths", "uncertainty"], anew, signal);
  await redraw();
  return lines;
}

function compileAll(spec: Spec, x: Float64Array, say: (text: string) => void): Curve[] {
  return spec.components.map((component) => {
    try {
      return makeCurve(component, x);
    } catch (error) {
      say(`${component.name} cannot be drawn here: ${String(error)}`);
      return makeCurve({ ...component, js: null }, x);
    }
  });
}

function equal(a: Float64Array | undefined, b: Float64Array): boolean {
  return a !== undefined && a.length === b.length && a.every((height, k) => height === b[k]);
}
