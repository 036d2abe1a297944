/** One view, or a whole host, drawn against a fake kernel, with the controls as a person names them. */
import { afterEach, vi } from "vitest";
import { tell } from "../src/bus";
import widget from "../src/index";
import type { HostState } from "../src/schema.gen";
import { makeStore, type Store } from "../src/state";
import { type FakeHost, fakeHost, find, gaussian, settled, stage, state } from "./fake";

const open: AbortController[] = [];

/** A place on the page; what is drawn there ends with the test. */
function place() {
  const made = stage();
  open.push(made.stop);
  return made;
}

afterEach(() => {
  for (const stop of open.splice(0)) stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** The state of a host of two Gaussians. */
export function two(more: Partial<HostState> = {}): Partial<HostState> {
  return {
    spec: {
      ...state().spec,
      slots: ["g.A", "g.centre", "g.sigma", "h.A", "h.centre", "h.sigma"],
      components: [gaussian("g", 0), gaussian("h", 3)],
    },
    values: [10, 50, 5, 3, 70, 8],
    std: [null, 0.5, null, null, null, null],
    free: [true, true, false, true, true, true],
    bmin: [null, 0, 0.1, null, null, null],
    bmax: [null, 100, null, null, null, null],
    linked: [null, null, null, null, null, "2 * Gaussian_g.sigma"],
    active: [true, true],
    per_pixel: [false, true],
    ...more,
  };
}

/** What a test of one view has in its hands. */
export type Drawn = ReturnType<typeof draw>;

type View = (
  store: Store,
  el: HTMLElement,
  signal: AbortSignal,
  say: (text: string) => void,
) => unknown;

/** Draw one view against a fake kernel; what it says is in `said`. */
export function draw(view: View, more: Partial<HostState> = {}) {
  const host = fakeHost(more);
  const { el, stop } = place();
  const store = makeStore(host.model, stop.signal);
  const said: string[] = [];
  const made = view(store, el, stop.signal, (text) => void said.push(text));
  return { host, el, stop, store, said, made, ...controls(el) };
}

/** Show a host with the view of its kind, as a page does. */
export function render(more: Partial<HostState> = {}, host = fakeHost(more)) {
  const { el, stop } = place();
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  return { host, el, stop, ...controls(el) };
}

/** The controls of a view, as a person names them. */
function controls(el: HTMLElement) {
  return {
    labelled: <E extends HTMLElement = HTMLInputElement>(label: string) =>
      find<E>(el, `[aria-label="${label}"]`),
    button(text: string): HTMLButtonElement {
      const found = [...el.querySelectorAll("button")].filter((one) => one.textContent === text);
      const [only] = found;
      if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${text}`);
      return only;
    },
    /** What is told as wrong now. */
    problems: () =>
      [...el.querySelectorAll<HTMLElement>(".hsj-problem:not([hidden])")].map(
        (one) => one.textContent,
      ),
  };
}

/** Put a text into a field, letter by letter as far as it can tell. */
export async function write(field: HTMLInputElement, text: string): Promise<void> {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
}

/** Choose from a list, or let a slider go. */
export function change(el: HTMLElement, value: string): void {
  (el as HTMLInputElement | HTMLSelectElement).value = value;
  el.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The requests that were sent, without their ids. */
export const asked = ({ sent }: FakeHost) => sent.map(({ id: _, ...rest }) => rest);

/** Count what listens on the page itself: the window, the document and the bus of the hosts. */
export function watchPage(): { listeners(): number } {
  const open = new Set<object>();
  tell({ key: "", slot: "", value: null, from: "" });
  const bus = (globalThis as unknown as Record<symbol, EventTarget>)[Symbol.for("hsjupyter.bus")];
  for (const target of [window as unknown as EventTarget, document, bus]) {
    if (target === undefined) throw new Error("there is no bus");
    const real = target.addEventListener.bind(target);
    vi.spyOn(target, "addEventListener").mockImplementation((kind, call, options) => {
      const entry = {};
      open.add(entry);
      const { signal } = (typeof options === "object" ? options : null) ?? {};
      signal?.addEventListener("abort", () => open.delete(entry));
      real(kind, call, options);
    });
  }
  return { listeners: () => open.size };
}
