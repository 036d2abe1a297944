/** Handles: points that move a position with the mouse or the arrow keys. */
import { clampTo, heightAt } from "./curves";
import { ownKeys } from "./dom";
import { type Mark, movePoint, viewsOf } from "./marks";
import { show, stepsOf } from "./numbers";
import type { ComponentRecord } from "./schema.gen";
import type { Store } from "./state";

export type Handle = {
  /** Put it on the line of the model, or hide it where its position is off the axis. */
  place(total: Float64Array, fast: boolean): Promise<void>;
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
  /** Called when a person lets go. */
  released: () => void;
};

/** Couple a bqplot point to the slot of a position. */
export function makeHandle(grip: Grip, signal: AbortSignal): Handle {
  const { store, slot, mark, x, inView, released } = grip;
  let holding = false;
  let placing = false;
  let last = { at: Number.NaN, height: Number.NaN, visible: true, fast: false };

  const bounds = (value: number) =>
    clampTo(value, store.model.get("bmin")[slot] ?? null, store.model.get("bmax")[slot] ?? null, x);
  const move = (value: number) => void store.setValue(slot, bounds(value));

  const onMove = () => {
    // bqplot also hears of it from the kernel's copy of the mark: that is not a person.
    if (placing || !holding) return;
    const [value] = mark.get("x") as Float64Array;
    if (value !== undefined && Number.isFinite(value)) move(value);
  };
  mark.on("change:x", onMove);
  signal.addEventListener("abort", () => mark.off("change:x", onMove), { once: true });

  // On the window, since bqplot makes the element when its figure is drawn, be it before or later.
  window.addEventListener(
    "pointerdown",
    async ({ target }) => {
      const els = await elementsOf(mark);
      if (els.some((el) => target instanceof Node && el.contains(target))) holding = true;
    },
    { capture: true, signal },
  );
  void whenDrawn(mark, signal).then((els) => {
    for (const el of els) giveKeys(el, grip, move, signal);
  });
  const letGo = () => {
    if (!holding) return;
    // After bqplot's own end of the drag, which sets the place once more.
    setTimeout(() => {
      holding = false;
      released();
    });
  };
  window.addEventListener("pointerup", letGo, { capture: true, signal });
  window.addEventListener("pointercancel", letGo, { capture: true, signal });

  return {
    held: () => holding,
    async place(total, fast) {
      const at = store.value(slot);
      const inside = clampTo(at, null, null, x) === at;
      const linked = store.model.get("linked")[slot] ?? null;
      const next = {
        at,
        height: reachable(heightAt(x, total, at), inView()),
        visible: inside && linked === null && isActive(store, grip.component),
        fast,
      };
      const before = last;
      last = next;
      placing = true;
      if (mark.get("visible") !== next.visible) mark.set_state({ visible: next.visible });
      const moved = before.at !== next.at || before.height !== next.height;
      // What was moved past bqplot, it is told when that is over.
      if (moved || (before.fast && !fast)) await movePoint(mark, at, next.height, fast);
      placing = false;
    },
  };
}

/** A height moved into view: a line may leave the plot, its handle may not. */
function reachable(height: number, [low, high]: readonly [number, number]): number {
  const margin = Number.isFinite(high - low) ? 0.04 * (high - low) : 0;
  return Math.min(high - margin, Math.max(low + margin, height));
}

function isActive(store: Store, component: ComponentRecord): boolean {
  const place = store.model.get("spec").components.findIndex((one) => one.id === component.id);
  return store.model.get("active")[place] ?? false;
}

async function elementsOf(mark: Mark): Promise<SVGElement[]> {
  const els = (await viewsOf(mark)).map((view) => (view as { el?: unknown } | null)?.el);
  return els.filter((el) => el instanceof SVGElement);
}

/** The elements of a mark, as soon as its figure is on the page. */
async function whenDrawn(mark: Mark, signal: AbortSignal): Promise<SVGElement[]> {
  let els = await elementsOf(mark);
  while (els.length === 0 && !signal.aborted) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    els = await elementsOf(mark);
  }
  return signal.aborted ? [] : els;
}

function giveKeys(
  el: SVGElement,
  { store, component, slot, x }: Grip,
  move: (value: number) => void,
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
