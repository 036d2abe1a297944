/** Who draws what when: bqplot what rests, the canvas what moves; nothing is drawn twice. */
import { makeCanvas, type Stroke } from "../canvas";
import { addUp, type Curve, makeCurve, type Term } from "../curves";
import { type Handle, makeHandle } from "../handles";
import { drawLine, isMark, type Mark } from "../marks";
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
  lines: Map<string, Mark>;
  handles: Map<string, Mark>;
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
    lines: await all(curves.lines),
    handles: await all(curves.handles),
  };
}

/** Draw every line and handle, now and whenever one of their numbers changes. */
export async function drawMarks(
  store: Store,
  marks: Marks,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const x = float64(store.model.get("x"));
  const curves = compileAll(store.model.get("spec"), x, say);
  const handles: Handle[] = [];
  const canvas = makeCanvas();
  let frame = 0;
  let quiet = 0;
  let stale = false;
  let moving = false;
  let fresh = true;
  const told = new Map<Mark, Float64Array>();

  const tellAll = async ({ strokes }: Scene) => {
    const news = strokes.filter(({ mark, y }) => !equal(told.get(mark), y));
    for (const { mark, y } of news) told.set(mark, y);
    await Promise.all(news.map(({ mark, y }) => drawLine(mark, x, y)));
  };
  const redraw = async () => {
    if (signal.aborted) return;
    stale = false;
    const changed = curves.map((curve) => curve.update(store.row(curve.slots)));
    if (!fresh && !changed.includes(true)) return;
    fresh = false;
    const scene = compose(store, marks, curves, x);
    const fast = moving || store.previewing() || handles.some((handle) => handle.held());
    await Promise.all(handles.map((handle) => handle.place(scene.total, fast)));
    if (fast) {
      const dots = handles.map((handle) => handle.dot()).filter((dot) => dot !== null);
      moving = await canvas.draw(x, scene.strokes, dots);
      if (moving) rest();
    }
    if (!moving) await tellAll(scene);
  };
  // Soon after the last change bqplot is told all, so that zoom, resize and export draw it.
  const rest = () => {
    window.clearTimeout(quiet);
    quiet = window.setTimeout(async () => {
      if (handles.some((handle) => handle.held())) {
        rest();
        return;
      }
      moving = false;
      const scene = compose(store, marks, curves, x);
      await Promise.all(handles.map((handle) => handle.place(scene.total, false)));
      await tellAll(scene);
      if (!moving) canvas.hide();
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
    canvas.hide();
  });

  for (const component of store.model.get("spec").components) {
    const mark = marks.handles.get(component.id);
    if (mark === undefined || component.position === null) continue;
    const slot = component.position;
    const inView = () => heightsOf(marks.model);
    handles.push(makeHandle({ store, component, slot, mark, x, inView, released: soon }, signal));
  }
  const vertical = (marks.model.get("scales") as Record<string, unknown>).y;
  if (isMark(vertical)) {
    for (const end of ["change:min", "change:max"]) {
      vertical.on(end, anew);
      signal.addEventListener("abort", () => vertical.off(end, anew), { once: true });
    }
  }
  store.watchValues(soon, signal);
  store.watch(["active", "pushed", "data", "linked", "widths"], anew, signal);
  await redraw();
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

type Scene = { total: Float64Array; strokes: Stroke[] };

/** What there is to draw now. */
function compose(store: Store, marks: Marks, curves: readonly Curve[], x: Float64Array): Scene {
  const { model } = store;
  const show = model.get("curves");
  const widths = numbersOf(model.get("widths"));
  const pushed = model.get("pushed");
  const active = model.get("active");
  const terms: Term[] = [];
  const lines: Stroke[] = [];
  curves.forEach((curve, c) => {
    const given = curve.here ? null : numbersOf(pushed[curve.id]);
    if (!curve.here && given === null) return;
    const term = { line: given ?? curve.line, binned: given !== null };
    const on = active[c] ?? false;
    if (on) terms.push(term);
    const mark = marks.lines.get(curve.id);
    if (mark === undefined || show?.show_lines !== true) return;
    if (mark.get("visible") !== on) mark.set_state({ visible: on });
    if (on) lines.push({ mark, y: addUp([term], widths, x.length) });
  });
  const total = addUp(terms, widths, x.length);
  const strokes: Stroke[] = [];
  if (show?.show_residual === true) {
    const data = float64(model.get("data"));
    const y = data.map((height, k) => height - (total[k] ?? 0));
    strokes.push({ mark: marks.residual, y });
  }
  strokes.push(...lines, { mark: marks.model, y: total });
  return { total, strokes };
}

/** The heights between the ends of the vertical scale. */
function heightsOf(mark: Mark): readonly [number, number] {
  const scale = (mark.get("scales") as Record<string, unknown>).y;
  const end = (name: string) => (isMark(scale) ? scale.get(name) : null);
  const [low, high] = [end("min"), end("max")];
  return [
    typeof low === "number" ? low : Number.NEGATIVE_INFINITY,
    typeof high === "number" ? high : Number.POSITIVE_INFINITY,
  ];
}

function numbersOf(view: DataView | undefined): Float64Array | null {
  return view === undefined || view.byteLength === 0 ? null : float64(view);
}
