/** A handle on an image: it moves a position in both directions, by the mouse or the arrow keys. */
import { clampTo } from "../curves";
import { make, ownKeys } from "../dom";
import { show } from "../numbers";
import { placeOf, valueAt, type Window } from "../raster";
import type { ComponentRecord } from "../schema.gen";
import type { Store } from "../state";

export type Grip = {
  store: Store;
  component: ComponentRecord;
  /** Of the positions along x and y. */
  slots: readonly [number, number];
  axes: readonly [Float64Array, Float64Array];
  /** The part of the image that is shown. */
  window: () => Window;
  /** Written beside it; nothing where empty. */
  label: string;
};

const KEYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A handle over a plane; one of several may be reached by the keyboard. */
export function gripView(
  { store, component, slots, axes, window: part, label }: Grip,
  plane: HTMLElement,
  first: boolean,
  signal: AbortSignal,
): { place(part: Window): void } {
  const { model } = store;
  const el = make(
    "div",
    { className: "hsj-spot", tabIndex: first ? 0 : -1, title: `${component.name}: drag it` },
    {
      role: "slider",
      "aria-label": `${component.name} position`,
      ...(first ? { "data-hsj-focus": `spot ${component.id}` } : {}),
    },
  );
  el.style.setProperty("--hsj-colour", component.colour);
  if (label !== "") el.append(make("span", { className: "hsj-spot-name" }, {}, label));
  ownKeys(el);
  plane.append(el);
  signal.addEventListener("abort", () => el.remove());

  const values = () => [store.value(slots[0]), store.value(slots[1])] as const;
  const move = (a: 0 | 1, value: number) => {
    const slot = slots[a];
    // What follows another number is moved by that.
    if ((model.get("linked")[slot] ?? null) !== null) return;
    const bmin = model.get("bmin")[slot] ?? null;
    const bmax = model.get("bmax")[slot] ?? null;
    const to = clampTo(value, bmin, bmax, axes[a]);
    if (to !== store.value(slot)) void store.setValue(slot, to);
  };
  /** By pixels of the image from where it was. */
  const shift = (from: readonly [number, number], dx: number, dy: number) => {
    if (dx !== 0) move(0, valueAt(axes[0], placeOf(axes[0], from[0]) + dx));
    if (dy !== 0) move(1, valueAt(axes[1], placeOf(axes[1], from[1]) + dy));
  };

  el.addEventListener(
    "pointerdown",
    (down) => {
      if (down.button !== 0) return;
      const from = values();
      const box = plane.getBoundingClientRect();
      const ended = new AbortController();
      const until = AbortSignal.any([ended.signal, signal]);
      // The page must not select text, and an image that pans must not pan.
      down.preventDefault();
      down.stopPropagation();
      el.focus();
      window.addEventListener(
        "pointermove",
        (event) => {
          if (event.pointerId !== down.pointerId) return;
          const { x0, x1, y0, y1 } = part();
          const dx = ((event.clientX - down.clientX) / box.width) * (x1 - x0);
          const dy = ((event.clientY - down.clientY) / box.height) * (y1 - y0);
          shift(from, dx, dy);
        },
        { capture: true, signal: until },
      );
      for (const end of ["pointerup", "pointercancel"]) {
        window.addEventListener(end, () => ended.abort(), { capture: true, signal: until });
      }
    },
    { signal },
  );
  el.addEventListener(
    "keydown",
    (event) => {
      const step = KEYS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const many = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      shift(values(), (many * step[0]) / 2, (many * step[1]) / 2);
    },
    { signal },
  );

  return {
    place({ x0, x1, y0, y1 }) {
      const [x, y] = values();
      const left = (placeOf(axes[0], x) + 0.5 - x0) / (x1 - x0);
      const top = (placeOf(axes[1], y) + 0.5 - y0) / (y1 - y0);
      const inView = left >= 0 && left <= 1 && top >= 0 && top <= 1;
      const c = model.get("spec").components.findIndex((one) => one.id === component.id);
      const tied = slots.every((slot) => (model.get("linked")[slot] ?? null) !== null);
      el.hidden = !inView || tied || model.get("active")[c] !== true;
      el.style.left = `${100 * left}%`;
      el.style.top = `${100 * top}%`;
      el.setAttribute("aria-valuetext", `x ${show(x, 5)}, y ${show(y, 5)}`);
    },
  };
}
