/** The sliders that a recipe leaves to a visitor, the buttons, and how good the fit is. */
import { make, setText } from "../dom";
import { showWithError } from "../numbers";
import type { RowRecord } from "../schema.gen";
import type { Store } from "../state";
import { makeNumberField } from "../views/field";
import { runView } from "../views/run";
import { makeSlider } from "../views/slider";

const MARKS: Record<string, string> = { good: "✓", fair: "!", poor: "✗", unknown: "?" };

/** All of it, drawn into `el`. */
export function controlsView(store: Store, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", "the fit");
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const buttons = make("div", { className: "hsj-buttons" });
  const button = (text: string, kind: string, title: string) => {
    const made = make("button", { type: "button", className: "hsj-button", title }, {}, text);
    made.addEventListener("click", async () => say((await store.ask({ kind })).error), { signal });
    buttons.append(made);
    return made;
  };
  const mapped = model.get("spec").navigation.length > 0;
  const fit = button("Fit", "fit", mapped ? "fit this place" : "fit the model to the data");
  const all = mapped ? button("Fit the whole map", "multifit", "fit every place") : null;
  const undo = button("Undo", "undo", "take the last change back");
  const redo = button("Redo", "redo", "do again what was undone");
  const verdicts = make(
    "ul",
    { className: "hsj-verdicts" },
    { "aria-label": "how good the fit is" },
  );
  const live = make("div", {}, { "aria-live": "polite" }, verdicts);
  el.append(buttons, problem);
  runView(store, el, say, signal);
  el.append(live);

  const rows = model.get("page")?.rows ?? [];
  let group = "";
  let into: HTMLElement = el;
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      into = make("section", { className: "hsj-group" }, {}, make("h2", {}, {}, group));
      el.append(into);
    }
    rowView(store, row, into, signal);
  }

  const draw = () => {
    const busy = model.get("busy");
    const history = model.get("history");
    fit.disabled = busy !== "";
    setText(fit, busy === "fit" ? "Fitting …" : "Fit");
    if (all) all.disabled = busy !== "";
    undo.disabled = busy !== "" || !history?.undo;
    redo.disabled = busy !== "" || !history?.redo;
    const told = model.get("page")?.verdicts ?? [];
    const fresh = told.map(({ level, text }) => `${level} ${text}`).join("\n");
    if (verdicts.dataset.told === fresh) return;
    verdicts.dataset.told = fresh;
    verdicts.replaceChildren(
      ...told.map(({ level, text }) => {
        const mark = make("span", { className: "hsj-mark" }, { "aria-hidden": "true" });
        mark.textContent = MARKS[level] ?? "?";
        return make("li", { className: `hsj-verdict hsj-${level}` }, {}, mark, text);
      }),
    );
  };
  store.watch(["busy", "history", "page"], draw, signal);
  draw();
}

function rowView(store: Store, row: RowRecord, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const { slot, units, touch } = row;
  const label = `${row.group} ${row.label}`;
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const set = async (value: number) => {
    const { ok, error } = await store.setValue(slot, value);
    say(ok ? "" : error);
    draw();
  };
  const name = make("span", { className: "hsj-name", title: row.doc }, {}, row.label);
  if (units) name.append(make("span", { className: "hsj-units" }, {}, ` ${units}`));
  const std = make("span", { className: "hsj-std", title: "uncertainty of the last fit" });
  const line = make(
    "div",
    { className: "hsj-setting" },
    { role: "group", "aria-label": label },
    name,
  );
  el.append(line, problem);

  if (touch === "locked") {
    const value = make("output", { className: "hsj-locked" }, { "aria-label": `${label} value` });
    line.append(value, std);
    const show = () => {
      const text = showWithError(store.value(slot), model.get("std")[slot] ?? null);
      setText(value, text.value);
      setText(std, text.std);
    };
    store.watchValues(show, signal);
    store.watch(["std"], show, signal);
    show();
    return;
  }

  const slider = makeSlider((value) => void set(value), units, signal);
  const field = makeNumberField(
    {
      className: "hsj-field hsj-value",
      placeholder: "",
      empty: false,
      commit: (value) => void set(value ?? Number.NaN),
      complain: say,
    },
    signal,
  );
  const free = make("input", { type: "checkbox" }, { "aria-label": `${label} is fitted` });
  free.addEventListener(
    "change",
    async () => {
      say((await store.setField(slot, "free", free.checked)).error);
      draw();
    },
    { signal },
  );
  line.append(slider.el, field.el, std);
  if (touch === "free") {
    const title = "a fit may change it";
    line.append(make("label", { className: "hsj-free", title }, {}, free, "fitted"));
  }

  function draw(): void {
    const now = store.value(slot);
    const low = model.get("bmin")[slot] ?? null;
    const high = model.get("bmax")[slot] ?? null;
    const hint = hintOf(store, slot);
    const text = showWithError(now, model.get("std")[slot] ?? null);
    slider.draw({ value: now, bmin: low, bmax: high, hint }, label, false);
    field.draw(text.value, Number.isNaN(now) ? "not known" : String(now), `${label} value`, false);
    setText(std, text.std);
    free.checked = model.get("free")[slot] ?? false;
  }
  store.watchValues(draw, signal);
  store.watch(["std", "free", "bmin", "bmax"], draw, signal);
  draw();
}

function hintOf(store: Store, slot: number): number[] | null {
  for (const component of store.model.get("spec").components) {
    for (const parameter of component.parameters) {
      if (parameter.slots.includes(slot)) return parameter.hint;
    }
  }
  return null;
}
