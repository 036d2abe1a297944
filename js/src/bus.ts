/**
 * Where the hosts of one page meet. Every widget is a module of its own, so that they share nothing
 * but the page; a slider in one redraws the plot in another without the kernel.
 */

/** A value on its way to the kernel; `value` null says that the kernel's own counts again. */
export type Preview = { key: string; slot: string; value: number | null; from: string };

/** A view of a component wants a span of the axis; a plot of the same model lets it be drawn. */
export type Wanted = { key: string; component: string; name: string };

/** The span that was drawn. */
export type Span = { key: string; component: string; low: number; high: number };

/** What hosts tell each other; `hurry`: something is asked of the kernel, what waits goes first. */
type News = { preview: Preview; wanted: Wanted; span: Span; hurry: null };

const PLACE = Symbol.for("hsjupyter.bus");

function bus(): EventTarget {
  const page = globalThis as unknown as Record<symbol, EventTarget | undefined>;
  page[PLACE] ??= new EventTarget();
  return page[PLACE];
}

/** Tell every host of the page; false where one of them says that it takes care of it. */
export function post<K extends keyof News>(kind: K, news: News[K]): boolean {
  return bus().dispatchEvent(new CustomEvent<News[K]>(kind, { detail: news, cancelable: true }));
}

/** Hear every host of the page, oneself included, until `signal` aborts. */
export function hear<K extends keyof News>(
  kind: K,
  call: (news: News[K], event: Event) => void,
  signal: AbortSignal,
): void {
  bus().addEventListener(kind, (event) => call((event as CustomEvent<News[K]>).detail, event), {
    signal,
  });
}

/** Tell every host of a value on its way. */
export const tell = (preview: Preview): void => void post("preview", preview);

/** Hear of values on their way. */
export const listen = (call: (preview: Preview) => void, signal: AbortSignal): void =>
  hear("preview", call, signal);

/** Have every host of the page send what waits. */
export const hurryAll = (): void => void post("hurry", null);
