/** What there is to draw now: the sum, the lines, the residual and the band. */
import type { Stroke } from "./canvas";
import { addUp, type Curve, type Term } from "./curves";
import { isMark, type Mark } from "./marks";
import type { Store } from "./state";
import type { Marks } from "./views/drawing";
import { float64 } from "./wire";

export type Scene = { total: Float64Array; strokes: Stroke[] };

export type Scenes = {
  /** What to draw; `changed` says which curves have another line since, null for any. */
  compose(changed: readonly boolean[] | null): Scene;
  /** The sum that was composed last. */
  total(): Float64Array | null;
  /** The line of a component, as composed last. */
  line(id: string): Float64Array | null;
};

/** The scenes of a plot; lines that did not change are kept from one to the next. */
export function makeScenes(
  store: Store,
  marks: Marks,
  curves: readonly Curve[],
  x: Float64Array,
): Scenes {
  const { model } = store;
  const kept = new Map<string, Float64Array>();
  let last: Float64Array | null = null;
  return {
    total: () => last,
    line: (id) => kept.get(id) ?? null,
    compose(changed) {
      const show = model.get("curves");
      const widths = numbersOf(model.get("widths"));
      const pushed = model.get("pushed");
      const active = model.get("active");
      const lines: Stroke[] = [];
      const terms: Term[] = [];
      curves.forEach((curve, c) => {
        const given = curve.here ? null : numbersOf(pushed[curve.id]);
        if (!curve.here && given === null) return;
        const before = kept.get(curve.id);
        const term = { line: given ?? curve.line, binned: given !== null };
        const y =
          before !== undefined && changed?.[c] === false ? before : addUp([term], widths, x.length);
        kept.set(curve.id, y);
        const on = active[c] ?? false;
        if (on) terms.push({ line: y, binned: true });
        const mark = marks.lines.get(curve.id);
        if (mark === undefined || show?.show_lines !== true) return;
        const seen = on && !show.hidden.includes(curve.id);
        if (mark.get("visible") !== seen) mark.set_state({ visible: seen });
        if (seen) lines.push({ mark, y });
      });
      const total = addUp(terms, null, x.length);
      last = total;
      const strokes: Stroke[] = [];
      if (show?.show_residual === true) {
        const data = float64(model.get("data"));
        const y = data.map((height, k) => height - (total[k] ?? 0));
        strokes.push({ mark: marks.residual, y });
      }
      strokes.push(...lines);
      if (show?.hidden.includes("model") !== true) strokes.push({ mark: marks.model, y: total });
      return { total, strokes };
    },
  };
}

/** Draw the band of the model's uncertainty about its line; not while that moves. */
export function showBand(store: Store, marks: Marks, total: Float64Array, moving: boolean): void {
  const { model } = store;
  const { band } = marks;
  const show = model.get("curves");
  const std = numbersOf(model.get("uncertainty"));
  const wanted =
    !moving && std !== null && show?.uncertainty === true && !show.hidden.includes("model");
  if (!wanted) {
    if (band.get("visible") !== false) band.set_state({ visible: false });
    return;
  }
  const [lowest] = heightsOf(marks.model);
  const floor = show.log_y ? lowest : Number.NEGATIVE_INFINITY;
  const end = (sign: number) =>
    total.map((height, k) => {
      const error = std[k] ?? Number.NaN;
      return Math.max(floor, height + (Number.isFinite(error) ? sign * error : 0));
    });
  band.set_state({ y: [end(-1), end(1)], visible: true });
}

/** The heights between the ends of the vertical scale. */
export function heightsOf(mark: Mark): readonly [number, number] {
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
