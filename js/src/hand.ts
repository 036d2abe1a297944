/** One handle over a plot: an element that stays and is moved, by the mouse and by the keys. */
import { make, ownKeys } from "./dom";
import { chooseScale, show, stepsOf } from "./numbers";
import { type Layer, shape } from "./overlay";
import { followPress } from "./press";
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
  /** `position`, `height`, `width`, `width, left`, `rotation`. */
  what: string;
  /** Its outline about its middle. */
  path: string;
  /** What is drawn upon it. */
  sign?: string;
  /** Written beside it; nothing where empty. */
  label?: string;
  /** What it is for, where its name does not say so. */
  title?: string;
};

export type Acts = {
  /** Where it belongs, in pixels of the plot area; null to hide it. */
  where(): readonly [number, number] | null;
  /** It was taken: what is done with every move, by pixels from there. */
  drag(): (dx: number, dy: number) => void;
  /** By so many steps, of this key. */
  step(steps: number, key: string): void;
  /** A person let go. */
  released(): void;
  focused?(): void;
  /** What it stands at, where that is more than the number of its slot. */
  words?(): string;
};

/** The outline of the handle of a position. */
export const DOT = "M7.4,0A7.4,7.4 0 1 1 -7.4,0A7.4,7.4 0 1 1 7.4,0Z";

/** Half of the side of a handle: a larger place to hit than to see. */
export const HALF = 13;

/** A handle; one that lies over a figure of bqplot has its layer, to which the wheel is passed. */
export function makeHand(
  { store, component, slot, what, path, sign = "", label = "", title = "" }: What,
  layer: Layer | null,
  acts: Acts,
  signal: AbortSignal,
): Hand {
  const [kind = what] = what.split(",");
  const hint = component.parameters.find(({ slots }) => slots.includes(slot))?.hint ?? null;
  const el = make(
    "div",
    {
      className: `hsj-hand hsj-hand-${kind}`,
      tabIndex: 0,
      title: title || `${component.name} ${kind}`,
    },
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
  if (sign !== "") drawn.append(shape("path", { d: sign, class: "hsj-sign" }));
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
      acts.step(steps, event.key);
    },
    { signal },
  );
  if (layer !== null) {
    const pass = (event: WheelEvent) => passWheel(layer, el, event);
    el.addEventListener("wheel", pass, { signal, passive: false });
  }

  return {
    el,
    id: component.id,
    name: component.name,
    at: () => at,
    held: () => holding,
    take(down) {
      const go = acts.drag();
      holding = true;
      el.classList.add("hsj-held");
      el.focus({ preventScroll: true });
      followPress(
        down,
        {
          // By the way from where it was taken: its middle does not jump to the mouse.
          move: (event) => go(event.clientX - down.clientX, event.clientY - down.clientY),
          end: () => {
            holding = false;
            el.classList.remove("hsj-held");
            acts.released();
          },
        },
        signal,
      );
    },
    place() {
      const where = acts.where();
      at = where?.every(Number.isFinite) ? where : null;
      if (el.hidden !== (at === null)) el.hidden = at === null;
      if (at === null) return;
      el.style.transform = `translate(${at[0].toFixed(1)}px,${at[1].toFixed(1)}px)`;
      const value = store.value(slot);
      const bound = (which: "bmin" | "bmax") => store.model.get(which)[slot] ?? null;
      const { low, high } = chooseScale({ value, bmin: bound("bmin"), bmax: bound("bmax"), hint });
      el.setAttribute("aria-valuemin", String(low));
      el.setAttribute("aria-valuemax", String(high));
      el.setAttribute("aria-valuenow", String(value));
      el.setAttribute("aria-valuetext", acts.words?.() ?? inUnits(component, slot, value));
    },
  };
}

/** The number of a slot with its units. */
export function inUnits(component: ComponentRecord, slot: number, value: number): string {
  const units = component.parameters.find(({ slots }) => slots.includes(slot))?.units ?? "";
  return `${show(value)} ${units}`.trim();
}

/** A handle must not keep the wheel from the figure below it, which zooms. */
function passWheel({ figure }: Layer, el: HTMLElement, event: WheelEvent): void {
  const below = document
    .elementsFromPoint(event.clientX, event.clientY)
    .find((one) => figure.contains(one) && !el.contains(one) && one.closest(".hsj-hand") === null);
  if (below?.dispatchEvent(new WheelEvent("wheel", event)) === false) event.preventDefault();
}
