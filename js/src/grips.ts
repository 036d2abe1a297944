/** Handles of the chosen component's height and width, beside the one of its position. */
import { heightAt } from "./curves";
import { ownKeys } from "./dom";
import { show, stepsOf } from "./numbers";
import { type Layer, type Overlay, shape } from "./overlay";
import type { Picker } from "./picker";
import type { ComponentRecord } from "./schema.gen";
import type { Store } from "./state";

/** Pixels from the line to the handle of the height. */
const ABOVE = 26;

/** What the plot knows of the lines now. */
export type Lines = {
  x: Float64Array;
  total(): Float64Array;
  /** The line of one component. */
  of(id: string): Float64Array | null;
  /** Called when a person lets go. */
  released(): void;
};

type Grip = { el: SVGGElement; place(): void };

/** Draw the handles of whichever component is chosen. */
export function makeGrips(
  store: Store,
  overlay: Overlay,
  picker: Picker,
  lines: Lines,
  signal: AbortSignal,
): void {
  const drawn = new Map<SVGSVGElement, { id: string; grips: Grip[] }>();
  const paint = (layer: Layer) => {
    const id = picker.chosen();
    const place = store.model.get("spec").components.findIndex((one) => one.id === id);
    const component = store.model.get("spec").components[place];
    const before = drawn.get(layer.svg);
    if (component === undefined || store.model.get("active")[place] !== true) {
      for (const { el } of before?.grips ?? []) el.remove();
      drawn.delete(layer.svg);
      return;
    }
    if (before?.id !== component.id) {
      for (const { el } of before?.grips ?? []) el.remove();
      const grips = gripsOf(store, component, lines, layer, signal);
      layer.svg.append(...grips.map(({ el }) => el));
      drawn.set(layer.svg, { id: component.id, grips });
    }
    for (const grip of drawn.get(layer.svg)?.grips ?? []) grip.place();
  };
  overlay.onPaint(paint);
  picker.watch(() => overlay.refresh(), signal);
  store.watchValues(() => overlay.refresh(), signal);
}

function gripsOf(
  store: Store,
  component: ComponentRecord,
  lines: Lines,
  layer: Layer,
  signal: AbortSignal,
): Grip[] {
  const { position, height, width, reach } = component;
  if (position === null) return [];
  const grips: Grip[] = [];
  const at = () => store.value(position);
  const own = () => heightAt(lines.x, lines.of(component.id) ?? new Float64Array(), at());
  const top = () => heightAt(lines.x, lines.total(), at());
  const free = (slot: number) => (store.model.get("linked")[slot] ?? null) === null;
  const move = (slot: number, value: number) => {
    if (!Number.isFinite(value)) return;
    const low = store.model.get("bmin")[slot] ?? Number.NEGATIVE_INFINITY;
    const high = store.model.get("bmax")[slot] ?? Number.POSITIVE_INFINITY;
    void store.setValue(slot, Math.min(high, Math.max(low, value)));
  };
  if (height !== null && free(height)) {
    grips.push(
      makeGrip(
        { store, component, slot: height, what: "height", path: "M0,-7L5,0L0,7L-5,0Z" },
        {
          where: () => [layer.toX(at()), Math.max(9, layer.toY(top()) - ABOVE)],
          drag: () => {
            const [value, h0, y0] = [store.value(height), own(), layer.toY(top())];
            return (_dx, dy) => {
              const rise = layer.fromY(y0 + dy) - layer.fromY(y0);
              if (h0 !== 0) move(height, (value * (h0 + rise)) / h0);
            };
          },
          step: (steps) => move(height, store.value(height) * 1.01 ** steps),
          released: lines.released,
        },
        signal,
      ),
    );
  }
  if (width !== null && free(width)) {
    for (const side of [-1, 1] as const) {
      const path = side < 0 ? "M-6,0L4,-6L4,6Z" : "M6,0L-4,-6L-4,6Z";
      grips.push(
        makeGrip(
          { store, component, slot: width, what: side < 0 ? "width, left" : "width", path },
          {
            where: () => [
              layer.toX(at() + side * reach * store.value(width)),
              Math.min(layer.height - 8, Math.max(8, layer.toY(top() - own() / 2))),
            ],
            drag: () => {
              const [x0, value] = [layer.toX(at()), store.value(width)];
              const from = layer.toX(at() + side * reach * value);
              return (dx) => {
                const away = side * (layer.fromX(from + dx) - layer.fromX(x0));
                move(width, Math.max(away / reach, Math.abs(value) / 1e3));
              };
            },
            step: (steps) => move(width, store.value(width) * 1.01 ** (side * steps)),
            released: lines.released,
          },
          signal,
        ),
      );
    }
  }
  return grips;
}

type What = { store: Store; component: ComponentRecord; slot: number; what: string; path: string };
type Hands = {
  where(): readonly [number, number];
  /** Taken; what is done with every move, by pixels from there. */
  drag(): (dx: number, dy: number) => void;
  step(steps: number): void;
  released(): void;
};

function makeGrip(
  { store, component, slot, what, path }: What,
  hands: Hands,
  signal: AbortSignal,
): Grip {
  const el = shape("g", {
    class: `hsj-knob hsj-knob-${what.split(",")[0]}`,
    tabindex: 0,
    role: "slider",
    "aria-label": `${component.name} ${what}`,
  });
  const body = shape("path", { d: path, fill: component.colour });
  const title = shape("title");
  title.textContent = `${component.name} ${what.split(",")[0]}`;
  // A larger place to hit than to see.
  el.append(shape("circle", { r: 11, fill: "transparent" }), body, title);
  ownKeys(el);
  el.addEventListener(
    "pointerdown",
    (down) => {
      if (down.button !== 0) return;
      down.preventDefault();
      down.stopPropagation();
      el.focus();
      const go = hands.drag();
      const ended = new AbortController();
      const until = AbortSignal.any([ended.signal, signal]);
      const follow = (event: PointerEvent) => {
        if (event.pointerId === down.pointerId)
          go(event.clientX - down.clientX, event.clientY - down.clientY);
      };
      const letGo = (event: PointerEvent) => {
        if (event.pointerId !== down.pointerId) return;
        ended.abort();
        hands.released();
      };
      window.addEventListener("pointermove", follow, { capture: true, signal: until });
      window.addEventListener("pointerup", letGo, { capture: true, signal: until });
      window.addEventListener("pointercancel", letGo, { capture: true, signal: until });
    },
    { signal },
  );
  el.addEventListener(
    "keydown",
    (event) => {
      const steps = ["Home", "End"].includes(event.key)
        ? null
        : stepsOf(event.key, event.shiftKey, event.altKey);
      if (steps === null) return;
      event.preventDefault();
      hands.step(steps);
    },
    { signal },
  );
  return {
    el,
    place() {
      const [x, y] = hands.where();
      const seen = Number.isFinite(x) && Number.isFinite(y);
      el.style.display = seen ? "" : "none";
      if (!seen) return;
      el.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
      el.setAttribute("aria-valuetext", show(store.value(slot)));
    },
  };
}
