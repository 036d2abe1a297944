/**
 * Which handle a person means. A press is measured, not met: whatever the page draws anew between
 * two frames, the handle nearest to the mouse is taken, and of several that lie upon each other the
 * one of the chosen component; a click takes the next below it.
 */
import type { Hand } from "./hand";
import type { Layer } from "./overlay";
import { followPress } from "./press";

/** What is pressed on; `svg` has a class while something else is drawn there. */
export type Pressed = Pick<Layer, "figure" | "svg" | "place">;

export type Picker = {
  /** Listen to the presses on a figure; `hands` are those drawn over it now. */
  listen(layer: Pressed, hands: () => readonly Hand[], signal: AbortSignal): void;
  /** The component whose other handles are shown; null for none. */
  chosen(): string | null;
  choose(id: string | null): void;
  watch(call: () => void, signal: AbortSignal): void;
};

/** Pixels from its middle within which a handle is met. */
export const REACH = 14;
/** Handles whose middles are so many pixels apart, seen from the mouse, are not told apart by it. */
const ALIKE = 6;
/** Pixels that a press may move and still be a click. */
const STILL = 3;

/** The handles that a press at a place may mean, the nearest first. */
export function meantAt(
  hands: readonly Hand[],
  [x, y]: readonly [number, number],
): readonly Hand[] {
  const near = hands
    .map((hand) => {
      const at = hand.at();
      return {
        hand,
        far: at === null ? Number.POSITIVE_INFINITY : Math.hypot(at[0] - x, at[1] - y),
      };
    })
    .filter(({ far }) => far <= REACH)
    .sort((a, b) => a.far - b.far);
  const closest = near[0]?.far ?? 0;
  return near.filter(({ far }) => far <= closest + ALIKE).map(({ hand }) => hand);
}

/** A picker with `chosen` to begin with; `say` tells a person that there are several. */
export function makePicker(say: (text: string) => void, chosen: string | null = null): Picker {
  const calls = new Set<() => void>();
  const choose = (id: string | null) => {
    if (chosen === id) return;
    chosen = id;
    for (const call of [...calls]) call();
  };
  const press = (here: readonly Hand[], down: PointerEvent, signal: AbortSignal) => {
    const was = chosen;
    const meant = here.find(({ id }) => id === was) ?? here[0];
    if (meant === undefined) return;
    // The page must not select text, and a figure that pans must not pan.
    down.preventDefault();
    down.stopImmediatePropagation();
    choose(meant.id);
    meant.take(down);
    const end = (up: PointerEvent, clicked: boolean) => {
      const names = [...new Set(here.map(({ id }) => id))];
      if (names.length < 2) return say("");
      // Always in one order, so that clicks go through all of them.
      names.sort();
      const still = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) <= STILL;
      let now = meant;
      if (clicked && still && meant.id === was) {
        const next = names[(names.indexOf(meant.id) + 1) % names.length];
        now = here.find(({ id }) => id === next) ?? meant;
        now.el.focus({ preventScroll: true });
        choose(now.id);
      }
      say(`${names.length} handles lie here; ${now.name} is chosen, click again for the next`);
    };
    followPress(down, { end }, signal);
  };
  return {
    listen(layer, hands, signal) {
      layer.figure.addEventListener(
        "pointerdown",
        (down) => {
          // While a peak or a span is to be drawn, handles are out of the way.
          if (down.button !== 0 || layer.svg.classList.contains("hsj-armed")) return;
          press(meantAt(hands(), layer.place(down)), down, signal);
        },
        { capture: true, signal },
      );
    },
    chosen: () => chosen,
    choose,
    watch(call, signal) {
      calls.add(call);
      signal.addEventListener("abort", () => calls.delete(call), { once: true });
    },
  };
}
