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

/** One line of controls for each navigation axis, drawn into `el`. */
export function pixelView(
  store: Store,
  el: HTMLElement,
  say: (text: string) => void,
  signal: AbortSignal,
): void {
  const axes = store.model.get("spec").navigation;
  // Edits on their way: with the answer the kernel's pixel counts again.
  const coming = new Map<number, number>();
  const draws: (() => void)[] = [];
  const here = () => axes.map((_, a) => coming.get(a) ?? store.model.get("pixel")[a] ?? 0);

  async function go(a: number, index: number): Promise<void> {
    const size = axes[a]?.size ?? 1;
    coming.set(a, Math.min(size - 1, Math.max(0, Math.round(index))));
    for (const draw of draws) draw();
    const reply = await store.requests.askNewest("pixel", { kind: "pixel", indices: here() });
    if (reply.superseded) return;
    say(reply.error);
    if (!store.requests.flying("pixel")) coming.clear();
    for (const draw of draws) draw();
  }

  axes.forEach((axis, a) => {
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
    slider.addEventListener("input", () => void go(a, Number(slider.value)), { signal });
    slider.addEventListener(
      "keydown",
      (event) => {
        if (!event.shiftKey || !event.key.startsWith("Arrow")) return;
        event.preventDefault();
        const way = event.key === "ArrowRight" || event.key === "ArrowUp" ? 10 : -10;
        void go(a, (here()[a] ?? 0) + way);
      },
      { signal },
    );
    const field = makeNumberField(
      {
        className: "hsj-field",
        placeholder: "",
        empty: false,
        commit: (index) => void go(a, index ?? 0),
        complain: say,
      },
      signal,
    );
    const place = make("output", { className: "hsj-place" });
    el.append(
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
      const index = here()[a] ?? 0;
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
    draws.push(draw);
    draw();
  });
  store.watch(["pixel"], () => draws.forEach((draw) => void draw()), signal);
}
