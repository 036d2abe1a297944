/** The handles of a plot: one for every position, and of the chosen component height and width. */
import { clampTo, heightAt } from "./curves";
import { DOT, type Hand, makeHand } from "./hand";
import { keepNamesApart } from "./nametags";
import type { Layer, Overlay } from "./overlay";
import type { Picker } from "./picker";
import type { ComponentRecord } from "./schema.gen";
import type { Store } from "./state";

/** What the plot knows of the lines now. */
export type Lines = {
  x: Float64Array;
  total(): Float64Array;
  /** The line of one component. */
  of(id: string): Float64Array | null;
};

export type Hands = {
  /** Put every handle on these lines. */
  place(lines: Lines): void;
  /** Whether a person holds one. */
  held(): boolean;
};

export type Given = {
  store: Store;
  overlay: Overlay;
  picker: Picker;
  /** The heights that are in view now. */
  inView: () => readonly [number, number];
};

type Parts = Given & { lines: () => Lines | null; released: () => void };
type Drawn = { points: Hand[]; knobs: Hand[]; of: string | null };

const DIAMOND = "M0,-7L5,0L0,7L-5,0Z";
const [LEFT, RIGHT] = ["M-6,0L4,-6L4,6Z", "M6,0L-4,-6L-4,6Z"];
/** Pixels from the line to the handle of the height. */
const ABOVE = 26;

/** Pixels from the middle to the handle of the width, at least. */
const APART = 12;

/** What had the focus when the handles of a plot went, to have it again when they are back. */
const focused = new WeakMap<Store, string>();

/** Draw handles over every figure of a plot. */
export function makeHands(given: Given, signal: AbortSignal): Hands {
  const { store, overlay, picker } = given;
  const { model } = store;
  const drawn = new Map<Layer, Drawn>();
  let lines: Lines | null = null;
  const parts: Parts = { ...given, lines: () => lines, released: () => place() };
  const all = () => [...drawn.values()].flatMap(({ points, knobs }) => [...points, ...knobs]);

  const record = (id: string | null) => {
    const c = model.get("spec").components.findIndex((one) => one.id === id);
    const component = model.get("spec").components[c];
    return component !== undefined && model.get("active")[c] === true ? component : null;
  };
  const begin = (layer: Layer): Drawn => {
    const now = model.get("curves");
    const points = model.get("spec").components.flatMap((component) => {
      const { id, name, position } = component;
      if (position === null || now?.handles.includes(id) !== true) return [];
      const label = now.labels ? name : "";
      return [pointOf(parts, layer, component, position, label, signal)];
    });
    layer.hands.append(...points.map(({ el }) => el));
    const made = { points, knobs: [], of: null };
    drawn.set(layer, made);
    picker.listen(layer, () => [...(drawn.get(layer)?.knobs ?? []), ...points], signal);
    return made;
  };
  const placeIn = (layer: Layer) => {
    const here = drawn.get(layer) ?? begin(layer);
    const point = here.points.find(({ id }) => id === picker.chosen());
    const chosen = point === undefined ? null : record(point.id);
    if (here.of !== (chosen?.id ?? null)) {
      for (const { el } of here.knobs) el.remove();
      here.knobs = chosen === null ? [] : knobsOf(parts, layer, chosen, signal);
      // The keys go on from the point to these.
      point?.el.after(...here.knobs.map(({ el }) => el));
      here.of = chosen?.id ?? null;
    }
    for (const hand of [...here.points, ...here.knobs]) {
      hand.place();
      hand.el.classList.toggle("hsj-chosen", hand.id === here.of);
    }
    if (!all().some((hand) => hand.held())) keepNamesApart(layer.width, here.points, here.of);
    giveFocusBack(store, layer);
  };
  const place = () => {
    if (lines !== null) for (const layer of overlay.layers()) placeIn(layer);
  };
  overlay.onPaint((layer) => {
    if (lines !== null) placeIn(layer);
  });
  overlay.onGone((layer) => {
    const focus = document.activeElement;
    const label = layer.hands.contains(focus) ? focus?.getAttribute("aria-label") : null;
    if (label) focused.set(store, label);
    drawn.delete(layer);
  });
  picker.watch(place, signal);
  store.watch(["linked"], place, signal);
  return {
    place(now) {
      lines = now;
      place();
    },
    held: () => all().some((hand) => hand.held()),
  };
}

/** The handle of a position, on the line of the model. */
function pointOf(
  { store, picker, inView, lines, released }: Parts,
  layer: Layer,
  component: ComponentRecord,
  slot: number,
  label: string,
  signal: AbortSignal,
): Hand {
  const x = () => lines()?.x ?? new Float64Array();
  const move = (value: number) => {
    if (!Number.isFinite(value)) return;
    const { model } = store;
    const [low, high] = [model.get("bmin")[slot] ?? null, model.get("bmax")[slot] ?? null];
    void store.setValue(slot, clampTo(value, low, high, x()));
  };
  const isOn = () => {
    const c = store.model.get("spec").components.findIndex(({ id }) => id === component.id);
    return store.model.get("active")[c] === true;
  };
  return makeHand(
    { store, component, slot, what: "position", path: DOT, label },
    layer,
    {
      where() {
        const now = lines();
        const at = store.value(slot);
        const linked = store.model.get("linked")[slot] ?? null;
        if (now === null || linked !== null || !isOn()) return null;
        if (clampTo(at, null, null, now.x) !== at) return null;
        const log = store.model.get("curves")?.log_y === true;
        const px = layer.toX(at);
        if (!isInside(layer, px)) return null;
        return [px, layer.toY(reachable(heightAt(now.x, now.total(), at), inView(), log))];
      },
      drag() {
        const from = layer.toX(store.value(slot));
        return (dx) => move(layer.fromX(from + dx));
      },
      step(steps) {
        const span = Math.abs((x().at(-1) ?? 0) - (x()[0] ?? 0));
        move(store.value(slot) + (steps * span) / 1000);
      },
      released,
      focused: () => picker.choose(component.id),
    },
    signal,
  );
}

/** The handles of a component's height and width. */
function knobsOf(
  { store, lines, released }: Parts,
  layer: Layer,
  component: ComponentRecord,
  signal: AbortSignal,
): Hand[] {
  const { position, height, width, reach } = component;
  if (position === null) return [];
  const none = new Float64Array();
  const at = () => store.value(position);
  const x = () => lines()?.x ?? none;
  const own = () => heightAt(x(), lines()?.of(component.id) ?? none, at());
  const top = () => heightAt(x(), lines()?.total() ?? none, at());
  const isFree = (slot: number) =>
    (store.model.get("linked")[slot] ?? null) === null &&
    store.model.get("curves")?.still.includes(slot) !== true;
  const move = (slot: number, value: number) => {
    if (!Number.isFinite(value)) return;
    const low = store.model.get("bmin")[slot] ?? Number.NEGATIVE_INFINITY;
    const high = store.model.get("bmax")[slot] ?? Number.POSITIVE_INFINITY;
    void store.setValue(slot, Math.min(high, Math.max(low, value)));
  };
  const knobs: Hand[] = [];
  if (height !== null) {
    const acts = {
      where: (): readonly [number, number] | null =>
        isFree(height) && isInside(layer, layer.toX(at()))
          ? [layer.toX(at()), Math.min(layer.height, Math.max(9, layer.toY(top()) - ABOVE))]
          : null,
      drag: () => {
        const [value, h0, y0] = [store.value(height), own(), layer.toY(top())];
        return (_dx: number, dy: number) => {
          const rise = layer.fromY(y0 + dy) - layer.fromY(y0);
          if (h0 !== 0) move(height, (value * (h0 + rise)) / h0);
        };
      },
      step: (steps: number) => {
        const value = store.value(height);
        move(height, value + Math.abs(value) * (1.01 ** steps - 1));
      },
      released,
    };
    const what = { store, component, slot: height, what: "height", path: DIAMOND };
    knobs.push(makeHand(what, layer, acts, signal));
  }
  if (width === null) return knobs;
  for (const side of [-1, 1] as const) {
    const acts = {
      where: (): readonly [number, number] | null => {
        const middle = layer.toX(at());
        const away = side * (layer.toX(at() + side * reach * store.value(width)) - middle);
        // Those of a narrow line lie beside it, where each can be taken.
        const px = middle + side * Math.max(APART, away);
        const py = Math.min(layer.height - 8, Math.max(8, layer.toY(top() - own() / 2)));
        return isFree(width) && isInside(layer, px) ? [px, py] : null;
      },
      drag: () => {
        const [x0, value] = [layer.toX(at()), store.value(width)];
        const from = layer.toX(at() + side * reach * value);
        return (dx: number) => {
          const away = side * (layer.fromX(from + dx) - layer.fromX(x0));
          move(width, Math.max(away / reach, Math.abs(value) / 1e3));
        };
      },
      step: (steps: number) => move(width, store.value(width) * 1.01 ** (side * steps)),
      released,
    };
    const what = side < 0 ? "width, left" : "width";
    const path = side < 0 ? LEFT : RIGHT;
    knobs.push(makeHand({ store, component, slot: width, what, path }, layer, acts, signal));
  }
  return knobs;
}

/** Whether it lies over the plot; zoomed away from it, a handle would lie beside. */
const isInside = ({ width }: Layer, px: number) => px >= -1 && px <= width + 1;

/** A height moved into view: a line may leave the plot, its handle may not. */
function reachable(height: number, [low, high]: readonly [number, number], log: boolean): number {
  if (log && low > 0) {
    const part = (high / low) ** 0.04;
    return Math.min(high / part, Math.max(low * part, height));
  }
  const margin = Number.isFinite(high - low) ? 0.04 * (high - low) : 0;
  return Math.min(high - margin, Math.max(low + margin, height));
}

function giveFocusBack(store: Store, { hands }: Layer): void {
  const label = focused.get(store);
  if (label === undefined) return;
  const el = hands.querySelector<HTMLElement>(`[aria-label=${CSS.escape(label)}]`);
  if (el === null) return;
  focused.delete(store);
  if (document.activeElement === document.body) el.focus({ preventScroll: true });
}
