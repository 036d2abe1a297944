/**
 * Where the hosts of one page meet. Every widget is a module of its own, so that they share nothing
 * but the page; a slider in one redraws the plot in another without the kernel.
 */

/** A value on its way to the kernel; `value` null says that the kernel's own counts again. */
export type Preview = { key: string; slot: string; value: number | null; from: string };

const PLACE = Symbol.for("hsjupyter.bus");
const EVENT = "preview";

function bus(): EventTarget {
  const page = globalThis as unknown as Record<symbol, EventTarget | undefined>;
  page[PLACE] ??= new EventTarget();
  return page[PLACE];
}

/** Tell every host of the page. */
export function tell(preview: Preview): void {
  bus().dispatchEvent(new CustomEvent<Preview>(EVENT, { detail: preview }));
}

/** Hear every host of the page, oneself included, until `signal` aborts. */
export function listen(hear: (preview: Preview) => void, signal: AbortSignal): void {
  bus().addEventListener(EVENT, (event) => hear((event as CustomEvent<Preview>).detail), {
    signal,
  });
}
