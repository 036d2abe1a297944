/** Below the figure: what is drawn in which colour, to be hidden by a press, and how good the fit is. */
import { colourOf } from "../canvas";
import { focusIn, giveFocus, make, setText } from "../dom";
import type { Store } from "../state";
import type { Marks } from "./drawing";
import { describeQuality } from "./model";

/** Legend and quality, drawn into `el`; returns what they stand in. */
export function legendView(
  store: Store,
  marks: Marks,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): HTMLElement {
  const { model } = store;
  const key = (colour: string, shape: string) => {
    const made = make("span", { className: `hsj-key hsj-${shape}` }, { "aria-hidden": "true" });
    made.style.setProperty("--hsj-colour", colour);
    return made;
  };
  const entry = (colour: string, text: string, shape: string) =>
    make("span", { className: "hsj-entry" }, {}, key(colour, shape), text);
  const toggle = (what: string, colour: string, text: string, shape: string) => {
    const hidden = model.get("curves")?.hidden.includes(what) === true;
    const made = make(
      "button",
      { type: "button", className: "hsj-entry", title: hidden ? "show it" : "hide it" },
      { "aria-pressed": String(!hidden), "data-hsj-focus": `legend ${what}` },
      key(colour, shape),
      text,
    );
    made.addEventListener(
      "click",
      async () => say((await store.ask({ kind: "hide", what, on: !hidden })).error),
      { signal },
    );
    made.classList.toggle("hsj-off", hidden);
    return made;
  };
  const quality = make("span", { className: "hsj-quality" });
  const legend = make(
    "div",
    { className: "hsj-legend" },
    { role: "group", "aria-label": "legend: press to hide or show" },
  );
  const draw = () => {
    const { components } = model.get("spec");
    const none = components.length === 0;
    const focus = focusIn(legend);
    legend.replaceChildren(
      toggle("data", "#7f7f7f", "data", "dot"),
      ...(none ? [] : [toggle("model", colourOf(marks.model), "model", "line")]),
    );
    if (model.get("curves")?.show_residual === true) {
      legend.append(entry(colourOf(marks.residual), "data − model", "line"));
    }
    const lines = model.get("curves")?.show_lines === true;
    components.forEach((component, c) => {
      if (!lines && component.position === null) return;
      const { id, name, colour } = component;
      const made = lines ? toggle(id, colour, name, "line") : entry(colour, name, "dot");
      if (model.get("active")[c] !== true) made.classList.add("hsj-off");
      legend.append(made);
    });
    giveFocus(legend, focus);
    setText(quality, none ? "" : describeQuality(model.get("quality")));
  };
  const under = make("div", { className: "hsj-under" }, {}, legend, quality);
  el.append(under);
  store.watch(["active", "curves", "quality"], draw, signal);
  draw();
  return under;
}
