/** A model: title, pixel, quality, buttons, and its components. */
import { make, setText } from "../dom";
import { show } from "../numbers";
import type { QualityRecord } from "../schema.gen";
import type { Store } from "../state";
import { addView } from "./add";
import { componentView, type Folds } from "./component";
import { historyView } from "./history";
import { makePixel, pixelView } from "./pixel";
import { runView } from "./run";

/** One sentence on the fit of the current pixel. */
export function describeQuality(quality: QualityRecord | null): string {
  if (quality === null) return "";
  const { chisq, reduced_chisq: reduced, free, channels } = quality;
  const words = [`${free} free ${free === 1 ? "number" : "numbers"}`, `${channels} channels`];
  if (chisq === null) words.unshift("not fitted here");
  else words.unshift(`χ² ${show(chisq, 4)}`);
  if (reduced !== null) words.splice(1, 0, `reduced χ² ${show(reduced, 4)}`);
  return words.join(" · ");
}

/** The whole model, drawn into `el`. */
export function modelView(store: Store, folds: Folds, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const spec = model.get("spec");
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const quality = make("span", { className: "hsj-quality" }, { "aria-live": "polite" });
  const buttons = make("div", { className: "hsj-buttons" });
  const button = (text: string, title: string, kind: string) => {
    const made = make(
      "button",
      { type: "button", className: "hsj-button", title },
      { "data-hsj-focus": kind },
      text,
    );
    made.addEventListener("click", async () => say((await store.ask({ kind })).error), { signal });
    buttons.append(made);
    return made;
  };
  const onMap = spec.navigation.length > 0;
  const fit = button("Fit", onMap ? "fit this pixel" : "fit this spectrum", "fit");
  const all = onMap ? button("Fit all", "fit every pixel of the map", "multifit") : null;
  const keep = button("Store", "write these values into the maps, for this pixel", "store");
  const head = make("header", { className: "hsj-model" });
  el.append(head);
  head.append(make("strong", { className: "hsj-caption" }, {}, spec.title), quality);
  pixelView(makePixel(store, say, signal), head, signal, say);
  head.append(buttons);
  historyView(store, buttons, head, el, say, signal);
  runView(store, head, say, signal);
  head.append(problem);
  if (spec.components.length === 0) {
    el.append(
      make(
        "p",
        { className: "hsj-empty" },
        {},
        "No component yet: add one below, or append one to the model.",
      ),
    );
  }
  for (const component of spec.components) componentView(store, component, folds, el, signal);
  addView(store, el, signal);

  const draw = () => {
    setText(quality, describeQuality(model.get("quality")));
    const busy = model.get("busy");
    const none = spec.components.length === 0;
    for (const one of [fit, all, keep]) if (one) one.disabled = busy !== "" || none;
    setText(fit, busy === "fit" ? "Fitting …" : "Fit");
  };
  store.watch(["quality", "busy"], draw, signal);
  draw();
}
