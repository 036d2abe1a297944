/** The plot's lines and handles, evaluated here; and the legend below the figure. */
import { addUp, type Curve, makeCurve, type Term } from "../curves";
import { make, setText } from "../dom";
import { type Handle, makeHandle } from "../handles";
import { drawLine, isMark, lowerPanLayer, type Mark, viewsOf } from "../marks";
import type { CurvesRecord, Spec } from "../schema.gen";
import type { Store } from "../state";
import { float64, otherModel } from "../wire";
import { describeQuality } from "./model";
import { pixelView } from "./pixel";
import { runView } from "./run";

/** Lines, handles and legend of a plot; `el` gets the legend, the marks are bqplot's. */
export async function plotView(store: Store, el: HTMLElement, signal: AbortSignal): Promise<void> {
  const { model } = store;
  const curves = model.get("curves");
  if (curves === null) return;
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const marks = await fetchMarks(store, curves);
  if (signal.aborted) return;
  legendView(store, marks, el, signal);
  pixelView(store, el, say, signal);
  runView(store, el, say, signal);
  el.append(problem);
  await drawMarks(store, marks, say, signal);
}

type Marks = {
  figure: Mark;
  panzoom: unknown;
  model: Mark;
  residual: Mark;
  lines: Map<string, Mark>;
  handles: Map<string, Mark>;
};

async function fetchMarks(store: Store, curves: CurvesRecord): Promise<Marks> {
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

async function drawMarks(
  store: Store,
  marks: Marks,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { model } = store;
  const x = float64(model.get("x"));
  const spec = model.get("spec");
  const curves = compileAll(spec, x, say);
  const handles: Handle[] = [];
  let frame = 0;
  let stale = false;
  let fast = false;

  const redraw = async () => {
    if (signal.aborted) return;
    stale = false;
    const held = handles.some((handle) => handle.held()) || store.previewing();
    // Fast paths are written past bqplot: afterwards tell it all, so that zoom and resize draw them.
    const settle = fast && !held;
    fast = held;
    await drawAll(store, marks, curves, handles, x, held, settle);
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
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));

  for (const component of spec.components) {
    const mark = marks.handles.get(component.id);
    if (mark === undefined || component.position === null) continue;
    const slot = component.position;
    const inView = () => heightsOf(marks.model);
    handles.push(makeHandle({ store, component, slot, mark, x, inView, released: soon }, signal));
  }
  const vertical = (marks.model.get("scales") as Record<string, unknown>).y;
  if (isMark(vertical)) {
    for (const end of ["change:min", "change:max"]) {
      vertical.on(end, soon);
      signal.addEventListener("abort", () => vertical.off(end, soon), { once: true });
    }
  }
  store.watchValues(soon, signal);
  store.watch(["active", "pushed", "data", "linked", "widths"], soon, signal);
  await drawAll(store, marks, curves, handles, x, false, true);
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

async function drawAll(
  store: Store,
  marks: Marks,
  curves: readonly Curve[],
  handles: readonly Handle[],
  x: Float64Array,
  fast: boolean,
  all = false,
): Promise<void> {
  const { model } = store;
  const show = model.get("curves");
  const widths = numbersOf(model.get("widths"));
  const pushed = model.get("pushed");
  const active = model.get("active");
  const terms: Term[] = [];
  const drawing: Promise<void>[] = [];
  curves.forEach((curve, c) => {
    const changed = curve.update(store.row(curve.slots));
    const given = curve.here ? null : numbersOf(pushed[curve.id]);
    if (!curve.here && given === null) return;
    const term = { line: given ?? curve.line, binned: given !== null };
    const on = active[c] ?? false;
    if (on) terms.push(term);
    const mark = marks.lines.get(curve.id);
    if (mark === undefined || show?.show_lines !== true) return;
    if (mark.get("visible") !== on) mark.set_state({ visible: on });
    if (on && (changed || given !== null || all)) {
      drawing.push(drawLine(mark, x, addUp([term], widths, x.length), fast));
    }
  });
  const total = addUp(terms, widths, x.length);
  drawing.push(drawLine(marks.model, x, total, fast));
  if (show?.show_residual === true) {
    const data = float64(model.get("data"));
    drawing.push(
      drawLine(
        marks.residual,
        x,
        data.map((y, k) => y - (total[k] ?? 0)),
        fast,
      ),
    );
  }
  for (const handle of handles) drawing.push(handle.place(total, fast));
  await Promise.all(drawing);
}

/** Set the scales to the limits that the kernel found for these data. */
function showAll(mark: Mark, limits: readonly number[]): void {
  const scales = mark.get("scales") as Record<string, unknown>;
  const [left = 0, right = 1, low = 0, high = 1] = limits;
  for (const [name, min, max] of [
    ["x", left, right],
    ["y", low, high],
  ] as const) {
    const scale = scales[name];
    if (!isScaleModel(scale)) continue;
    scale.set({ min, max });
    scale.save_changes();
  }
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

type ScaleModel = { set(state: Record<string, number>): void; save_changes(): void };

function isScaleModel(thing: unknown): thing is ScaleModel {
  const { set, save_changes } = (thing ?? {}) as Partial<ScaleModel>;
  return typeof set === "function" && typeof save_changes === "function";
}

function numbersOf(view: DataView | undefined): Float64Array | null {
  return view === undefined || view.byteLength === 0 ? null : float64(view);
}

function legendView(store: Store, marks: Marks, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const entry = (colour: string, text: string, shape: string) => {
    const key = make("span", { className: `hsj-key hsj-${shape}` }, { "aria-hidden": "true" });
    key.style.setProperty("--hsj-colour", colour);
    return make("span", { className: "hsj-entry" }, {}, key, text);
  };
  const colourOf = (mark: Mark) => (mark.get("colors") as string[])[0] ?? "currentColor";
  const pan = make(
    "button",
    { type: "button", className: "hsj-button", title: "drag the background, turn the wheel" },
    { "aria-pressed": "false" },
    "Pan and zoom",
  );
  const home = make(
    "button",
    { type: "button", className: "hsj-button", title: "show all of the data again" },
    {},
    "Reset view",
  );
  const quality = make("span", { className: "hsj-quality" });
  const legend = make(
    "div",
    { className: "hsj-legend" },
    { role: "group", "aria-label": "legend" },
  );
  const draw = () => {
    legend.replaceChildren(
      entry("#7f7f7f", "data", "dot"),
      entry(colourOf(marks.model), "model", "line"),
    );
    if (model.get("curves")?.show_residual === true) {
      legend.append(entry(colourOf(marks.residual), "data − model", "line"));
    }
    const { components } = model.get("spec");
    const lines = model.get("curves")?.show_lines === true;
    components.forEach((component, c) => {
      const off = model.get("active")[c] !== true;
      const shape = lines ? "line" : "dot";
      const made = entry(component.colour, component.name, shape);
      made.classList.toggle("hsj-off", off);
      if (lines || component.position !== null) legend.append(made);
    });
    setText(quality, describeQuality(model.get("quality")));
  };
  pan.addEventListener(
    "click",
    async () => {
      const on = marks.figure.get("interaction") === null;
      pan.setAttribute("aria-pressed", String(on));
      marks.figure.set_state({ interaction: on ? marks.panzoom : null });
      // bqplot makes the layer in a later turn.
      await Promise.all(await viewsOf(marks.figure));
      requestAnimationFrame(async () => (await viewsOf(marks.figure)).forEach(lowerPanLayer));
    },
    { signal },
  );
  home.addEventListener("click", () => showAll(marks.model, model.get("limits")), { signal });
  el.append(make("div", { className: "hsj-under" }, {}, legend, quality, pan, home));
  store.watch(["active", "curves", "quality"], draw, signal);
  draw();
}
