/** A component on an image: where it is seen, how it lies, and what moves it. */
import { clampTo } from "./curves";
import type { Axes } from "./ground";
import type { ComponentRecord, SpotRecord } from "./schema.gen";
import type { Store } from "./state";
import { axesAt, type Point, turn, turnBack } from "./turned";

export type Spot = {
  store: Store;
  component: ComponentRecord;
  record: SpotRecord;
  /** Whether it is drawn at all. */
  active(): boolean;
  /** Whether its number is its own, and follows no other. */
  loose(slot: number): boolean;
  centre(): Point;
  /** What it is turned about. */
  pivot(): Point;
  angle(): number;
  /** The directions of its own axes. */
  axes(): readonly [Point, Point];
  /** Move the middle there; along an axis on which it did not move it stays as it is. */
  moveTo(seen: Point, moved: readonly [boolean, boolean]): void;
  /** Set a number, within its bounds. */
  set(slot: number, value: number): void;
};

/** The spot of a component. */
export function makeSpot(
  store: Store,
  component: ComponentRecord,
  record: SpotRecord,
  axes: Axes,
): Spot {
  const { model } = store;
  const [slotX = 0, slotY = 0] = record.position;
  const own = (): Point => [store.value(slotX), store.value(slotY)];
  const angle = () => (record.angle === null ? 0 : store.value(record.angle));
  const [pivotX, pivotY] = record.pivot;
  const about = (): Point | null => {
    if (pivotX === undefined || pivotY === undefined) return null;
    const at = ({ slot, value }: typeof pivotX) => (slot === null ? value : store.value(slot));
    return [at(pivotX), at(pivotY)];
  };
  const loose = (slot: number) => (model.get("linked")[slot] ?? null) === null;
  const write = (slot: number, value: number, axis: Float64Array) => {
    if (!loose(slot) || !Number.isFinite(value)) return;
    const [low, high] = [model.get("bmin")[slot] ?? null, model.get("bmax")[slot] ?? null];
    const to = clampTo(value, low, high, axis);
    if (to !== store.value(slot)) void store.setValue(slot, to);
  };
  const anywhere = Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return {
    store,
    component,
    record,
    active() {
      const c = model.get("spec").components.findIndex(({ id }) => id === component.id);
      return model.get("active")[c] === true;
    },
    loose,
    centre() {
      const pivot = about();
      return pivot === null ? own() : turn(own(), pivot, angle());
    },
    pivot: () => about() ?? own(),
    angle,
    axes: () => axesAt(angle()),
    moveTo(seen, moved) {
      const pivot = about();
      if (pivot === null) {
        if (moved[0]) write(slotX, seen[0], axes[0]);
        if (moved[1]) write(slotY, seen[1], axes[1]);
        return;
      }
      // What is turned about elsewhere may have numbers off the axes and be in the image.
      const [x, y] = turnBack(seen, pivot, angle());
      write(slotX, x, anywhere);
      write(slotY, y, anywhere);
    },
    set: (slot, value) => write(slot, value, anywhere),
  };
}
