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

/** 256 colours as one word each, as an image has them in memory. */
const SHADES = 256;
const WORDS = new Uint32Array(SHADES);
{
  const bytes = new Uint8Array(WORDS.buffer);
  for (let k = 0; k < SHADES; k++) bytes.set([...colourAt(k / (SHADES - 1)), 255], 4 * k);
}

/** How many numbers of a large map say what its range is. */
const ENOUGH = 16384;

/** The ends of the colours: of what is known, without the outermost hundredth on either side. */
export function rangeOf(numbers: Float64Array): [number, number] | null {
  const step = Math.max(1, Math.floor(numbers.length / ENOUGH));
  const some = step === 1 ? numbers : numbers.filter((_, k) => k % step === 0);
  const known = some.filter((number) => Number.isFinite(number)).sort();
  if (known.length === 0) return null;
  const at = (part: number) => known[Math.round(part * (known.length - 1))] ?? 0;
  const [low, high] = [at(0.01), at(0.99)];
  return high > low ? [low, high] : [known[0] ?? 0, known[known.length - 1] ?? 0];
}

/** One pixel of four bytes for every number; transparent where it is not known. */
export function paint(numbers: Float64Array, range: [number, number] | null): Uint8ClampedArray {
  const words = new Uint32Array(numbers.length);
  const word = shade(range);
  for (let k = 0; k < numbers.length; k++) words[k] = word(numbers[k] ?? Number.NaN);
  return new Uint8ClampedArray(words.buffer);
}

/** From a number to its pixel as one word; 0 is transparent. */
export function shade(range: [number, number] | null): (number: number) => number {
  const [low, high] = range ?? [0, 1];
  const scale = (SHADES - 1) / (high - low || 1);
  return (number) => {
    if (!Number.isFinite(number)) return 0;
    const place = Math.round((number - low) * scale);
    return WORDS[place < 0 ? 0 : place < SHADES ? place : SHADES - 1] ?? 0;
  };
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
