/** The mouse in the plot: what stands there in words, a new peak, a span that someone asked for. */
import { hear, post, type Wanted } from "../bus";
import { heightAt } from "../curves";
import { ownKeys, setText } from "../dom";
import type { Lines } from "../hands";
import { show } from "../numbers";
import { type Layer, type Overlay, shape } from "../overlay";
import { followPress } from "../press";
import type { Store } from "../state";
import { float64 } from "../wire";
import type { Bar } from "./toolbar";

type Parts = {
  store: Store;
  overlay: Overlay;
  lines: Lines;
  bar: Bar;
  readout: HTMLElement;
  say: (text: string) => void;
};

/** Part of the plot's width that a peak has which was clicked and not drawn. */
const PEAK = 0.02;
/** Pixels that a press may move and still be a click. */
const STILL = 4;

/** Cross-hair, new peaks and spans, in every figure of the plot. */
export function pointView(parts: Parts, signal: AbortSignal): void {
  const { store, overlay, bar, readout, say } = parts;
  const given = new WeakSet<Layer>();
  let wanted: Wanted | null = null;
  const arm = (on: boolean) => {
    for (const { svg } of overlay.layers()) svg.classList.toggle("hsj-armed", on);
  };
  hear(
    "wanted",
    (news, event) => {
      if (news.key !== store.model.get("key") || overlay.layers().length === 0) return;
      event.preventDefault();
      wanted = news;
      arm(true);
      setText(readout, `drag a span over the plot for ${news.name}; Escape gives it up`);
    },
    signal,
  );
  // Drawn here, or in another plot of the same model.
  hear(
    "span",
    ({ key }) => {
      if (wanted === null || key !== store.model.get("key")) return;
      wanted = null;
      arm(bar.peak() !== "");
      setText(readout, "");
    },
    signal,
  );
  overlay.onPaint((layer) => {
    if (given.has(layer)) return;
    given.add(layer);
    const { svg } = layer;
    svg.classList.toggle("hsj-armed", wanted !== null || bar.peak() !== "");
    const cross = shape("line", { class: "hsj-cross", y1: 0, y2: "100%" });
    const span = shape("rect", { class: "hsj-drawn", y: 0, height: "100%" });
    for (const one of [cross, span]) one.style.display = "none";
    svg.prepend(span, cross);
    // The figure's, not the layer's: that lets the mouse through to bqplot.
    const figure = svg.parentElement;
    if (figure === null) return;
    const inside = (event: MouseEvent): number | null => {
      const [x, y] = layer.place(event);
      return x >= 0 && x <= layer.width && y >= 0 && y <= layer.height ? x : null;
    };
    let channel = -1;
    const point = (at: number) => {
      const { x } = parts.lines;
      channel = nearest(x, at);
      const pixel = layer.toX(x[channel] ?? 0);
      cross.style.display = "";
      cross.setAttribute("x1", String(pixel));
      cross.setAttribute("x2", String(pixel));
      const words = describePoint(store, parts.lines, channel);
      setText(readout, words);
      svg.setAttribute("aria-valuetext", words);
      svg.setAttribute("aria-valuenow", String(channel));
    };
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "slider");
    svg.setAttribute("aria-valuenow", "0");
    svg.setAttribute("aria-valuemin", "0");
    svg.setAttribute("aria-valuemax", String(Math.max(0, parts.lines.x.length - 1)));
    svg.setAttribute("aria-label", "read the plot, channel by channel");
    ownKeys(svg);
    figure.addEventListener(
      "pointermove",
      (event) => {
        const x = inside(event);
        if (x !== null && event.buttons === 0) point(layer.fromX(x));
        if (x === null && document.activeElement !== svg) cross.style.display = "none";
      },
      { signal },
    );
    figure.addEventListener("pointerleave", () => (cross.style.display = "none"), { signal });
    svg.addEventListener("blur", () => (cross.style.display = "none"), { signal });
    svg.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape" && (wanted !== null || bar.peak() !== "")) {
          wanted = null;
          bar.placed();
          setText(readout, "");
        }
        const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (way === undefined || event.target !== svg) return;
        event.preventDefault();
        const { x } = parts.lines;
        const next = channel < 0 ? x.length >> 1 : channel + way * (event.shiftKey ? 10 : 1);
        point(x[Math.min(x.length - 1, Math.max(0, next))] ?? 0);
      },
      { signal },
    );
    svg.addEventListener(
      "pointerdown",
      (down) => {
        const peak = bar.peak();
        if (down.target !== svg || down.button !== 0 || (peak === "" && wanted === null)) return;
        down.preventDefault();
        down.stopPropagation();
        svg.focus();
        const [x0, y0] = layer.place(down);
        const ends = (event: MouseEvent) => {
          const [x] = layer.place(event);
          const half = Math.abs(x - x0);
          return wanted === null ? [x0 - half, x0 + half] : [Math.min(x0, x), Math.max(x0, x)];
        };
        const move = (event: PointerEvent) => {
          const [left = 0, right = 0] = ends(event);
          span.style.display = "";
          span.setAttribute("x", String(left));
          span.setAttribute("width", String(right - left));
        };
        const end = async (up: PointerEvent, kept: boolean) => {
          span.style.display = "none";
          if (!kept) return;
          const [left = 0, right = 0] = ends(up);
          const still = right - left < STILL;
          if (wanted !== null) {
            const { key, component } = wanted;
            const [low = 0, high = 0] = [layer.fromX(left), layer.fromX(right)].sort(upwards);
            if (!still) post("span", { key, component, low, high });
            return;
          }
          const x = layer.fromX(x0);
          const whole = Math.abs(layer.fromX(layer.width) - layer.fromX(0));
          const below = heightAt(parts.lines.x, parts.lines.total(), x);
          const top = layer.fromY(y0);
          const width = still ? PEAK * whole : Math.abs(layer.fromX(right) - x);
          const y = top > below ? top - below : top;
          bar.placed();
          const reply = await store.ask({ kind: "peak", component: peak, x, y, width });
          say(reply.error);
        };
        followPress(down, { move, end: (up, kept) => void end(up, kept) }, signal);
      },
      { signal },
    );
  });
}

const upwards = (a: number, b: number) => a - b;

/** The channel nearest to a place; the axis rises or falls. */
export function nearest(x: Float64Array, at: number): number {
  let best = 0;
  for (let k = 1; k < x.length; k += 1) {
    if (Math.abs((x[k] ?? 0) - at) < Math.abs((x[best] ?? 0) - at)) best = k;
  }
  return best;
}

/** What stands at a channel, in words. */
export function describePoint(store: Store, lines: Lines, channel: number): string {
  const { model } = store;
  const height = Math.abs(lines.total()[channel] ?? 0);
  const number = (line: Float64Array | null) => {
    const here = line?.[channel] ?? Number.NaN;
    return show(Math.abs(here) < 1e-9 * height ? 0 : here, 4) || "none";
  };
  const { components, signal } = model.get("spec");
  const words = [
    `${signal?.name || "x"} ${show(lines.x[channel] ?? Number.NaN, 6)} ${signal?.units ?? ""}`.trim(),
    `data ${number(float64(model.get("data")))}`,
  ];
  if (components.length > 0) {
    words.push(`model ${number(lines.total())}`);
    components.forEach(({ id, name }, c) => {
      const line = lines.of(id);
      if (line === null || model.get("active")[c] !== true || components.length > 6) return;
      words.push(`${name} ${number(line)}`);
    });
  }
  return words.join(" · ");
}
