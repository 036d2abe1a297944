/**
 * Lines in pixels, with no more points than eyes can tell apart: spectra of many channels to the
 * lowest and highest of every pixel column, smooth stretches to their corners.
 */

/** What draws: a canvas, or a path being written. */
export type Pen = { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void };

/** From numbers of an axis to pixels. */
export type ToPixel = (value: number) => number;

/** How far, in pixels, a drawn line may be from the one of all points. */
const TOLERANCE = 0.1;

/** Far outside a plot, where a canvas loses its accuracy. */
const FAR = 1e5;

/** Draw a line over its channels, with a gap wherever a number is not known. */
export function trace(
  x: Float64Array,
  y: Float64Array,
  toX: ToPixel,
  toY: ToPixel,
  pen: Pen,
): void {
  const n = Math.min(x.length, y.length);
  if (n === 0) return;
  const first = toX(x[0] ?? 0);
  const last = toX(x[n - 1] ?? 0);
  const dense = n > 4 * Math.max(1, Math.abs(last - first));
  const straight = straightener(pen);
  const into = dense ? columns(straight) : straight;
  for (let k = 0; k < n; k += 1) {
    const height = toY(y[k] ?? Number.NaN);
    if (Number.isFinite(height)) {
      into.point(toX(x[k] ?? 0), Math.max(-FAR, Math.min(FAR, height)));
    } else into.gap();
  }
  into.gap();
}

type Sink = { point(x: number, y: number): void; gap(): void };

/** Keep first, lowest, highest and last of every pixel column. */
function columns(next: Sink): Sink {
  let column = Number.NaN;
  let [low, high, final] = [0, 0, 0];
  const end = () => {
    if (Number.isNaN(column)) return;
    const middle = column + 0.5;
    next.point(middle, low);
    next.point(middle, high);
    next.point(middle, final);
  };
  return {
    point(x, y) {
      const here = Math.floor(x);
      if (here !== column) {
        end();
        column = here;
        low = y;
        high = y;
        next.point(here + 0.5, y);
      }
      low = Math.min(low, y);
      high = Math.max(high, y);
      final = y;
    },
    gap() {
      end();
      column = Number.NaN;
      next.gap();
    },
  };
}

/** Leave out points that lie on the way from the last one kept to a later one. */
function straightener(pen: Pen): Sink {
  let drawing = false;
  let waiting = false;
  let [x0, y0, x1, y1] = [0, 0, 0, 0];
  let steepest = Number.POSITIVE_INFINITY;
  let flattest = Number.NEGATIVE_INFINITY;
  const flush = () => {
    if (waiting) pen.lineTo(x1, y1);
    waiting = false;
  };
  const open = (x: number, y: number) => {
    [x0, y0] = [x, y];
    steepest = Number.POSITIVE_INFINITY;
    flattest = Number.NEGATIVE_INFINITY;
  };
  const narrow = (x: number, y: number) => {
    const run = Math.abs(x - x0);
    if (run < 1e-9) return false;
    const slope = (y - y0) / run;
    if (slope > steepest || slope < flattest) return false;
    steepest = Math.min(steepest, slope + TOLERANCE / run);
    flattest = Math.max(flattest, slope - TOLERANCE / run);
    return true;
  };
  return {
    point(x, y) {
      if (!drawing) {
        pen.moveTo(x, y);
        open(x, y);
        drawing = true;
        return;
      }
      if (!narrow(x, y)) {
        flush();
        if (x1 !== x0 || y1 !== y0) open(x1, y1);
        narrow(x, y);
      }
      [x1, y1] = [x, y];
      waiting = true;
    },
    gap() {
      flush();
      drawing = false;
    },
  };
}
