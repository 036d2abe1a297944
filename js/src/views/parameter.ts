/** A parameter: one row for each of its numbers, with slider, field, error, bounds and free toggle. */
import { make, setText } from "../dom";
import { show, showWithError } from "../numbers";
import type { ParameterRecord } from "../schema.gen";
import type { Field, Store } from "../state";
import { makeNumberField } from "./field";
import { makeSlider } from "./slider";

/** Rows for every number of a parameter, drawn into `el`. */
export function parameterView(
  store: Store,
  parameter: ParameterRecord,
  whose: string,
  logs: Set<string>,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  parameter.slots.forEach((slot, element) => {
    const name = parameter.vector ? (parameter.elements[element] ?? "") : parameter.name;
    numberRow(store, { parameter, slot, name, whose, logs }, el, signal);
  });
}

type Row = {
  parameter: ParameterRecord;
  slot: number;
  name: string;
  whose: string;
  /** Slots whose slider is logarithmic by choice. */
  logs: Set<string>;
};

function numberRow(
  store: Store,
  { parameter, slot, name, whose, logs }: Row,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const { model } = store;
  const label = `${whose} ${name}`.trim();
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const ask = async (field: Field, value: unknown) => {
    say("");
    const reply =
      field === "value"
        ? await store.setValue(slot, Number(value))
        : await store.setField(slot, field, value);
    if (!reply.ok) say(reply.error);
    draw();
  };

  const title = [parameter.doc, parameter.units && `in ${parameter.units}`].filter(Boolean);
  const caption = make("span", { className: "hsj-name", title: title.join(", ") }, {}, name);
  if (parameter.units) {
    caption.append(make("span", { className: "hsj-units" }, {}, ` ${parameter.units}`));
  }
  const slider = makeSlider((value) => void ask("value", value), parameter.units, signal);
  const field = (which: "value" | "bmin" | "bmax", placeholder: string) =>
    makeNumberField(
      {
        className: `hsj-field hsj-${which}`,
        placeholder,
        empty: which !== "value",
        commit: (value) => void ask(which, value),
        complain: say,
      },
      signal,
    );
  const value = field("value", "");
  const bmin = field("bmin", "none");
  const bmax = field("bmax", "none");
  const std = make("span", { className: "hsj-std", title: "standard deviation of the last fit" });
  const badge = make("span", { className: "hsj-badge", hidden: true });
  const free = make("input", { type: "checkbox" }, { "aria-label": `${label} free` });
  const toggle = make(
    "label",
    { className: "hsj-free", title: "free: a fit may change it" },
    {},
    free,
    "free",
  );
  const reset = make(
    "button",
    { type: "button", className: "hsj-reset", title: "back to the default value" },
    { "aria-label": `${label} reset` },
    "↺",
  );
  free.addEventListener("change", () => void ask("free", free.checked), { signal });
  reset.addEventListener(
    "click",
    async () => {
      const reply = await store.ask({
        kind: "reset",
        slot: model.get("spec").slots[slot] ?? "",
      });
      say(reply.error);
    },
    { signal },
  );

  const link = make(
    "button",
    { type: "button", className: "hsj-reset", title: "let it follow other parameters" },
    { "aria-label": `${label} link`, "aria-expanded": "false" },
    "=",
  );
  const id = () => model.get("spec").slots[slot] ?? "";
  const log = make(
    "button",
    { type: "button", className: "hsj-reset hsj-log-toggle", title: "logarithmic slider" },
    { "aria-label": `${label} log slider` },
    "lg",
  );
  log.addEventListener(
    "click",
    () => {
      if (!logs.delete(id())) logs.add(id());
      draw();
    },
    { signal },
  );
  const law = make(
    "input",
    {
      type: "text",
      className: "hsj-field",
      placeholder: "2 * Gaussian_0.sigma",
      spellcheck: false,
    },
    { "aria-label": `${label} follows` },
  );
  const lawRow = make("div", { className: "hsj-law", hidden: true }, {}, `${name} =`, law);
  link.addEventListener(
    "click",
    () => {
      lawRow.hidden = !lawRow.hidden;
      link.setAttribute("aria-expanded", String(!lawRow.hidden));
      law.value = model.get("linked")[slot] ?? "";
      if (!lawRow.hidden) law.focus();
    },
    { signal },
  );
  law.addEventListener(
    "keydown",
    async (event) => {
      if (event.key !== "Enter") return;
      const slotName = model.get("spec").slots[slot] ?? "";
      const reply = await store.ask({ kind: "link", slot: slotName, expression: law.value });
      say(reply.error);
      if (!reply.ok) return;
      lawRow.hidden = true;
      link.setAttribute("aria-expanded", "false");
      link.focus();
    },
    { signal },
  );

  const row = make(
    "div",
    { className: "hsj-row" },
    { role: "group", "aria-label": label },
    caption,
    bmin.el,
    slider.el,
    bmax.el,
    value.el,
    make("span", { className: "hsj-after" }, {}, std, badge),
    toggle,
    make("span", { className: "hsj-tools" }, {}, log, link, reset),
  );
  el.append(row, lawRow, problem);

  function draw(): void {
    const now = store.value(slot);
    const low = model.get("bmin")[slot] ?? null;
    const high = model.get("bmax")[slot] ?? null;
    const twin = model.get("linked")[slot] ?? null;
    const off = twin !== null;
    const text = showWithError(now, model.get("std")[slot] ?? null);
    const wanted = logs.has(id());
    const room = { value: now, bmin: low, bmax: high, hint: parameter.hint, log: wanted };
    slider.draw(room, label, off);
    log.setAttribute("aria-pressed", String(wanted));
    log.disabled = off || !(now > 0);
    value.draw(text.value, Number.isNaN(now) ? "not known" : String(now), `${label} value`, off);
    bmin.draw(show(low), low === null ? "no lower bound" : String(low), `${label} bmin`, false);
    bmax.draw(show(high), high === null ? "no upper bound" : String(high), `${label} bmax`, false);
    setText(std, text.std);
    const mark = twin !== null ? `= ${twin}` : standing(now, low, high);
    setText(badge, mark);
    badge.title = mark;
    badge.hidden = mark === "";
    if (!store.requests.flying(`${model.get("spec").slots[slot]} free`)) {
      free.checked = model.get("free")[slot] ?? false;
    }
    free.disabled = off;
    row.classList.toggle("hsj-fixed", !free.checked);
  }

  let drawn = Number.NaN;
  const follow = () => {
    // Most changes are of other rows.
    const now = store.value(slot);
    if (Object.is(now, drawn)) return;
    drawn = now;
    draw();
  };
  store.watchValues(follow, signal);
  store.watch(["std", "free", "bmin", "bmax", "linked"], draw, signal);
  draw();
}

function standing(value: number, low: number | null, high: number | null): string {
  if ((low !== null && value < low) || (high !== null && value > high)) return "out of bounds";
  return value === low || value === high ? "at bound" : "";
}
