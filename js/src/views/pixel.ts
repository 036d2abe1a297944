/** Where on the map one is: an index and its calibrated value for every navigation axis. */
import { make, setText } from "../dom";
import { show } from "../numbers";
import type { AxisRecord } from "../schema.gen";
import type { Store } from "../state";
import { makeNumberField } from "./field";

/** The calibrated position of an index. */
export function positionOf(axis: AxisRecord, index: number): number {
  return axis.positions?.[index] ?? axis.offset + axis.scale * index;
}

/** The pixel one looks at, as every control of a view shows and moves it. */
export type Pixel = {
  axes: readonly AxisRecord[];
  /** Its indices; those on their way to the kernel, where there are any. */
  here(): number[];
  /** Go there; an index beyond an end goes to the end. */
  go(indices: readonly number[]): Promise<void>;
  /** Call `draw` when it may be another. */
  watch(draw: () => void): void;
};

/** The pixel of a view; what the kernel refuses is said. */
export function makePixel(store: Store, say: (text: string) => void, signal: AbortSignal): Pixel {
  const axes = store.model.get("spec").navigation;
  let coming: readonly number[] | null = null;
  const draws: (() => void)[] = [];
  const redraw = () => draws.forEach((draw) => void draw());
  store.watch(["pixel"], redraw, signal);
  const here = () => axes.map((_, a) => coming?.[a] ?? store.model.get("pixel")[a] ?? 0);
  return {
    axes,
    here,
    watch: (draw) => void draws.push(draw),
    async go(indices) {
      const inside = axes.map(({ size }, a) =>
        Math.min(size - 1, Math.max(0, Math.round(indices[a] ?? 0))),
      );
      const now = here();
      // Where one is already nobody need be asked: a drag within a pixel is many events.
      if (inside.every((index, a) => index === now[a])) return redraw();
      coming = inside;
      redraw();
      const reply = await store.requests.askNewest("pixel", { kind: "pixel", indices: inside });
      if (reply.superseded) return;
      say(reply.error);
      // With the answer the kernel's pixel counts again.
      if (!store.requests.flying("pixel")) coming = null;
      redraw();
    },
  };
}

/** One line of controls for each navigation axis, drawn into `el`. */
export function pixelView(pixel: Pixel, el: HTMLElement, signal: AbortSignal, say: Say): void {
  const rows = make("div", { className: "hsj-pixels" });
  if (pixel.axes.length > 0) el.append(rows);
  pixel.axes.forEach((axis, a) => {
    const go = (index: number) =>
      void pixel.go(pixel.here().map((old, b) => (a === b ? index : old)));
    const name = axis.name || `axis ${a}`;
    const slider = make(
      "input",
      { type: "range", className: "hsj-slider" },
      {
        min: "0",
        max: String(axis.size - 1),
        step: "1",
        "aria-label": `${name} pixel`,
        "data-hsj-focus": `pixel ${a}`,
      },
    );
    slider.addEventListener("input", () => go(Number(slider.value)), { signal });
    slider.addEventListener(
      "keydown",
      (event) => {
        if (!event.shiftKey || !event.key.startsWith("Arrow")) return;
        event.preventDefault();
        const way = event.key === "ArrowRight" || event.key === "ArrowUp" ? 10 : -10;
        go((pixel.here()[a] ?? 0) + way);
      },
      { signal },
    );
    const field = makeNumberField(
      {
        className: "hsj-field",
        placeholder: "",
        empty: false,
        commit: (index) => go(index ?? 0),
        complain: say,
      },
      signal,
    );
    const place = make("output", { className: "hsj-place" });
    rows.append(
      make(
        "div",
        { className: "hsj-pixel" },
        {},
        make("span", { className: "hsj-name" }, {}, name),
        slider,
        field.el,
        place,
      ),
    );
    const draw = () => {
      const index = pixel.here()[a] ?? 0;
      slider.value = String(index);
      slider.disabled = axis.size < 2;
      const at = `${show(positionOf(axis, index))} ${axis.units}`.trim();
      slider.setAttribute("aria-valuetext", `${index}, ${at}`);
      field.draw(
        String(index),
        `index along ${name}, 0 to ${axis.size - 1}`,
        `${name} index`,
        axis.size < 2,
      );
      setText(place, at);
    };
    pixel.watch(draw);
    draw();
  });
}

type Say = (text: string) => void;
