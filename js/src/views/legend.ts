/** Below the figure: what is drawn in which colour, how good the fit is, and what one looks at. */
import { colourOf } from "../canvas";
import { make, setText } from "../dom";
import { lowerPanLayer, type Mark, viewsOf } from "../marks";
import type { Store } from "../state";
import type { Marks } from "./drawing";
import { describeQuality } from "./model";

/** Legend, quality and buttons, drawn into `el`. */
export function legendView(store: Store, marks: Marks, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const entry = (colour: string, text: string, shape: string) => {
    const key = make("span", { className: `hsj-key hsj-${shape}` }, { "aria-hidden": "true" });
    key.style.setProperty("--hsj-colour", colour);
    return make("span", { className: "hsj-entry" }, {}, key, text);
  };
  const pan = make(
    "button",
    { type: "button", className: "hsj-button", title: "drag the background, turn the wheel" },
    { "aria-pressed": "false" },
    "Pan and zoom",
  );
  const home = make(
    "button",
    { type: "button", className: "hsj-button", title: "show all of the data again" },
    {},
    "Reset view",
  );
  const quality = make("span", { className: "hsj-quality" });
  const legend = make(
    "div",
    { className: "hsj-legend" },
    { role: "group", "aria-label": "legend" },
  );
  const draw = () => {
    const none = model.get("spec").components.length === 0;
    legend.replaceChildren(
      entry("#7f7f7f", "data", "dot"),
      ...(none ? [] : [entry(colourOf(marks.model), "model", "line")]),
    );
    if (model.get("curves")?.show_residual === true) {
      legend.append(entry(colourOf(marks.residual), "data − model", "line"));
    }
    const { components } = model.get("spec");
    const lines = model.get("curves")?.show_lines === true;
    components.forEach((component, c) => {
      const off = model.get("active")[c] !== true;
      const shape = lines ? "line" : "dot";
      const made = entry(component.colour, component.name, shape);
      made.classList.toggle("hsj-off", off);
      if (lines || component.position !== null) legend.append(made);
    });
    setText(quality, none ? "" : describeQuality(model.get("quality")));
  };
  pan.addEventListener(
    "click",
    async () => {
      const on = marks.figure.get("interaction") === null;
      pan.setAttribute("aria-pressed", String(on));
      marks.figure.set_state({ interaction: on ? marks.panzoom : null });
      // bqplot makes the layer in a later turn.
      await Promise.all(await viewsOf(marks.figure));
      requestAnimationFrame(async () => (await viewsOf(marks.figure)).forEach(lowerPanLayer));
    },
    { signal },
  );
  home.addEventListener("click", () => showAll(marks.model, model.get("limits")), { signal });
  el.append(make("div", { className: "hsj-under" }, {}, legend, quality, pan, home));
  store.watch(["active", "curves", "quality"], draw, signal);
  draw();
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
    if (!isScaleModel(scale)) continue;
    scale.set({ min, max });
    scale.save_changes();
  }
}

type ScaleModel = { set(state: Record<string, number>): void; save_changes(): void };

function isScaleModel(thing: unknown): thing is ScaleModel {
  const { set, save_changes } = (thing ?? {}) as Partial<ScaleModel>;
  return typeof set === "function" && typeof save_changes === "function";
}
