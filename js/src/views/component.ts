/** A component: name, switch, formula and the rows of its parameters. */
import { freshId, make, onCommit, setText } from "../dom";
import { mathOf } from "../formula";
import type { Message } from "../requests";
import type { ComponentRecord } from "../schema.gen";
import type { Store } from "../state";
import { moreView } from "./more";
import { parameterView } from "./parameter";
import { newTable, type TableState } from "./table";

/** What a person folded, opened and chose; kept by the root over a change of structure. */
export type Folds = {
  folded: Set<string>;
  open: Set<string>;
  /** Slots whose slider a person wants logarithmic. */
  log: Set<string>;
  filter: string;
  /** What was typed to be added, and is not yet. */
  adding: string;
  asTable: boolean;
  table: TableState;
};

/** Nothing folded, all shown. */
export const newFolds = (): Folds => ({
  folded: new Set(),
  open: new Set(),
  log: new Set(),
  filter: "",
  adding: "",
  asTable: false,
  table: newTable(),
});

/** A component, drawn into `el`. */
export function componentView(
  store: Store,
  component: ComponentRecord,
  folds: Folds,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const place = store.model.get("spec").components.findIndex((one) => one.id === component.id);
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const body = make("div", { className: "hsj-body", id: freshId() });
  const fold = make(
    "button",
    { type: "button", className: "hsj-fold" },
    { "aria-controls": body.id, "aria-label": `${component.name} parameters` },
  );
  const swatch = make(
    "input",
    { type: "color", className: "hsj-swatch", value: component.colour, title: "colour" },
    { "aria-label": `${component.name} colour` },
  );
  const name = make(
    "input",
    { type: "text", className: "hsj-title", value: component.name, spellcheck: false },
    { "aria-label": `${component.name} name`, "data-hsj-focus": `${component.id} name` },
  );
  const active = make("input", { type: "checkbox" }, { "aria-label": `${component.name} active` });
  const toggle = make(
    "label",
    { className: "hsj-active", title: "not active: as if it were not in the model" },
    {},
    active,
    "active",
  );
  const type = make("span", { className: "hsj-type" }, {}, component.type);
  const tools = make("span", { className: "hsj-tools" });
  const tool = (text: string, title: string, message: Message) => {
    const attributes = { "aria-label": `${component.name} ${title}` };
    const made = make(
      "button",
      { type: "button", className: "hsj-reset", title },
      attributes,
      text,
    );
    made.addEventListener("click", async () => say((await store.ask(message)).error), { signal });
    tools.append(made);
    return made;
  };
  if (store.model.get("kind") === "model") {
    const last = store.model.get("spec").components.length - 1;
    const to = (index: number) => ({ kind: "move", component: component.id, to: [index] });
    tool("↑", "move up", to(place - 1)).disabled = place <= 0;
    tool("↓", "move down", to(place + 1)).disabled = place >= last;
    tool("✕", "remove", { kind: "remove", component: component.id });
  }
  const section = make(
    "section",
    { className: "hsj-component" },
    { "aria-label": component.name },
    make("header", { className: "hsj-head" }, {}, fold, swatch, name, type, toggle, tools),
    problem,
    body,
  );
  el.append(section);

  name.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") name.value = component.name;
    },
    { capture: true, signal },
  );
  let asked = component.name;
  onCommit(
    name,
    async () => {
      const wanted = name.value.trim();
      // Enter and then leaving, before the kernel answered, is one name.
      if (wanted === asked) return;
      asked = wanted;
      const reply = await store.ask({ kind: "name", component: component.id, value: wanted });
      say(reply.error);
      if (reply.ok || asked !== wanted) return;
      asked = component.name;
      name.value = asked;
    },
    signal,
  );
  swatch.addEventListener(
    "change",
    async () => {
      const reply = await store.ask({
        kind: "colour",
        component: component.id,
        value: swatch.value,
      });
      say(reply.error);
      if (!reply.ok) swatch.value = component.colour;
    },
    { signal },
  );
  active.addEventListener(
    "change",
    async () => {
      const wanted = active.checked;
      const reply = await store.ask({ kind: "active", component: component.id, value: wanted });
      say(reply.error);
      draw();
    },
    { signal },
  );
  const showFold = () => {
    const open = !folds.folded.has(component.id);
    body.hidden = !open;
    // As the style sheet needs it to keep room for what is not in sight.
    const rows = component.parameters.reduce((sum, { slots }) => sum + slots.length, 0);
    section.style.setProperty("--hsj-rows", String(open ? rows : 0));
    fold.textContent = open ? "▾" : "▸";
    fold.setAttribute("aria-expanded", String(open));
  };
  fold.addEventListener(
    "click",
    () => {
      if (!folds.folded.delete(component.id)) folds.folded.add(component.id);
      showFold();
    },
    { signal },
  );

  if (component.formula) {
    const math = mathOf(component.formula);
    const drawn = make(
      math === null ? "code" : "div",
      { className: "hsj-formula", title: component.formula },
      // What is wider than its column is scrolled, by the keyboard, too.
      math === null
        ? {}
        : { role: "math", tabindex: "0", "aria-label": `formula: ${component.formula}` },
      ...(math === null ? [component.formula] : []),
    );
    if (math !== null) drawn.innerHTML = math;
    body.append(drawn);
  }
  body.append(columnHeads());
  for (const parameter of component.parameters) {
    parameterView(store, parameter, component.name, folds.log, body, signal);
  }
  moreView(store, component, folds.open, say, body, signal);
  const draw = () => {
    active.checked = store.model.get("active")[place] ?? false;
    section.classList.toggle("hsj-off", !active.checked);
  };
  store.watch(["active"], draw, signal);
  draw();
  showFold();
}

/** What the columns of the rows are; for eyes only, every control has a label of its own. */
export function columnHeads(): HTMLElement {
  const heads = ["", "min", "", "max", "value", "error", "", ""];
  return make(
    "div",
    { className: "hsj-row hsj-heads" },
    { "aria-hidden": "true" },
    ...heads.map((text) => make("span", {}, {}, text)),
  );
}
