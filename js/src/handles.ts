/** Handles: points that move a position with the mouse or the arrow keys. */
import type { Dot } from "./canvas";
import { clampTo, heightAt } from "./curves";
import { ownKeys } from "./dom";
import { beside, isMarkView, type Mark, type MarkView, movePoint, viewsOf } from "./marks";
import { show, stepsOf } from "./numbers";
import type { Picker } from "./picker";
import type { ComponentRecord } from "./schema.gen";
import type { Store } from "./state";

export type Handle = {
  /** Put it on the line of the model, or hide it where its position is off the axis. */
  place(total: Float64Array, fast: boolean): Promise<void>;
  /** Where it was put last; null while it is hidden. */
  dot(): Dot | null;
  /** Whether a person holds it. */
  held(): boolean;
};

export type Grip = {
  store: Store;
  component: ComponentRecord;
  slot: number;
  mark: Mark;
  x: Float64Array;
  /** The heights that are in view now. */
  inView: () => readonly [number, number];
  picker: Picker;
  /** Called when a person lets go. */
  released: () => void;
};

/** Couple a bqplot point to the slot of a position. */
export function makeHandle(grip: Grip, signal: AbortSignal): Handle {
  const { store, slot, mark, x, inView, released } = grip;
  let holding = false;
  let last = { at: Number.NaN, height: Number.NaN, visible: true, fast: false };

  const bounds = (value: number) =>
    clampTo(value, store.model.get("bmin")[slot] ?? null, store.model.get("bmax")[slot] ?? null, x);
  const move = (value: number) => void store.setValue(slot, bounds(value));

  const grab = (el: SVGElement, down: PointerEvent, view: MarkView) => {
    if (down.button !== 0) return;
    const from = store.value(slot);
    const ended = new AbortController();
    const until = AbortSignal.any([ended.signal, signal]);
    holding = true;
    // The page must not select text, and a figure that pans must not pan.
    down.preventDefault();
    down.stopPropagation();
    el.focus();
    window.addEventListener(
      "pointermove",
      (event) => {
        // By the way from where it was taken: its middle does not jump to the mouse.
        if (event.pointerId !== down.pointerId) return;
        move(beside(view, from, event.clientX - down.clientX));
      },
      { capture: true, signal: until },
    );
    const letGo = (event: PointerEvent) => {
      if (event.pointerId !== down.pointerId) return;
      ended.abort();
      holding = false;
      released();
    };
    window.addEventListener("pointerup", letGo, { capture: true, signal: until });
    window.addEventListener("pointercancel", letGo, { capture: true, signal: until });
  };
  void whenDrawn(mark, signal).then((views) => {
    for (const view of views) {
      const { el } = view;
      const { id, name } = grip.component;
      const take = (down: PointerEvent) => grab(el, down, view);
      const entry = { id, name, el, seen: () => last.visible, take };
      giveHands(el, grip, move, (down) => grip.picker.press(entry, down), signal);
      grip.picker.add(entry, signal);
    }
  });

  return {
    held: () => holding,
    dot: () => (last.visible ? { mark, at: last.at, height: last.height } : null),
    async place(total, fast) {
      const at = store.value(slot);
      const inside = clampTo(at, null, null, x) === at;
      const linked = store.model.get("linked")[slot] ?? null;
      const next = {
        at,
        height: reachable(heightAt(x, total, at), inView(), isLog(store)),
        visible: inside && linked === null && isActive(store, grip.component),
        fast,
      };
      const before = last;
      last = next;
      if (mark.get("visible") !== next.visible) mark.set_state({ visible: next.visible });
      const moved = before.at !== next.at || before.height !== next.height;
      // What was moved past bqplot, it is told when that is over.
      if (moved || (before.fast && !fast)) await movePoint(mark, at, next.height, fast);
    },
  };
}

const isLog = (store: Store) => store.model.get("curves")?.log_y === true;

/** A height moved into view: a line may leave the plot, its handle may not. */
function reachable(height: number, [low, high]: readonly [number, number], log: boolean): number {
  if (log && low > 0) {
    const part = (high / low) ** 0.04;
    return Math.min(high / part, Math.max(low * part, height));
  }
  const margin = Number.isFinite(high - low) ? 0.04 * (high - low) : 0;
  return Math.min(high - margin, Math.max(low + margin, height));
}

function isActive(store: Store, component: ComponentRecord): boolean {
  const place = store.model.get("spec").components.findIndex((one) => one.id === component.id);
  return store.model.get("active")[place] ?? false;
}

type Drawn = MarkView & { el: SVGElement };

async function drawnViews(mark: Mark): Promise<Drawn[]> {
  const views = await viewsOf(mark);
  return views.filter(
    (view): view is Drawn => isMarkView(view) && (view as Partial<Drawn>).el instanceof SVGElement,
  );
}

/** The views of a mark, as soon as its figure is on the page. */
async function whenDrawn(mark: Mark, signal: AbortSignal): Promise<Drawn[]> {
  let views = await drawnViews(mark);
  while (views.length === 0 && !signal.aborted) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    views = await drawnViews(mark);
  }
  return signal.aborted ? [] : views;
}

/** Let an element be moved by the mouse and by keys. */
function giveHands(
  el: SVGElement,
  { store, component, slot, x, picker }: Grip,
  move: (value: number) => void,
  grab: (down: PointerEvent) => void,
  signal: AbortSignal,
): void {
  // Another view of the same plot has it in hand.
  if (el.classList.contains("hsj-handle")) return;
  signal.addEventListener("abort", () => el.classList.remove("hsj-handle"), { once: true });
  ownKeys(el);
  el.setAttribute("tabindex", "0");
  el.setAttribute("role", "slider");
  el.setAttribute("aria-label", `${component.name} position`);
  el.classList.add("hsj-handle");
  const span = Math.abs((x[x.length - 1] ?? 0) - (x[0] ?? 0));
  el.addEventListener("pointerdown", grab, { signal });
  el.addEventListener("focus", () => picker.choose(component.id), { signal });
  el.addEventListener(
    "keydown",
    (event) => {
      const steps = event.key === "Home" || event.key === "End" ? null : keySteps(event);
      if (steps === null) return;
      event.preventDefault();
      move(store.value(slot) + (steps * span) / 1000);
    },
    { signal },
  );
  store.watchValues(() => el.setAttribute("aria-valuetext", show(store.value(slot))), signal);
}

function keySteps(event: KeyboardEvent): number | null {
  return stepsOf(event.key, event.shiftKey, event.altKey);
}
