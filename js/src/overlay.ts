/**
 * A layer over the plot area for what bqplot has no mark for: a cross-hair, handles of height and
 * width, a span that is drawn, the place of a new peak. Sizes and scales of the figure are private
 * names of bqplot, so each is looked for before it is used.
 */
import { isFigure } from "./canvas";
import { isMarkView, type Mark, toPixels, viewsOf } from "./marks";
import type { ToPixel } from "./trace";

const SVG = "http://www.w3.org/2000/svg";

/** The layer of one figure on the page. */
export type Layer = {
  svg: SVGSVGElement;
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

/** Layers over every figure that shows a mark, as long as `signal` lasts. */
export function makeOverlay(mark: Mark, signal: AbortSignal): Overlay {
  const known = new Map<HTMLElement, Layer>();
  const paints: ((layer: Layer) => void)[] = [];
  let waiting = 0;
  const sized = new ResizeObserver(() => later());

  const lay = async () => {
    const views = await viewsOf(mark);
    if (signal.aborted) return;
    for (const view of views) {
      if (!isMarkView(view) || !isFigure(view.parent)) continue;
      const { el, plotareaWidth: width, plotareaHeight: height, margin } = view.parent;
      const { x, y } = view.scales;
      let layer = known.get(el);
      if (layer === undefined) {
        const svg = shape("svg", { class: "hsj-overlay" });
        el.append(svg);
        sized.observe(el);
        layer = { svg, place: () => [0, 0] } as unknown as Layer;
        known.set(el, layer);
      }
      const { svg } = layer;
      const style = `left:${margin.left}px;top:${margin.top}px;width:${width}px;height:${height}px`;
      if (svg.getAttribute("style") !== style) svg.setAttribute("style", style);
      Object.assign(layer, {
        width,
        height,
        toX: toPixels(x),
        toY: toPixels(y),
        fromX: (pixel: number) => x.scale.invert?.(pixel - x.offset) ?? Number.NaN,
        fromY: (pixel: number) => y.scale.invert?.(pixel - y.offset) ?? Number.NaN,
        place: (event: MouseEvent) => {
          const box = svg.getBoundingClientRect();
          return [event.clientX - box.left, event.clientY - box.top] as const;
        },
      });
      for (const paint of paints) paint(layer);
    }
    for (const [el, layer] of known) {
      if (el.isConnected) continue;
      sized.unobserve(el);
      layer.svg.remove();
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
    for (const { svg } of known.values()) svg.remove();
    known.clear();
  });
  return {
    onPaint(paint) {
      paints.push(paint);
      for (const layer of known.values()) paint(layer);
    },
    refresh,
    layers: () => [...known.values()],
  };
}
