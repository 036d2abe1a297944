/** One handle over a plot: an element that stays and is moved, by the mouse and by the keys. */
import { make, ownKeys } from "./dom";
import { show, stepsOf } from "./numbers";
import { type Layer, shape } from "./overlay";
import type { ComponentRecord } from "./schema.gen";
import type { Store } from "./state";

export type Hand = {
  el: HTMLElement;
  /** Of the component that it moves. */
  id: string;
  name: string;
  /** Its middle, in pixels of the plot area; null while it cannot be seen. */
  at(): readonly [number, number] | null;
  /** Follow the mouse from this press on, until it is let go. */
  take(down: PointerEvent): void;
  held(): boolean;
  /** Put it where it belongs now. */
  place(): void;
};

export type What = {
  store: Store;
  component: ComponentRecord;
  slot: number;
  /** `position`, `height`, `width` or `width, left`. */
  what: string;
  /** Its outline about its middle. */
  path: string;
  /** Written beside it; nothing where empty. */
  label?: string;
};

export type Acts = {
  /** Where it belongs, in pixels of the plot area; null to hide it. */
  where(): readonly [number, number] | null;
  /** It was taken: what is done with every move, by pixels from there. */
  drag(): (dx: number, dy: number) => void;
  step(steps: number): void;
  /** A person let go. */
  released(): void;
  focused?(): void;
};

/** Half of the side of a handle: a larger place to hit than to see. */
const HALF = 13;

/** A handle drawn over a layer. */
export function makeHand(
  { store, component, slot, what, path, label = "" }: What,
  layer: Layer,
  acts: Acts,
  signal: AbortSignal,
): Hand {
  const [kind = what] = what.split(",");
  const el = make(
    "div",
    { className: `hsj-hand hsj-hand-${kind}`, tabIndex: 0, title: `${component.name} ${kind}` },
    {
      role: "slider",
      "aria-label": `${component.name} ${what}`,
      "aria-orientation": kind === "height" ? "vertical" : "horizontal",
    },
  );
  const side = 2 * HALF;
  const drawn = shape("svg", { width: side, height: side, "aria-hidden": "true" });
  drawn.setAttribute("viewBox", `${-HALF} ${-HALF} ${side} ${side}`);
  drawn.append(shape("path", { d: path, fill: component.colour }));
  el.append(drawn);
  if (label !== "") el.append(make("span", { className: "hsj-hand-name" }, {}, label));
  ownKeys(el);
  let at: readonly [number, number] | null = null;
  let holding = false;

  el.addEventListener("focus", () => acts.focused?.(), { signal });
  el.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Home" || event.key === "End") return;
      const steps = stepsOf(event.key, event.shiftKey, event.altKey);
      if (steps === null) return;
      event.preventDefault();
      acts.step(steps);
    },
    { signal },
  );
  el.addEventListener("wheel", (event) => passWheel(layer, el, event), { signal, passive: false });

  return {
    el,
    id: component.id,
    name: component.name,
    at: () => at,
    held: () => holding,
    take(down) {
      // A press that is not over yet ends with the next one.
      const ended = new AbortController();
      const until = { capture: true, signal: AbortSignal.any([ended.signal, signal]) };
      const go = acts.drag();
      holding = true;
      el.classList.add("hsj-held");
      el.focus({ preventScroll: true });
      const letGo = (event: PointerEvent) => {
        if (event.pointerId !== down.pointerId) return;
        ended.abort();
        holding = false;
        el.classList.remove("hsj-held");
        acts.released();
      };
      window.addEventListener(
        "pointermove",
        (event) => {
          // By the way from where it was taken: its middle does not jump to the mouse.
          if (event.pointerId === down.pointerId)
            go(event.clientX - down.clientX, event.clientY - down.clientY);
        },
        until,
      );
      window.addEventListener("pointerup", letGo, until);
      window.addEventListener("pointercancel", letGo, until);
    },
    place() {
      const where = acts.where();
      at = where?.every(Number.isFinite) ? where : null;
      if (el.hidden !== (at === null)) el.hidden = at === null;
      if (at === null) return;
      el.style.transform = `translate(${at[0].toFixed(1)}px,${at[1].toFixed(1)}px)`;
      const value = store.value(slot);
      el.setAttribute("aria-valuenow", String(value));
      el.setAttribute("aria-valuetext", `${show(value)} ${unitsOf(component, slot)}`.trim());
    },
  };
}

function unitsOf(component: ComponentRecord, slot: number): string {
  return component.parameters.find(({ slots }) => slots.includes(slot))?.units ?? "";
}

/** A handle must not keep the wheel from the figure below it, which zooms. */
function passWheel({ figure }: Layer, el: HTMLElement, event: WheelEvent): void {
  const below = document
    .elementsFromPoint(event.clientX, event.clientY)
    .find((one) => figure.contains(one) && !el.contains(one) && one.closest(".hsj-hand") === null);
  if (below?.dispatchEvent(new WheelEvent("wheel", event)) === false) event.preventDefault();
}
