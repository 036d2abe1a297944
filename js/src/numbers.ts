/** Slider scales and number formats. Pure: no DOM. */

/** Where a slider goes: from `low` at step 0 to `high` at step `STEPS`. */
export type Scale = { low: number; high: number; log: boolean };

export const STEPS = 1000;
const DECADES_FOR_LOG = 3;
/** How far a logarithmic slider without bounds goes to either side, as a factor. */
const WIDE = 100;

/** What a scale is chosen from. */
export type Room = {
  value: number;
  bmin: number | null;
  bmax: number | null;
  /** Where the value may go without bounds, e.g. the axis for a position. */
  hint: readonly number[] | null;
  /** A person wants a logarithmic one; it needs a value above zero, and no bound below. */
  log?: boolean;
};

/**
 * The scale of a slider: the bounds where both are set, else a window around the value.
 * A value outside of the bounds widens it, so that the slider never shows another number.
 */
export function chooseScale({ value, bmin, bmax, hint, log: wanted }: Room): Scale {
  if (wanted === true && value > 0 && (bmax === null || bmax > 0)) {
    const low = bmin !== null && bmin > 0 ? bmin : Math.min(value, bmax ?? value) / WIDE;
    return { low: Math.min(low, value), high: Math.max(bmax ?? value * WIDE, value), log: true };
  }
  const [near, far] = windowAround(value, bmin, bmax, hint);
  const low = Math.min(bmin ?? near, value);
  const high = Math.max(bmax ?? far, value);
  const log = bmin !== null && bmax !== null && low > 0 && Math.log10(high / low) > DECADES_FOR_LOG;
  return { low, high, log };
}

function windowAround(
  value: number,
  bmin: number | null,
  bmax: number | null,
  hint: readonly number[] | null,
): [number, number] {
  const [first, last] = hint ?? [];
  if (first !== undefined && last !== undefined) return [first, last];
  if (bmin !== null && bmax === null) {
    const reach = value > bmin ? 2 * (value - bmin) : Math.abs(bmin) || 1;
    return [bmin, bmin + reach];
  }
  if (bmax !== null && bmin === null) {
    const reach = value < bmax ? 2 * (bmax - value) : Math.abs(bmax) || 1;
    return [bmax - reach, bmax];
  }
  const reach = Math.abs(value) || 1;
  return [value - reach, value + reach];
}

/** Whether a scale still serves: the value is inside, and not lost in a window far too wide. */
export function serves(scale: Scale, ideal: Scale, value: number): boolean {
  if (value < scale.low || value > scale.high) return false;
  if (scale.log !== ideal.log) return false;
  const width = scale.high - scale.low;
  const wanted = ideal.high - ideal.low;
  return width <= 20 * wanted && wanted <= 20 * width;
}

/** The step, 0 to `STEPS` and not rounded, at which a value stands. */
export function toStep(scale: Scale, value: number): number {
  const { low, high, log } = scale;
  if (!(high > low)) return 0;
  const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return STEPS * Math.min(1, Math.max(0, part));
}

/** The value at a step; exactly the ends at the ends. */
export function fromStep(scale: Scale, step: number): number {
  const { low, high, log } = scale;
  if (step <= 0) return low;
  if (step >= STEPS) return high;
  const part = step / STEPS;
  return log ? low * (high / low) ** part : low + part * (high - low);
}

/** How many steps a key moves a slider, or null for a key that does not. */
export function stepsOf(key: string, coarse: boolean, fine: boolean): number | null {
  const one = coarse ? 10 : fine ? 0.1 : 1;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return one;
    case "ArrowLeft":
    case "ArrowDown":
      return -one;
    case "PageUp":
      return 100;
    case "PageDown":
      return -100;
    case "Home":
      return -STEPS;
    case "End":
      return STEPS;
    default:
      return null;
  }
}

/** A number as people read it: up to `digits` significant ones, no trailing zeros. */
export function show(value: number | null, digits = 6): string {
  if (value === null || !Number.isFinite(value)) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
    return `${trim(mantissa)}e${Number(exponent)}`;
  }
  const text = value.toPrecision(digits);
  return trim(text.includes("e") ? String(Number(text)) : text);
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A value rounded where its error begins: both to the second significant digit of the error. */
export function showWithError(value: number, std: number | null): { value: string; std: string } {
  if (std === null || !(std > 0 && std < Number.POSITIVE_INFINITY))
    return { value: show(value), std: std === 0 ? "± 0" : "" };
  const error = show(std, 2);
  const place = 1 - Math.floor(Math.log10(std));
  const size = Math.abs(value) > 0 ? Math.floor(Math.log10(Math.abs(value))) : 0;
  const digits = Math.min(12, Math.max(3, size + 1 + place));
  return { value: show(value, digits), std: `± ${error}` };
}

/** What a person typed: a finite number, or why it is none. */
export type Typed = { ok: true; number: number } | { ok: false; why: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Read a number as people type it: 12, -0.5, 1.2e-3, with either minus sign. */
export function readNumber(text: string): Typed {
  const plain = text.trim().replaceAll("−", "-");
  if (/^[+-]?\d+,\d+$/.test(plain)) {
    return { ok: false, why: `“${text}” has a comma; write the decimal point` };
  }
  const number = Number(plain);
  if (!NUMBER.test(plain) || !Number.isFinite(number)) {
    return { ok: false, why: `“${text}” is not a number; write it like 12.5 or 1.2e-3` };
  }
  return { ok: true, number };
}

/** Seconds as people say them. */
export function showSeconds(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Round numbers between two ends, at most so many: steps of 1, 2 or 5; of a logarithm, decades. */
export function roundTicks(from: number, to: number, most: number, log = false): number[] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (!(high > low) || !Number.isFinite(high - low)) return [];
  if (log && low > 0) {
    const decades = Math.log10(high / low);
    const inside = (list: number[]) => list.filter((one) => one >= low && one <= high);
    const first = Math.floor(Math.log10(low));
    const last = Math.ceil(Math.log10(high));
    const steps = decades < 2 ? [1, 2, 5] : [1];
    const all = inside(
      Array.from({ length: last - first + 1 }, (_, k) =>
        steps.map((s) => s * 10 ** (first + k)),
      ).flat(),
    );
    const thin = Math.ceil(all.length / Math.max(1, most));
    const kept = all.filter((_, k) => k % thin === 0);
    if (kept.length > 1) return kept;
  }
  const rough = (high - low) / Math.max(1, most);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}
