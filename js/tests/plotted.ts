// A plot on the page without bqplot: marks that keep what they are told, and a figure with a size.
import widget from "../src/index";
import type { Mark } from "../src/marks";
import type { HostState } from "../src/schema.gen";
import { fakeHost, find, settled, stage } from "./fake";

export type FakeMark = Mark & {
  state: Record<string, unknown>;
  el: SVGElement;
  paths: string[];
  listeners(): number;
};

/** A mark in a figure; its scales have a pixel for each number. */
export function fakeMark(start: Record<string, unknown> = {}, figure: unknown = {}): FakeMark {
  const calls = new Map<string, Set<() => void>>();
  const now: Record<string, unknown> = { colors: ["#123456"], visible: true, ...start };
  const el = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const paths: string[] = [];
  const map = Object.assign((value: number) => value, { invert: (pixel: number) => pixel });
  const scale = { scale: map, offset: 0 };
  const view = {
    parent: figure,
    el,
    d3el: { select: () => ({ attr: (_name: string, d: string) => void paths.push(d) }) },
    scales: { x: scale, y: scale },
  };
  return {
    state: now,
    el,
    paths,
    views: { only: Promise.resolve(view) },
    get: (name) => now[name],
    set_state(update) {
      Object.assign(now, update);
      for (const name of Object.keys(update))
        for (const c of calls.get(`change:${name}`) ?? []) c();
    },
    on: (event, call) => {
      calls.set(event, (calls.get(event) ?? new Set()).add(call));
    },
    off: (event, call) => void calls.get(event)?.delete(call),
    listeners: () => [...calls.values()].reduce((sum, all) => sum + all.size, 0),
  };
}

/** What the mouse does, at a place of the page. */
export function mouse(kind: string, clientX: number, clientY = 0, more: MouseEventInit = {}) {
  // While a button is held every move says so.
  const buttons = kind === "pointermove" ? 1 : 0;
  const at = { clientX, clientY, buttons, bubbles: true, cancelable: true, ...more };
  return new MouseEvent(kind, at) as PointerEvent;
}

export const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));

/** What a test knows of the plot that it shows. */
export type Shown = Awaited<ReturnType<typeof show>>;

/** Show a plot of one component, or of those of `more`, with a handle for each. */
export async function show(more: Partial<HostState> = {}, lines = true) {
  const place = document.createElement("div");
  document.body.append(place);
  const margin = { left: 7, top: 3 };
  const figure = { el: place, plotareaWidth: 400, plotareaHeight: 300, margin };
  const mark = (start: Record<string, unknown> = {}) => fakeMark(start, figure);
  const scale = () => {
    const made = mark({ min: -1, max: 100 });
    const saved: number[] = [];
    return Object.assign(made, {
      saved,
      set: (update: Record<string, number>) => made.set_state(update),
      save_changes: () => void saved.push(saved.length),
    });
  };
  const scales = { x: scale(), y: scale() };
  const parts = more.spec?.components ?? [{ id: "g" }];
  const marks: Record<"F" | "M" | "R" | "B" | "X" | "Y" | "D" | "L", FakeMark> = {
    F: mark({ interaction: null }),
    M: mark({ scales }),
    R: mark(),
    B: mark({ visible: false }),
    X: mark({ side: "bottom" }),
    Y: mark({ side: "left" }),
    D: mark(),
    L: mark(),
  };
  const others = Object.fromEntries(parts.slice(1).map(({ id }) => [`L${id}`, mark()]));
  const ids = parts.map(({ id }, c) => [id, c === 0 ? "L" : `L${id}`] as const);
  const host = fakeHost(
    {
      kind: "plot",
      curves: {
        figure: "F",
        panzoom: "P",
        model: "M",
        residual: "R",
        band: "B",
        axes: ["X", "Y"],
        rest: "D",
        lines: Object.fromEntries(ids),
        handles: parts.map(({ id }) => id),
        still: [],
        labels: true,
        show_lines: lines,
        show_residual: false,
        log_x: false,
        log_y: false,
        uncertainty: false,
        weights: false,
        hidden: [],
      },
      ...more,
    },
    { P: {}, ...marks, ...others },
  );
  const { el, stop } = stage();
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  await settled();
  await settled();
  await frame();
  await settled();
  /** A handle, by its whole label. */
  const hand = (label: string) => find<HTMLElement>(place, `.hsj-hand[aria-label="${label}"]`);
  /** Where a handle is drawn, in pixels of the plot area. */
  const at = (label: string) =>
    (hand(label).style.transform.match(/-?[\d.]+/g) ?? []).map(Number) as [number, number];
  const press = (x: number, y: number, init: MouseEventInit = {}) => {
    const event = mouse("pointerdown", x, y, init);
    place.dispatchEvent(event);
    return event;
  };
  const move = (x: number, y = 0) => window.dispatchEvent(mouse("pointermove", x, y));
  const letGo = (x: number, y = 0) => window.dispatchEvent(mouse("pointerup", x, y));
  const seen = () =>
    [...place.querySelectorAll<HTMLElement>(".hsj-hand:not([hidden])")].map((one) =>
      one.getAttribute("aria-label"),
    );
  return { host, el, stop, place, scales, hand, at, press, move, letGo, seen, ...marks };
}
