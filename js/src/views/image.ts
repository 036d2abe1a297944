/** Images: data, model and residual side by side, with a handle for every position. */
import { addUp, type Curve, makeCurve, type Term } from "../curves";
import { make, setText } from "../dom";
import type { Axes } from "../ground";
import { show } from "../numbers";
import { followPress } from "../press";
import {
  type ColourScale,
  DIVERGING,
  endsOf,
  gradientOf,
  largest,
  logEnds,
  moved,
  outline,
  type Palette,
  placeOf,
  VIRIDIS,
  valueAt,
  type Window,
  whole,
  zoomed,
} from "../raster";
import type { ImageRecord } from "../schema.gen";
import { makeSpots } from "../spots";
import type { Store } from "../state";
import { float64 } from "../wire";
import { describeQuality } from "./model";
import { navigatorView } from "./navigator";
import { makePanel, type Panel } from "./panel";
import { makePixel, pixelView } from "./pixel";
import { runView } from "./run";
import { type Frame, spanView } from "./span";

type Numbers = { data: Float64Array; model: Float64Array; rest: Float64Array };

/** Panels, colour scales, handles and the map to navigate by, drawn into `el`. */
export function imageView(store: Store, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const record = model.get("image");
  if (record === null) return;
  const axes: Axes = [float64(model.get("x")), float64(model.get("y"))];
  const [nX, nY] = [axes[0].length, axes[1].length];
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const { components } = model.get("spec");
  const curves = compileAll(store, axes, say);
  const all = whole(nX, nY);
  let part: Window = all;
  let log = false;

  // -- what there is ------------------------------------------------------------------------------
  const names = components.length === 0 ? ["data"] : ["data", "model", "data − model"];
  const grid = make("div", { className: `hsj-panels hsj-panels-${names.length}` });
  const panels = names.map((name) => makePanel(name, record, axes, grid));
  const quality = make("span", { className: "hsj-quality" });
  const words = make("output", { className: "hsj-place hsj-readout" }, { "aria-live": "off" });
  const button = (text: string, title: string, press: () => void) => {
    const made = make(
      "button",
      { type: "button", className: "hsj-button", title },
      { "aria-pressed": "false" },
      text,
    );
    made.addEventListener("click", press, { signal });
    return made;
  };
  let hands = false;
  const pan = button("Pan and zoom", "drag the image, turn the wheel", () => {
    hands = !hands;
    pan.setAttribute("aria-pressed", String(hands));
    grid.classList.toggle("hsj-panning", hands);
  });
  const home = button("Reset view", "show all of the image again", () => {
    part = all;
    draw();
  });
  home.removeAttribute("aria-pressed");
  const logs = button("Log colours", "colours by the logarithm, of what is above zero", () => {
    log = !log;
    logs.setAttribute("aria-pressed", String(log));
    draw();
  });
  el.append(grid, make("div", { className: "hsj-under" }, {}, quality, words, logs, pan, home));
  const pixel = makePixel(store, say, signal);
  const place = make("div", { className: "hsj-where" });
  const side = make("div", { className: "hsj-beside-map" });
  el.append(place);
  navigatorView(store, pixel, place, say, signal);
  place.append(side);
  pixelView(pixel, side, signal, say);
  runView(store, side, say, signal);
  el.append(problem);

  // -- drawing ------------------------------------------------------------------------------------
  let numbers: Numbers = evaluate(store, curves, nX * nY);
  let ends: [number, number] | null = null;
  const measure = () => {
    ends = endsOf(numbers.data);
  };
  const draw = () => {
    const inside = insideOf(model.get("inside"));
    const scale = scaleOf(ends, numbers.data, log);
    const most = largest(numbers.rest);
    const outlines = record.outlines ? outlinesOf(store, curves, nX, nY) : [];
    const each: readonly [Float64Array, ColourScale, Palette][] = [
      [numbers.data, scale, VIRIDIS],
      [numbers.model, scale, VIRIDIS],
      [numbers.rest, { low: -most, high: most, log: false }, DIVERGING],
    ];
    panels.forEach((panel, k) => {
      const [values, colours, palette] = each[k] ?? [numbers.data, scale, VIRIDIS];
      panel.draw({ values, colours, palette, part, inside, outlines });
      panel.bar(gradientOf(palette), colours, record.quantity);
    });
    spots.place();
    sayWhatIsHeld();
    setText(quality, components.length === 0 ? "" : describeQuality(model.get("quality")));
  };
  const sayWhatIsHeld = () => {
    const held = spots.held();
    if (held !== "") setText(words, held);
    return held !== "";
  };
  let frame = 0;
  let stale = false;
  // The first change of a frame is drawn at once, further ones together at the next.
  const redraw = () => {
    stale = true;
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (stale) redraw();
    });
    stale = false;
    numbers = evaluate(store, curves, nX * nY);
    draw();
  };
  const spots = makeSpots(
    { store, record, axes, part: () => part, say: (text) => setText(words, text) },
    panels.map(({ plane }) => plane),
    signal,
  );
  measure();
  store.watchValues(redraw, signal);
  store.watch(["active", "pushed", "linked", "widths", "quality", "inside"], redraw, signal);
  store.watch(
    ["data"],
    () => {
      numbers = evaluate(store, curves, nX * nY);
      measure();
      redraw();
    },
    signal,
  );
  if (typeof ResizeObserver === "function") {
    const watcher = new ResizeObserver(draw);
    for (const panel of panels) watcher.observe(panel.plane);
    signal.addEventListener("abort", () => watcher.disconnect());
  }
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));

  // -- looking around -----------------------------------------------------------------------------
  for (const panel of panels) {
    const { plane } = panel;
    const at = (event: MouseEvent): readonly [number, number] => {
      const box = plane.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    plane.addEventListener(
      "pointermove",
      (event) => {
        if (sayWhatIsHeld()) return;
        const [px, py] = at(event);
        const i = Math.floor(part.x0 + px * (part.x1 - part.x0));
        const j = Math.floor(part.y0 + py * (part.y1 - part.y0));
        if (i < 0 || j < 0 || i >= nX || j >= nY) return;
        setText(words, inWords(record, axes, i, j, numbers, components.length > 0));
      },
      { signal },
    );
    plane.addEventListener("pointerleave", () => setText(words, ""), { signal });
    plane.addEventListener(
      "wheel",
      (event) => {
        if (!hands) return;
        event.preventDefault();
        part = zoomed(part, event.deltaY > 0 ? 1.25 : 0.8, at(event), all);
        draw();
      },
      { signal, passive: false },
    );
    plane.addEventListener(
      "pointerdown",
      (down) => hands && down.button === 0 && drag(plane, down),
      { signal },
    );
  }
  const drag = (plane: HTMLElement, down: PointerEvent) => {
    const start = part;
    const box = plane.getBoundingClientRect();
    down.preventDefault();
    const move = (event: PointerEvent) => {
      const dx = ((down.clientX - event.clientX) / box.width) * (start.x1 - start.x0);
      const dy = ((down.clientY - event.clientY) / box.height) * (start.y1 - start.y0);
      part = moved(start, dx, dy, all);
      draw();
    };
    followPress(down, { move }, signal);
  };

  spanView(
    store,
    frameOf(record, axes, panels, () => part),
    el,
    signal,
  );
  draw();
}

function compileAll(store: Store, [x, y]: Axes, say: (text: string) => void): Curve[] {
  const n = x.length * y.length;
  const [atX, atY] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k += 1) {
    atX[k] = x[k % x.length] as number;
    atY[k] = y[Math.floor(k / x.length)] as number;
  }
  return store.model.get("spec").components.map((component) => {
    try {
      return makeCurve(component, atX, atY);
    } catch (error) {
      say(`${component.name} cannot be drawn here: ${String(error)}`);
      return makeCurve({ ...component, js: null }, atX, atY);
    }
  });
}

function numbersOf(view: DataView | undefined): Float64Array | null {
  return view === undefined || view.byteLength === 0 ? null : float64(view);
}

function termsOf(store: Store, curves: readonly Curve[]): (Term | null)[] {
  const { model } = store;
  return curves.map((curve, c) => {
    if (model.get("active")[c] !== true) return null;
    if (curve.here) {
      curve.update(store.row(curve.slots));
      return { line: curve.line, binned: false };
    }
    const line = numbersOf(model.get("pushed")[curve.id]);
    return line === null ? null : { line, binned: true };
  });
}

function evaluate(store: Store, curves: readonly Curve[], n: number): Numbers {
  const terms = termsOf(store, curves).filter((term) => term !== null);
  const data = float64(store.model.get("data"));
  const model = addUp(terms, numbersOf(store.model.get("widths")), n);
  return { data, model, rest: data.map((value, k) => value - (model[k] as number)) };
}

function outlinesOf(store: Store, curves: readonly Curve[], nX: number, nY: number) {
  const { components } = store.model.get("spec");
  return termsOf(store, curves).flatMap((term, c) =>
    term === null
      ? []
      : [{ colour: components[c]?.colour ?? "#ffffff", pieces: outline(term.line, nX, nY) }],
  );
}

function insideOf(view: DataView): Uint8Array | null {
  return view.byteLength === 0
    ? null
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Colours for data and model alike; linear where no number is above zero. */
export function scaleOf(
  ends: readonly [number, number] | null,
  data: Float64Array,
  log: boolean,
): ColourScale {
  const [low, high] = ends ?? [0, 1];
  const both = log ? logEnds(data, high) : null;
  return both === null ? { low, high, log: false } : { low: both[0], high: both[1], log: true };
}

function inWords(
  record: ImageRecord,
  axes: Axes,
  i: number,
  j: number,
  { data, model, rest }: Numbers,
  fitted: boolean,
): string {
  const k = j * axes[0].length + i;
  const at = [record.x, record.y].map(
    (axis, a) =>
      `${axis.name || "xy"[a]} ${show(axes[a]?.[a === 0 ? i : j] ?? 0, 5)} ${axis.units}`,
  );
  const number = (numbers: Float64Array) => show(numbers[k] ?? Number.NaN, 5) || "not known";
  const more = fitted ? `, model ${number(model)}, difference ${number(rest)}` : "";
  return `${at.map((one) => one.trim()).join(", ")}: data ${number(data)}${more}`;
}

function frameOf(
  record: ImageRecord,
  axes: Axes,
  panels: readonly Panel[],
  window: () => Window,
): Frame {
  const sideOf = (a: number): readonly [number, number] => {
    const { x0, x1, y0, y1 } = window();
    return a === 0 ? [x0, x1] : [y0, y1];
  };
  const along = (a: number) => axes[a === 0 ? 0 : 1];
  return {
    places: () => panels.map(({ plane }) => plane),
    names: [record.x.name || "x", "to", record.y.name || "y", "to"],
    toPart: (a, value) => {
      const [from, to] = sideOf(a);
      return (placeOf(along(a), value) + 0.5 - from) / (to - from);
    },
    fromPart: (a, part) => {
      const [from, to] = sideOf(a);
      return valueAt(along(a), from + part * (to - from) - 0.5);
    },
    limits: (a) => {
      const ends = [along(a)[0] ?? 0, along(a)[along(a).length - 1] ?? 1];
      return [Math.min(...ends), Math.max(...ends)];
    },
  };
}
