/**
 * A layer over the plot area for what bqplot has no mark for: a cross-hair, handles of height and
 * width, a span that is drawn, the place of a new peak. Sizes and scales of the figure are private
 * names of bqplot, so each is looked for before it is used.
 */
import { type FigureView, isFigure } from "./canvas";
import { make } from "./dom";
import { isMark, isMarkView, type Mark, type MarkView, viewsOf } from "./marks";
import type { ToPixel } from "./trace";

const SVG = "http://www.w3.org/2000/svg";

/** The layer of one figure on the page. */
export type Layer = {
  svg: SVGSVGElement;
  /** Over it, for handles. */
  hands: HTMLElement;
  /** What it lies over. */
  figure: HTMLElement;
  width: number;
  height: number;
  toX: ToPixel;
  toY: ToPixel;
  /** From pixels of the plot area to numbers of the axes. */
  fromX: (pixel: number) => number;
  fromY: (pixel: number) => number;
  /** Where an event is, in pixels of the plot area. */
  place(event: MouseEvent): readonly [number, number];
};

export type Overlay = {
  /** Call `paint` for a layer now and whenever it may be another. */
  onPaint(paint: (layer: Layer) => void): void;
  /** Call `gone` just before a layer is taken off its figure. */
  onGone(gone: (layer: Layer) => void): void;
  /** Lay the layers again over their figures, and paint. */
  refresh(): void;
  layers(): readonly Layer[];
};

/** An element of SVG with attributes. */
export function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

type Told = {
  on(event: string, call: () => void): void;
  off(event: string, call: () => void): void;
};

/**
 * Layers over the figure that stands beside `root`, as long as `signal` lasts; over every figure
 * that shows the mark where none does.
 */
export function makeOverlay(mark: Mark, root: HTMLElement, signal: AbortSignal): Overlay {
  const known = new Map<HTMLElement, Layer>();
  const paints: ((layer: Layer) => void)[] = [];
  const gones: ((layer: Layer) => void)[] = [];
  let waiting = 0;
  const sized = new ResizeObserver(() => later());

  const begin = ({ parent: view, scales }: DrawnView): Layer => {
    const { el } = view;
    const svg = shape("svg", { class: "hsj-overlay" });
    const hands = make("div", { className: "hsj-hands" });
    el.append(svg, hands);
    sized.observe(el);
    if (isTold(view)) {
      // What bqplot says when it has laid its figure out anew.
      view.on("margin_updated", refresh);
      signal.addEventListener("abort", () => view.off("margin_updated", refresh), { once: true });
    }
    const layer = { svg, hands, figure: el, ...placing(view, scales, svg) };
    known.set(el, layer);
    return layer;
  };
  const end = (layer: Layer) => {
    for (const gone of gones) gone(layer);
    layer.svg.remove();
    layer.hands.remove();
  };
  const lay = async () => {
    const views = (await viewsOf(mark)).filter(isDrawn);
    if (signal.aborted) return;
    const beside = root.closest(".hsj-root")?.parentElement;
    const own = views.filter(({ parent }) => beside?.contains(parent.el));
    for (const view of own.length > 0 ? own : views) {
      const { el, plotareaWidth: width, plotareaHeight: height, margin } = view.parent;
      const layer = known.get(el) ?? begin(view);
      const style = `left:${margin.left}px;top:${margin.top}px;width:${width}px;height:${height}px`;
      for (const one of [layer.svg, layer.hands])
        if (one.getAttribute("style") !== style) one.setAttribute("style", style);
      Object.assign(layer, placing(view.parent, view.scales, layer.svg));
      for (const paint of paints) paint(layer);
    }
    for (const [el, layer] of known) {
      if (el.isConnected) continue;
      sized.unobserve(el);
      end(layer);
      known.delete(el);
    }
  };
  const refresh = () => {
    if (waiting !== 0) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      void lay();
    });
  };
  // bqplot lays its figure out in a later turn than the page.
  let timer = 0;
  const later = () => {
    refresh();
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, 250);
  };
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(waiting);
    window.clearTimeout(timer);
    sized.disconnect();
    for (const layer of known.values()) end(layer);
    known.clear();
  });
  const scales = (mark.get("scales") ?? {}) as Record<string, unknown>;
  for (const scale of [scales.x, scales.y].filter(isMark)) {
    for (const end of ["change:min", "change:max"]) {
      scale.on(end, refresh);
      signal.addEventListener("abort", () => scale.off(end, refresh), { once: true });
    }
  }
  return {
    onPaint(paint) {
      paints.push(paint);
      for (const layer of known.values()) paint(layer);
    },
    onGone: (gone) => void gones.push(gone),
    refresh,
    layers: () => [...known.values()],
  };
}

/** Between pixels and numbers, as the figure is laid out now. */
function placing(
  { plotareaWidth: width, plotareaHeight: height }: FigureView,
  { x, y }: MarkView["scales"],
  svg: SVGSVGElement,
) {
  return {
    width,
    height,
    // Asked for each number: a figure that is zoomed changes its scales and says so later.
    toX: (value: number) => x.scale(value) + x.offset,
    toY: (value: number) => y.scale(value) + y.offset,
    fromX: (pixel: number) => x.scale.invert?.(pixel - x.offset) ?? Number.NaN,
    fromY: (pixel: number) => y.scale.invert?.(pixel - y.offset) ?? Number.NaN,
    place(event: MouseEvent) {
      const box = svg.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top] as const;
    },
  };
}

type DrawnView = MarkView & { parent: FigureView };

function isDrawn(view: unknown): view is DrawnView {
  return isMarkView(view) && isFigure(view.parent);
}

function isTold(view: unknown): view is Told {
  const { on, off } = view as Partial<Told>;
  return typeof on === "function" && typeof off === "function";
}
