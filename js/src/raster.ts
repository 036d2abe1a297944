/** Images as pixels: scales of colour, places on axes, ticks and outlines. Pure: no DOM. */
import { colourAt } from "./colours";

/** Colours from low to high: 256 times red, green and blue. */
export type Palette = Uint8ClampedArray;

const LEVELS = 256;

function makePalette(at: (part: number) => readonly number[]): Palette {
  const palette = new Uint8ClampedArray(3 * LEVELS);
  for (let k = 0; k < LEVELS; k += 1) palette.set(at(k / (LEVELS - 1)), 3 * k);
  return palette;
}

export const VIRIDIS = makePalette(colourAt);

// Blue below, red above, pale between: the hues that colour-blind people tell apart.
const COLD = [33, 102, 172];
const PALE = [247, 247, 247];
const WARM = [178, 24, 43];

/** For what goes to both sides of zero. */
export const DIVERGING = makePalette((part) => {
  const side = part < 0.5 ? COLD : WARM;
  const much = Math.abs(2 * part - 1);
  return PALE.map((pale, c) => pale + much * ((side[c] ?? 0) - pale));
});

/** A palette as a gradient of CSS. */
export function gradientOf(palette: Palette): string {
  const stops = Array.from({ length: 9 }, (_, k) => {
    const at = 3 * Math.round((k / 8) * (LEVELS - 1));
    return `rgb(${palette[at]} ${palette[at + 1]} ${palette[at + 2]})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** From numbers to colours. */
export type ColourScale = { low: number; high: number; log: boolean };

/** The part of a palette for a number. */
export function partOf({ low, high, log }: ColourScale, number: number): number {
  if (!log) return (number - low) / (high - low || 1);
  if (!(number > 0)) return 0;
  return Math.log(number / low) / (Math.log(high / low) || 1);
}

/** Red, green, blue and opacity of each number; clear where it is not known, pale where left out. */
export function paintNumbers(
  numbers: Float64Array,
  scale: ColourScale,
  palette: Palette,
  inside: Uint8Array | null,
): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(4 * numbers.length);
  for (let k = 0; k < numbers.length; k += 1) {
    const number = numbers[k] as number;
    if (!Number.isFinite(number)) continue;
    const part = Math.min(1, Math.max(0, partOf(scale, number)));
    const from = 3 * Math.round(part * (LEVELS - 1));
    bytes[4 * k] = palette[from] as number;
    bytes[4 * k + 1] = palette[from + 1] as number;
    bytes[4 * k + 2] = palette[from + 2] as number;
    bytes[4 * k + 3] = inside === null || inside[k] === 1 ? 255 : 70;
  }
  return bytes;
}

/** The ends of a logarithmic scale: of what is above zero, over four decades at most. */
export function logEnds(numbers: Float64Array, high: number): [number, number] | null {
  if (!(high > 0)) return null;
  let low = high;
  for (const number of numbers) if (number > 0 && number < low) low = number;
  return low < high ? [Math.max(low, high * 1e-4), high] : null;
}

/** The ends of a linear scale: of what is known, but for the outermost thousandth on each side. */
export function endsOf(numbers: Float64Array): [number, number] | null {
  const known = numbers.filter((number) => Number.isFinite(number)).sort();
  if (known.length === 0) return null;
  const beyond = Math.floor(known.length / 1000);
  const [low, high] = [known[beyond] ?? 0, known[known.length - 1 - beyond] ?? 1];
  return low < high ? [low, high] : [low, low + 1];
}

/** The largest size of a number; 1 where all are zero or unknown. */
export function largest(numbers: Float64Array): number {
  let most = 0;
  for (const number of numbers) {
    const size = Math.abs(number);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most || 1;
}

/** Where a value lies among the positions of an axis, between its whole indices and beyond. */
export function placeOf(axis: Float64Array, value: number): number {
  const n = axis.length;
  if (n < 2) return value - (axis[0] ?? 0);
  const rising = (axis[n - 1] ?? 0) > (axis[0] ?? 0);
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((axis[middle] ?? 0) <= value === rising) low = middle;
    else high = middle;
  }
  const [from, to] = [axis[low] ?? 0, axis[high] ?? 1];
  return low + (value - from) / (to - from);
}

/** The value at a place among the positions of an axis. */
export function valueAt(axis: Float64Array, place: number): number {
  const n = axis.length;
  if (n < 2) return (axis[0] ?? 0) + place;
  const low = Math.min(n - 2, Math.max(0, Math.floor(place)));
  const [from, to] = [axis[low] ?? 0, axis[low + 1] ?? 1];
  return from + (place - low) * (to - from);
}

/** Round values between two ends, about as many as asked for. */
export function ticksBetween(a: number, b: number, about: number): number[] {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const rough = (high - low) / Math.max(1, about);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((one) => one * unit >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => {
    const value = (first + k) * step;
    // Not 0.30000000000000004, and no -0.
    return Number(value.toPrecision(12)) + 0;
  });
}

/** Part of an image, in pixels from its upper left corner. */
export type Window = { x0: number; x1: number; y0: number; y1: number };

/** All of an image. */
export function whole(nX: number, nY: number): Window {
  return { x0: 0, x1: nX, y0: 0, y1: nY };
}

/** A window zoomed around a place, parts of its sides; never beyond the image. */
export function zoomed(
  { x0, x1, y0, y1 }: Window,
  factor: number,
  [partX, partY]: readonly [number, number],
  all: Window,
): Window {
  const along = (low: number, high: number, part: number, end: number): [number, number] => {
    const wide = Math.min(end, Math.max(Math.min(4, end), (high - low) * factor));
    const from = low + part * (high - low - wide);
    const kept = Math.min(end - wide, Math.max(0, from));
    return [kept, kept + wide];
  };
  const [a, b] = along(x0, x1, partX, all.x1);
  const [c, d] = along(y0, y1, partY, all.y1);
  return { x0: a, x1: b, y0: c, y1: d };
}

/** A window moved by pixels of the image; never beyond it. */
export function moved({ x0, x1, y0, y1 }: Window, dx: number, dy: number, all: Window): Window {
  const sx = Math.min(all.x1 - x1, Math.max(-x0, dx));
  const sy = Math.min(all.y1 - y1, Math.max(-y0, dy));
  return { x0: x0 + sx, x1: x1 + sx, y0: y0 + sy, y1: y1 + sy };
}

/**
 * The line around what is above half of the largest number, in pieces x1, y1, x2, y2: between every
 * four neighbours, where the height is met on their sides.
 */
export function outline(numbers: Float64Array, nX: number, nY: number): number[] {
  const level = largest(numbers) / 2;
  const pieces: number[] = [];
  const at = (i: number, j: number) => Math.abs(numbers[j * nX + i] ?? 0);
  for (let j = 0; j + 1 < nY; j += 1) {
    for (let i = 0; i + 1 < nX; i += 1) {
      const corners: readonly [number, number][] = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ];
      const met: number[] = [];
      for (let k = 0; k < 4; k += 1) {
        const [ax, ay] = corners[k] ?? [0, 0];
        const [bx, by] = corners[(k + 1) % 4] ?? [0, 0];
        const [a, b] = [at(ax, ay), at(bx, by)];
        if (a >= level === b >= level) continue;
        const part = (level - a) / (b - a);
        // The middle of a pixel is half a pixel from its corner.
        met.push(ax + part * (bx - ax) + 0.5, ay + part * (by - ay) + 0.5);
      }
      if (met.length >= 4) pieces.push(...met.slice(0, 4));
      if (met.length === 8) pieces.push(...met.slice(4));
    }
  }
  return pieces;
}
