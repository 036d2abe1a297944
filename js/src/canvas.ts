/**
 * A canvas over the plot area, for what moves: while a handle or a slider is dragged the lines that
 * it changes are drawn here, which takes a fraction of what drawing them as elements does; all
 * others stay as bqplot drew them. Afterwards bqplot takes over.
 * The figure's size and margins are private names, so each is looked for before it is used.
 */
import { isMarkView, type Mark, type MarkView, toPixels, viewsOf } from "./marks";
import { trace } from "./trace";

/** A line to draw instead of a mark of bqplot. */
export type Stroke = { mark: Mark; y: Float64Array };

export type FigureView = {
  el: HTMLElement;
  plotareaWidth: number;
  plotareaHeight: number;
  margin: { left: number; top: number };
};

export type Canvas = {
  /** Draw lines in place of their marks; false where bqplot's parts are not found. */
  draw(x: Float64Array, strokes: readonly Stroke[]): Promise<boolean>;
  /** Take the canvases away, and show the marks again. */
  hide(): void;
};

const CLASS = "hsj-canvas";

/** Canvases for every place on the page where the marks' figures are shown; `signal` ends them. */
export function makeCanvas(signal: AbortSignal): Canvas {
  const made = new Set<HTMLCanvasElement>();
  const used = new Set<HTMLCanvasElement>();
  const hidden = new Set<SVGElement>();

  const hide = () => {
    for (const canvas of used) canvas.style.display = "none";
    for (const el of hidden) el.style.visibility = "";
    used.clear();
    hidden.clear();
  };
  signal.addEventListener("abort", () => {
    hide();
    for (const canvas of made) canvas.remove();
  });

  return {
    async draw(x, strokes) {
      const lines = await Promise.all(strokes.map(({ mark }) => viewsOf(mark)));
      // Nobody would show the lines again.
      if (signal.aborted) return false;
      const figures = new Map<FigureView, (() => void)[]>();
      for (const [i, views] of lines.entries()) {
        const paint = lineOf(x, strokes[i]);
        for (const view of views) {
          if (!isMarkView(view) || !isFigure(view.parent)) return false;
          const context = contextOf(view.parent);
          if (context === null) return false;
          const job = () => paint(context, view);
          figures.set(view.parent, [...(figures.get(view.parent) ?? []), job]);
        }
      }
      for (const [figure, jobs] of figures) {
        const canvas = clear(figure);
        for (const all of [made, used]) all.add(canvas);
        for (const job of jobs) job();
      }
      for (const view of lines.flat() as { el?: unknown }[]) {
        if (!(view.el instanceof SVGElement) || view.el.style.visibility === "hidden") continue;
        view.el.style.visibility = "hidden";
        hidden.add(view.el);
      }
      return figures.size > 0;
    },
    hide,
  };
}

/** Whether it has the private names of a figure that says where its plot area is. */
export function isFigure(thing: unknown): thing is FigureView {
  const { el, plotareaWidth, plotareaHeight, margin } = (thing ?? {}) as Partial<FigureView>;
  return (
    el instanceof HTMLElement &&
    typeof plotareaWidth === "number" &&
    typeof plotareaHeight === "number" &&
    typeof margin?.left === "number"
  );
}

/** The canvas of a figure: found, or made; two views of one plot share it. */
function canvasOf(figure: FigureView): HTMLCanvasElement {
  const found = figure.el.querySelector<HTMLCanvasElement>(`:scope > .${CLASS}`);
  if (found !== null) return found;
  const made = document.createElement("canvas");
  made.className = CLASS;
  made.style.display = "none";
  made.setAttribute("aria-hidden", "true");
  figure.el.append(made);
  return made;
}

function contextOf(figure: FigureView): CanvasRenderingContext2D | null {
  return canvasOf(figure).getContext("2d");
}

/** Empty the canvas, and lay it over the plot area as large as that is now. */
function clear(figure: FigureView): HTMLCanvasElement {
  const canvas = canvasOf(figure);
  const { plotareaWidth: wide, plotareaHeight: high, margin } = figure;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(wide * ratio), Math.round(high * ratio)];
  const context = canvas.getContext("2d");
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
  } else {
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, width, height);
  }
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  canvas.style.left = `${margin.left}px`;
  canvas.style.top = `${margin.top}px`;
  canvas.style.display = "";
  return canvas;
}

type Paint = (context: CanvasRenderingContext2D, view: MarkView) => void;

function lineOf(x: Float64Array, stroke: Stroke | undefined): Paint {
  return (context, { scales }) => {
    if (stroke === undefined) return;
    const { mark, y } = stroke;
    context.strokeStyle = colourOf(mark);
    context.lineWidth = numberOf(mark.get("stroke_width"), 1.5);
    // As SVG draws its lines.
    context.miterLimit = 4;
    context.beginPath();
    trace(x, y, toPixels(scales.x), toPixels(scales.y), context);
    context.stroke();
  };
}

/** The colour a mark is drawn in. */
export function colourOf(mark: Mark): string {
  const [colour] = (mark.get("colors") ?? []) as string[];
  return colour ?? "currentColor";
}

function numberOf(given: unknown, other: number): number {
  return typeof given === "number" ? given : other;
}
