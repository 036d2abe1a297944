/** Which handle a person means where several lie upon each other, and which component is chosen. */

/** A handle on the page. */
export type Entry = {
  id: string;
  name: string;
  el: SVGElement;
  /** Whether it can be seen. */
  seen(): boolean;
  take(down: PointerEvent): void;
};

export type Picker = {
  add(entry: Entry, signal: AbortSignal): void;
  /** Press the handle that is meant: the chosen one, where it is among those under the mouse. */
  press(entry: Entry, down: PointerEvent): void;
  /** The component whose other handles are shown; null for none. */
  chosen(): string | null;
  choose(id: string | null): void;
  watch(call: () => void, signal: AbortSignal): void;
};

/** Pixels between middles within which handles lie upon each other. */
const NEAR = 13;
/** Pixels that a press may move and still be a click. */
const STILL = 3;

/** A picker; `say` tells a person that there are several. */
export function makePicker(say: (text: string) => void): Picker {
  const entries = new Set<Entry>();
  const calls = new Set<() => void>();
  let chosen: string | null = null;
  const choose = (id: string | null) => {
    if (chosen === id) return;
    chosen = id;
    for (const call of [...calls]) call();
  };
  const near = (at: MouseEvent) =>
    [...entries].filter((entry) => {
      const box = (entry.el.querySelector(".dot") ?? entry.el).getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      return entry.seen() && Math.hypot(x - at.clientX, y - at.clientY) <= NEAR;
    });
  const raise = ({ el }: Entry) => {
    const focused = document.activeElement === el;
    el.parentNode?.append(el);
    if (focused) el.focus();
  };
  return {
    add(entry, signal) {
      entries.add(entry);
      signal.addEventListener("abort", () => entries.delete(entry), { once: true });
    },
    press(entry, down) {
      const here = near(down);
      const meant = here.find(({ id }) => id === chosen) ?? entry;
      const ended = new AbortController();
      window.addEventListener(
        "pointerup",
        (up) => {
          if (up.pointerId !== down.pointerId) return;
          ended.abort();
          const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) > STILL;
          const place = here.indexOf(meant);
          // A click on the one that is chosen chooses the next below it.
          const again = !moved && here.length > 1 && meant.id === chosen;
          const next = again ? (here[(place + 1) % here.length] ?? meant) : meant;
          choose(next.id);
          raise(next);
          if (again) next.el.focus();
          say(
            here.length > 1
              ? `${here.length} handles lie here; ${next.name} is chosen, click again for the next`
              : "",
          );
        },
        { capture: true, signal: ended.signal },
      );
      meant.take(down);
    },
    chosen: () => chosen,
    choose,
    watch(call, signal) {
      calls.add(call);
      signal.addEventListener("abort", () => calls.delete(call), { once: true });
    },
  };
}
