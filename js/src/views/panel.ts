/** One panel of a plot of images: the picture with its axes, and the colours it is drawn in. */
import { make, setText } from "../dom";
import type { Axes } from "../ground";
import { show } from "../numbers";
import {
  type ColourScale,
  type Palette,
  paintNumbers,
  placeOf,
  ticksBetween,
  valueAt,
  type Window,
} from "../raster";
import type { AxisRecord, ImageRecord } from "../schema.gen";

/** What a panel draws. */
export type Drawing = {
  values: Float64Array;
  colours: ColourScale;
  palette: Palette;
  part: Window;
  inside: Uint8Array | null;
  outlines: readonly { colour: string; pieces: readonly number[] }[];
};

export type Panel = {
  /** The element that is exactly as large as the picture. */
  plane: HTMLElement;
  draw(drawing: Drawing): void;
  /** Show what the colours mean. */
  bar(gradient: string, scale: ColourScale, quantity: string): void;
};

/** A panel of a name, added to `el`. */
export function makePanel(name: string, record: ImageRecord, axes: Axes, el: HTMLElement): Panel {
  const [nX, nY] = [axes[0].length, axes[1].length];
  const canvas = make("canvas", {}, { role: "img", "aria-label": `image of ${name}` });
  const plane = make("div", { className: "hsj-plane" }, {}, canvas);
  plane.style.aspectRatio = String(shapeOf(record, nX, nY));
  const below = make("div", { className: "hsj-ticks hsj-below" }, { "aria-hidden": "true" });
  const beside = make("div", { className: "hsj-ticks hsj-beside" }, { "aria-hidden": "true" });
  const low = make("span");
  const high = make("span");
  const strip = make("span", { className: "hsj-bar" }, { "aria-hidden": "true" });
  const words = make("span", { className: "hsj-quantity" });
  const scale = make("div", { className: "hsj-scale" }, {}, low, strip, high, words);
  el.append(
    make(
      "figure",
      { className: "hsj-panel" },
      {},
      make("figcaption", {}, {}, name),
      make("div", { className: "hsj-upright" }, {}, labelOf(record.y, "y")),
      beside,
      plane,
      below,
      make("div", { className: "hsj-along" }, {}, labelOf(record.x, "x")),
      scale,
    ),
  );
  const picture = document.createElement("canvas");
  picture.width = nX;
  picture.height = nY;

  return {
    plane,
    draw({ values, colours, palette, part, inside, outlines }) {
      drawTicks(below, axes[0], [part.x0, part.x1], plane.clientWidth / 60, "left");
      drawTicks(beside, axes[1], [part.y0, part.y1], plane.clientHeight / 36, "top");
      const from = picture.getContext("2d");
      const context = canvas.getContext("2d");
      if (from === null || context === null) return;
      const image = from.createImageData(nX, nY);
      image.data.set(paintNumbers(values, colours, palette, inside));
      from.putImageData(image, 0, 0);
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.max(1, Math.round(plane.clientWidth * ratio));
      canvas.height = Math.max(1, Math.round(plane.clientHeight * ratio));
      context.imageSmoothingEnabled = false;
      const [wide, tall] = [part.x1 - part.x0, part.y1 - part.y0];
      context.drawImage(picture, part.x0, part.y0, wide, tall, 0, 0, canvas.width, canvas.height);
      const toX = (x: number) => ((x - part.x0) / wide) * canvas.width;
      const toY = (y: number) => ((y - part.y0) / tall) * canvas.height;
      for (const { colour, pieces } of outlines) {
        context.beginPath();
        for (let k = 0; k + 3 < pieces.length; k += 4) {
          context.moveTo(toX(pieces[k] ?? 0), toY(pieces[k + 1] ?? 0));
          context.lineTo(toX(pieces[k + 2] ?? 0), toY(pieces[k + 3] ?? 0));
        }
        // A pale line below, so that it is seen on every colour.
        for (const [ink, width] of [
          ["rgb(255 255 255 / 0.75)", 3.5],
          [colour, 1.8],
        ] as const) {
          context.strokeStyle = ink;
          context.lineWidth = width * ratio;
          context.stroke();
        }
      }
    },
    bar(gradient, colours, quantity) {
      strip.style.background = gradient;
      setText(low, show(colours.low, 3));
      setText(high, show(colours.high, 3));
      scale.classList.toggle("hsj-logarithmic", colours.log);
      setText(words, `${quantity}${colours.log ? ", logarithmic" : ""}`);
      words.title = words.textContent ?? "";
    },
  };
}

/** Width by height: as the axes say where they are of one unit, unless too thin to be seen. */
function shapeOf({ x, y, square }: ImageRecord, nX: number, nY: number): number {
  const lengths = square && x.positions === null && y.positions === null;
  const shape = lengths ? Math.abs((nX * x.scale) / (nY * y.scale)) : nX / nY;
  return Number.isFinite(shape) ? Math.min(3, Math.max(0.5, shape)) : 1;
}

/** Name and units of an axis. */
function labelOf(axis: AxisRecord, other: string): string {
  const name = axis.name || other;
  return axis.units ? `${name} (${axis.units})` : name;
}

function drawTicks(
  el: HTMLElement,
  axis: Float64Array,
  [from, to]: readonly [number, number],
  about: number,
  side: "left" | "top",
): void {
  const ends = [valueAt(axis, from - 0.5), valueAt(axis, to - 0.5)] as const;
  const values = ticksBetween(...ends, Math.min(6, Math.max(2, Math.floor(about))));
  const parts = values.map((value) => (placeOf(axis, value) + 0.5 - from) / (to - from));
  const made = values.map((value, k) => {
    const tick = make("span", {}, {}, show(value, 6));
    tick.style[side] = `${100 * (parts[k] ?? 0)}%`;
    return tick;
  });
  el.replaceChildren(...made.filter((_, k) => (parts[k] ?? -1) >= 0 && (parts[k] ?? 2) <= 1));
}
