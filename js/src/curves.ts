/** Evaluate components over the channels: the browser's preview of what the kernel will say. */
import type { ComponentRecord } from "./schema.gen";
import { hs } from "./special";

type Source = (
  coords: readonly Float64Array[],
  out: Float64Array,
  n: number,
  p: readonly number[],
  library: typeof hs,
) => void;

/** The line of one component, kept until its numbers change. */
export type Curve = {
  id: string;
  slots: readonly number[];
  /** False: the kernel evaluates it. */
  here: boolean;
  line: Float64Array;
  /** Evaluate where the numbers differ from the last ones; true when the line is another. */
  update(p: readonly number[]): boolean;
};

/** All slots of a component, in the order of its formula. */
export function slotsOf(component: ComponentRecord): number[] {
  return component.parameters.flatMap((parameter) => parameter.slots);
}

/**
 * A curve over the channels `x`, or over the pixels of an image, `x` and `y`; a component without JavaScript has a line that is only given to it.
 * The source comes from the kernel, which may run any script in this page anyway.
 */
export function makeCurve(
  component: ComponentRecord,
  x: Float64Array,
  ...more: readonly Float64Array[]
): Curve {
  const source = component.js === null ? null : compile(component.js);
  const line = new Float64Array(x.length);
  const coords = [x, ...more];
  let last: readonly number[] | null = null;
  return {
    id: component.id,
    slots: slotsOf(component),
    here: source !== null,
    line,
    update(p) {
      if (source === null) return false;
      if (last?.every((number, i) => Object.is(number, p[i]))) return false;
      last = [...p];
      source(coords, line, x.length, last, hs);
      return true;
    },
  };
}

function compile(body: string): Source {
  return new Function("coords", "out", "n", "p", "hs", body) as Source;
}

/** One line to add up: `binned` when it holds counts already, not a density. */
export type Term = { line: Float64Array; binned: boolean };

/** The sum of lines, densities multiplied by the channel widths where there are any. */
export function addUp(
  terms: readonly Term[],
  widths: Float64Array | null,
  length: number,
): Float64Array {
  const sum = new Float64Array(length);
  for (const { line, binned } of terms) {
    if (binned || widths === null) {
      for (let k = 0; k < length; k += 1) sum[k] = (sum[k] as number) + (line[k] as number);
    } else {
      for (let k = 0; k < length; k += 1) {
        sum[k] = (sum[k] as number) + (line[k] as number) * (widths[k] as number);
      }
    }
  }
  return sum;
}

/** The height of a line at a place between its channels. */
export function heightAt(x: Float64Array, y: Float64Array, at: number): number {
  const n = x.length;
  if (n === 0) return Number.NaN;
  if (n === 1) return y[0] ?? Number.NaN;
  const rising = (x[n - 1] ?? 0) > (x[0] ?? 0);
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at === rising) low = middle;
    else high = middle;
  }
  const [x0 = 0, x1 = 1] = [x[low], x[high]];
  const [y0 = 0, y1 = 0] = [y[low], y[high]];
  const part = Math.min(1, Math.max(0, (at - x0) / (x1 - x0)));
  return y0 + part * (y1 - y0);
}

/** A value moved inside bounds and the ends of the axis. */
export function clampTo(
  value: number,
  bmin: number | null,
  bmax: number | null,
  x: Float64Array,
): number {
  const ends = [x[0] ?? 0, x[x.length - 1] ?? 0];
  const low = Math.max(bmin ?? Number.NEGATIVE_INFINITY, Math.min(...ends));
  const high = Math.min(bmax ?? Number.POSITIVE_INFINITY, Math.max(...ends));
  return low > high ? value : Math.min(high, Math.max(low, value));
}
