/** From numbers to colours and words: maps with holes where a number is not known. */
import { show } from "./numbers";

/** Viridis, which is even in lightness and readable by colour-blind people. */
const ANCHORS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 73, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

/** The colour of a part between 0 and 1, red, green and blue up to 255. */
export function colourAt(part: number): [number, number, number] {
  const place = Math.min(1, Math.max(0, part)) * (ANCHORS.length - 1);
  const low = Math.min(Math.floor(place), ANCHORS.length - 2);
  const [a, b] = [ANCHORS[low], ANCHORS[low + 1]];
  const mix = (c: 0 | 1 | 2) => {
    const [from, to] = [a?.[c] ?? 0, b?.[c] ?? 0];
    return Math.round(from + (place - low) * (to - from));
  };
  return [mix(0), mix(1), mix(2)];
}

/** The ends of the colours: of what is known, without the outermost hundredth on either side. */
export function rangeOf(numbers: Float64Array): [number, number] | null {
  const known = numbers.filter((number) => Number.isFinite(number)).sort();
  if (known.length === 0) return null;
  const at = (part: number) => known[Math.round(part * (known.length - 1))] ?? 0;
  const [low, high] = [at(0.01), at(0.99)];
  return high > low ? [low, high] : [known[0] ?? 0, known[known.length - 1] ?? 0];
}

/** One pixel of four bytes for every number; transparent where it is not known. */
export function paint(numbers: Float64Array, range: [number, number] | null): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(4 * numbers.length);
  const [low, high] = range ?? [0, 1];
  const span = high - low || 1;
  numbers.forEach((number, k) => {
    if (!Number.isFinite(number)) return;
    bytes.set([...colourAt((number - low) / span), 255], 4 * k);
  });
  return bytes;
}

/** The colours as a gradient of CSS. */
export function gradient(): string {
  const stops = ANCHORS.map((rgb) => `rgb(${rgb.join(" ")})`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** A number of a map in words. */
export function inWords(number: number, units: string): string {
  return Number.isFinite(number) ? `${show(number, 6)} ${units}`.trim() : "not known";
}
