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
import { storedView } from "./stored";
import { tableView } from "./table";

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

/** The components, each with its rows or all in one table; filtered by what is typed. */
function listView(
  store: Store,
  folds: Folds,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const { components } = store.model.get("spec");
  if (components.length === 0) return;
  const field = make(
    "input",
    {
      type: "search",
      className: "hsj-field",
      placeholder: "filter",
      spellcheck: false,
      value: folds.filter,
    },
    { "aria-label": "filter components and parameters", "data-hsj-focus": "filter" },
  );
  const bar = make("div", { className: "hsj-buttons hsj-list-tools" }, {}, field);
  const button = (text: string, press: () => void) => {
    const attributes = { "data-hsj-focus": `list ${text}` };
    const made = make("button", { type: "button", className: "hsj-button" }, attributes, text);
    made.addEventListener("click", press, { signal });
    bar.append(made);
    return made;
  };
  const count = make("span", { className: "hsj-quality" }, { role: "status" });
  const body = make("div", { className: "hsj-list" });
  let drawn = new AbortController();
  signal.addEventListener("abort", () => drawn.abort());
  let narrow = () => {};
  const words = () => field.value.trim().toLowerCase();
  const draw = () => {
    drawn.abort();
    drawn = new AbortController();
    body.replaceChildren();
    table.setAttribute("aria-pressed", String(folds.asTable));
    for (const one of [fold, unfold]) one.hidden = folds.asTable;
    if (folds.asTable) {
      const made = tableView(store, folds.table, words, say, body, drawn.signal);
      narrow = made.draw;
      setText(count, "");
      return;
    }
    for (const component of components) componentView(store, component, folds, body, drawn.signal);
    narrow = () => {
      let shown = 0;
      components.forEach((component, c) => {
        const names = [component.name, component.type, ...component.parameters.map((p) => p.name)];
        const seen = names.some((one) => one.toLowerCase().includes(words()));
        shown += Number(seen);
        (body.children[c] as HTMLElement).hidden = !seen;
      });
      setText(count, words() === "" ? "" : `${shown} of ${components.length} components`);
    };
    narrow();
  };
  const foldAll = (all: boolean) => () => {
    folds.folded.clear();
    if (all) for (const { id } of components) folds.folded.add(id);
    draw();
  };
  const fold = button("Fold all", foldAll(true));
  const unfold = button("Unfold all", foldAll(false));
  const table = button("Table", () => {
    folds.asTable = !folds.asTable;
    draw();
  });
  table.title = "all parameters in one table: sort, choose many, set them together";
  bar.append(count);
  field.addEventListener(
    "input",
    () => {
      folds.filter = field.value;
      narrow();
    },
    { signal },
  );
  el.append(bar, body);
  draw();
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
  const guess = button("Guess", "start values of all components from the data here", "guess");
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
  listView(store, folds, say, el, signal);
  addView(store, folds, el, signal);
  storedView(store, folds.open, say, el, signal);

  const draw = () => {
    setText(quality, describeQuality(model.get("quality")));
    const busy = model.get("busy");
    const none = spec.components.length === 0;
    for (const one of [fit, guess, all, keep]) if (one) one.disabled = busy !== "" || none;
    setText(fit, busy === "fit" ? "Fitting …" : "Fit");
  };
  store.watch(["quality", "busy"], draw, signal);
  draw();
}
