/** What one does with a plot: look closer, switch what is drawn, add a peak, take a picture. */

import { make } from "../dom";
import { exportPicture } from "../export";
import { isMark, type Mark, viewsOf } from "../marks";
import { roundTicks } from "../numbers";
import type { Overlay } from "../overlay";
import type { Store } from "../state";
import type { Marks } from "./drawing";

/** What a press in the plot does beside moving handles. */
export type Bar = {
  /** The type of the peak that the next click places; empty where none is to be. */
  peak(): string;
  /** A peak was placed, or it was given up. */
  placed(): void;
};

const LOOKS = [
  ["log_x", "log x", "logarithmic signal axis"],
  ["log_y", "log y", "logarithmic vertical axis"],
  ["lines", "Components", "a line for every active component"],
  ["residual", "Residual", "data minus model, below"],
  [
    "uncertainty",
    "± model",
    "one standard deviation of the fitted line, from the fit's covariance",
  ],
  ["weights", "± data", "one standard deviation of the noise, where the variance is known"],
] as const;

/** Buttons drawn into `el`. */
export function toolbarView(
  store: Store,
  marks: Marks,
  overlay: Overlay,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): Bar {
  const { model } = store;
  const bar = make(
    "div",
    { className: "hsj-buttons hsj-plot-tools" },
    { role: "toolbar", "aria-label": "plot" },
  );
  const button = (text: string, title: string, press: () => void, pressed = false) => {
    const state: Record<string, string> = pressed ? { "aria-pressed": "false" } : {};
    const made = make("button", { type: "button", className: "hsj-button", title }, state, text);
    made.setAttribute("data-hsj-focus", `plot ${text}`);
    made.addEventListener("click", press, { signal });
    bar.append(made);
    return made;
  };
  const pan = button(
    "Pan and zoom",
    "drag the background, turn the wheel",
    () => {
      const on = marks.figure.get("interaction") === null;
      pan.setAttribute("aria-pressed", String(on));
      marks.figure.set_state({ interaction: on ? marks.panzoom : null });
    },
    true,
  );
  pan.setAttribute("aria-pressed", String((marks.figure.get("interaction") ?? null) !== null));
  button("Reset view", "show all of the data again", () =>
    showAll(marks.model, model.get("limits")),
  );
  const switches = LOOKS.map(([what, text, title]) => {
    const made = button(
      text,
      title,
      async () => {
        const on = made.getAttribute("aria-pressed") !== "true";
        say((await store.ask({ kind: "look", what, on })).error);
      },
      true,
    );
    const show = model.get("curves");
    const on =
      what === "lines"
        ? show?.show_lines
        : what === "residual"
          ? show?.show_residual
          : show?.[what];
    made.setAttribute("aria-pressed", String(on === true));
    return made;
  });
  for (const one of switches) one.classList.add("hsj-look");

  const { peaks } = model.get("spec");
  const kind = make("select", { className: "hsj-choice" }, { "aria-label": "kind of peak" });
  kind.append(...peaks.map((name) => make("option", { value: name }, {}, name)));
  if (peaks.includes("Gaussian")) kind.value = "Gaussian";
  const add = button(
    "Add peak",
    "then click where its top is; drag sideways for its width",
    () => arm(add.getAttribute("aria-pressed") !== "true"),
    true,
  );
  const arm = (on: boolean) => {
    add.setAttribute("aria-pressed", String(on));
    for (const { svg } of overlay.layers()) svg.classList.toggle("hsj-armed", on);
  };
  add.remove();
  // The button and its choice stay together where the bar is broken into lines.
  if (peaks.length > 0) bar.append(make("span", { className: "hsj-peak" }, {}, add, kind));
  const save = (format: "png" | "svg") => async () => {
    const figures = model.get("curves")?.show_residual
      ? [marks.figure, marks.rest]
      : [marks.figure];
    const name = model.get("spec").title.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "plot";
    try {
      await exportPicture(figures, name, format);
    } catch (error) {
      say(`the picture could not be made: ${String(error)}`);
    }
  };
  button("PNG", "download the plot as a picture", () => void save("png")());
  button("SVG", "download the plot as a drawing", () => void save("svg")());
  el.append(bar);
  keepTicksApart(store, marks, signal);
  return {
    peak: () => (add.getAttribute("aria-pressed") === "true" ? kind.value : ""),
    placed: () => arm(false),
  };
}

/** Pixels of the page for each label of an axis. */
const ROOM = 105;

/** As many round labels along the axis as there is room for. */
function keepTicksApart(store: Store, marks: Marks, signal: AbortSignal): void {
  const along = marks.axes.filter((axis) => axis.get("side") !== "left");
  const scale = (marks.model.get("scales") as Record<string, unknown>).x;
  if (!isMark(scale)) return;
  let wide = 0;
  let told = "";
  const spread = () => {
    const [min, max] = [scale.get("min"), scale.get("max")];
    if (wide <= 0 || typeof min !== "number" || typeof max !== "number") return;
    const most = Math.max(2, Math.min(12, Math.floor(wide / ROOM)));
    const log = store.model.get("curves")?.log_x === true;
    const ticks = roundTicks(min, max, most, log);
    if (told === ticks.join()) return;
    told = ticks.join();
    for (const axis of along) axis.set_state({ tick_values: Float64Array.from(ticks) });
  };
  const sized = new ResizeObserver((all) => {
    for (const { contentRect } of all) wide = contentRect.width;
    spread();
  });
  for (const end of ["change:min", "change:max"]) {
    scale.on(end, spread);
    signal.addEventListener("abort", () => scale.off(end, spread), { once: true });
  }
  void viewsOf(marks.figure).then((views) => {
    if (signal.aborted) return;
    for (const view of views) {
      const { el } = (view ?? {}) as { el?: unknown };
      if (el instanceof HTMLElement) sized.observe(el);
    }
  });
  signal.addEventListener("abort", () => sized.disconnect());
}

/** Set the scales to the limits that the kernel found for these data. */
function showAll(mark: Mark, limits: readonly number[]): void {
  const scales = mark.get("scales") as Record<string, unknown>;
  const [left = 0, right = 1, low = 0, high = 1] = limits;
  for (const [name, min, max] of [
    ["x", left, right],
    ["y", low, high],
  ] as const) {
    const scale = scales[name];
    if (!isMark(scale) || !isSaved(scale)) continue;
    scale.set({ min, max });
    scale.save_changes();
  }
}

type Saved = { set(state: Record<string, number>): void; save_changes(): void };

function isSaved(thing: object): thing is Saved {
  const { set, save_changes } = thing as Partial<Saved>;
  return typeof set === "function" && typeof save_changes === "function";
}
