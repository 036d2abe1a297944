/** All parameters in one table: sorted, chosen, set together, copied. */
import { make, setText } from "../dom";
import { readNumber, show, showWithError } from "../numbers";
import type { Store } from "../state";
import { copy } from "./history";

/** What a person did with the table; kept over a change of structure. */
export type TableState = { chosen: Set<string>; by: number; down: boolean };

/** A table that nobody touched yet. */
export const newTable = (): TableState => ({ chosen: new Set(), by: -1, down: false });

const HEADS = [
  "component",
  "parameter",
  "value",
  "error",
  "units",
  "free",
  "min",
  "max",
  "follows",
];

type Line = {
  slot: number;
  name: string;
  whose: string;
  units: string;
  row: HTMLTableRowElement;
  cells: HTMLTableCellElement[];
  box: HTMLInputElement;
};

/** The table, drawn into `el`; `filter` says which names are shown. */
export function tableView(
  store: Store,
  state: TableState,
  filter: () => string,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): { draw(): void } {
  const { model } = store;
  const spec = model.get("spec");
  const all = make("input", { type: "checkbox" }, { "aria-label": "choose all parameters" });
  const heads = HEADS.map((text, k) => {
    const button = make(
      "button",
      { type: "button", className: "hsj-sort" },
      { "data-hsj-focus": `sort ${text}` },
      text,
    );
    button.addEventListener(
      "click",
      () => {
        state.down = state.by === k && !state.down;
        state.by = k;
        draw();
      },
      { signal },
    );
    return make("th", { scope: "col" }, {}, button);
  });
  const body = make("tbody");
  const table = make(
    "table",
    { className: "hsj-table" },
    { "aria-label": "all parameters" },
    make("thead", {}, {}, make("tr", {}, {}, make("th", {}, {}, all), ...heads)),
    body,
  );
  const lines: Line[] = [];
  for (const component of spec.components) {
    for (const parameter of component.parameters) {
      parameter.slots.forEach((slot, element) => {
        const name = parameter.elements[element] ?? parameter.name;
        const label = `${component.name} ${name}`;
        const box = make("input", { type: "checkbox" }, { "aria-label": `choose ${label}` });
        const cells = HEADS.map(() => make("td"));
        const swatch = make("span", { className: "hsj-key hsj-dot" }, { "aria-hidden": "true" });
        swatch.style.setProperty("--hsj-colour", component.colour);
        cells[0]?.append(swatch, ` ${component.name}`);
        setText(cells[1] as HTMLElement, name);
        if (parameter.doc) (cells[1] as HTMLElement).title = parameter.doc;
        setText(cells[4] as HTMLElement, parameter.units);
        // A narrow table cuts it off.
        (cells[4] as HTMLElement).title = parameter.units;
        const row = make("tr", {}, {}, make("td", {}, {}, box), ...cells);
        const line = { slot, name, whose: component.name, units: parameter.units, row, cells, box };
        const id = spec.slots[slot] ?? "";
        box.checked = state.chosen.has(id);
        box.addEventListener(
          "change",
          () => {
            if (box.checked) state.chosen.add(id);
            else state.chosen.delete(id);
            drawChosen();
          },
          { signal },
        );
        row.addEventListener(
          "click",
          (event) => {
            if (!(event.target instanceof HTMLInputElement)) box.click();
          },
          { signal },
        );
        lines.push(line);
      });
    }
  }
  all.addEventListener(
    "change",
    () => {
      // Each press draws this box, too.
      const on = all.checked;
      for (const line of shown()) if (line.box.checked !== on) line.box.click();
    },
    { signal },
  );

  const count = make("span", { className: "hsj-quality" }, { role: "status" });
  const what = make("select", { className: "hsj-choice" }, { "aria-label": "what to set" });
  for (const [value, text] of [
    ["value", "value"],
    ["bmin", "min"],
    ["bmax", "max"],
    ["link", "follows"],
  ] as const) {
    what.append(make("option", { value }, {}, text));
  }
  const field = make(
    "input",
    { type: "text", className: "hsj-field", spellcheck: false, autocomplete: "off" },
    { "aria-label": "set the chosen to" },
  );
  const ask = async (name: string, value: unknown) => {
    const slots = chosen().map(({ slot }) => spec.slots[slot] ?? "");
    say(slots.length === 0 ? "choose parameters first, by their boxes" : "");
    if (slots.length === 0) return;
    const reply = await store.ask({ kind: "set_many", slots, field: name, value });
    say(reply.error);
  };
  const set = () => {
    const text = field.value.trim();
    if (what.value === "link") return void ask("link", text);
    if (what.value !== "value" && (text === "" || text.toLowerCase() === "none")) {
      return void ask(what.value, null);
    }
    const typed = readNumber(text);
    if (typed.ok) void ask(what.value, typed.number);
    else say(typed.why);
  };
  const button = (text: string, title: string, press: () => void) => {
    const made = make("button", { type: "button", className: "hsj-button", title }, {}, text);
    made.addEventListener("click", press, { signal });
    return made;
  };
  field.addEventListener("keydown", (event) => event.key === "Enter" && set(), { signal });
  const clip = button("Copy", "the chosen, or all, as a table to paste elsewhere", async () => {
    const done = await copy(asText(chosen().length > 0 ? chosen() : shown()));
    setText(clip, done ? "Copied" : "not allowed here");
    setTimeout(() => setText(clip, "Copy"), 1500);
  });
  const hint = () => {
    field.placeholder =
      what.value === "link" ? "2 * Gaussian_0.sigma" : what.value === "value" ? "1.5" : "none";
  };
  what.addEventListener("change", hint, { signal });
  hint();
  const bar = make(
    "div",
    { className: "hsj-buttons hsj-bulk" },
    { role: "group", "aria-label": "set the chosen parameters" },
    count,
    what,
    field,
    button("Set", "set it in all that are chosen", set),
    button("Free", "a fit may change the chosen", () => void ask("free", true)),
    button("Fix", "no fit changes the chosen", () => void ask("free", false)),
    clip,
  );
  el.append(bar, make("div", { className: "hsj-scroll" }, {}, table));

  const shown = () => lines.filter(({ row }) => !row.hidden);
  const chosen = () => lines.filter(({ box, row }) => box.checked && !row.hidden);
  const drawChosen = () => {
    const [some, of] = [chosen().length, shown().length];
    setText(count, `${some} of ${of} chosen`);
    all.checked = some > 0 && some === of;
    all.indeterminate = some > 0 && some < of;
  };
  const key = (line: Line): string | number => {
    // What is not known stands at one end: NaN is neither more nor less than anything.
    const number = (value: number | null | undefined) =>
      Number.isNaN(value ?? Number.NaN) ? Number.NEGATIVE_INFINITY : Number(value);
    switch (state.by) {
      case 2:
        return number(store.value(line.slot));
      case 3:
        return number(model.get("std")[line.slot]);
      case 6:
        return number(model.get("bmin")[line.slot]);
      case 7:
        return number(model.get("bmax")[line.slot]);
      default:
        return line.cells[state.by]?.textContent ?? "";
    }
  };
  const sort = () => {
    heads.forEach((head, k) => {
      const way = state.by === k ? (state.down ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", way);
    });
    if (state.by < 0) return;
    const sorted = [...lines].sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      return left < right ? -1 : left > right ? 1 : a.slot - b.slot;
    });
    if (state.down) sorted.reverse();
    body.append(...sorted.map(({ row }) => row));
  };
  const drawLine = (line: Line) => {
    const { slot, cells } = line;
    const std = model.get("std")[slot] ?? null;
    const text = showWithError(store.value(slot), std);
    const words = [
      null,
      null,
      text.value,
      text.std.replace("± ", ""),
      null,
      model.get("free")[slot] ? "free" : "fixed",
      show(model.get("bmin")[slot] ?? null) || "none",
      show(model.get("bmax")[slot] ?? null) || "none",
      model.get("linked")[slot] ?? "",
    ];
    words.forEach((word, k) => {
      const cell = cells[k];
      if (word !== null && cell !== undefined) setText(cell, word);
    });
    line.row.classList.toggle("hsj-fixed", model.get("free")[slot] !== true);
  };
  const draw = () => {
    const wanted = filter();
    for (const line of lines) {
      drawLine(line);
      line.row.hidden = !`${line.whose} ${line.name}`.toLowerCase().includes(wanted);
    }
    sort();
    drawChosen();
  };
  /** As it is shown, but with all digits of the numbers. */
  const wordsOf = ({ slot, cells }: Line) => {
    const words = cells.map((cell) => (cell.textContent ?? "").trim());
    words[2] = String(store.value(slot));
    for (const [k, column] of [
      [3, "std"],
      [6, "bmin"],
      [7, "bmax"],
    ] as const) {
      const number = model.get(column)[slot] ?? null;
      if (number !== null) words[k] = String(number);
    }
    return words;
  };
  const asText = (some: readonly Line[]) =>
    [HEADS, ...some.map(wordsOf)].map((row) => row.join("\t")).join("\n");

  body.append(...lines.map(({ row }) => row));
  const values = () => lines.forEach(drawLine);
  store.watchValues(values, signal);
  store.watch(["std", "free", "bmin", "bmax", "linked"], values, signal);
  draw();
  return { draw };
}
