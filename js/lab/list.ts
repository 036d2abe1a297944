/** The list of models, and the form that makes a new one. */
import { make, setText } from "../src/dom";
import type { KernelRecord, ModelLine, SignalLine } from "../src/schema.gen";

/** What runs for a model, in a few words. */
export function describeState(line: ModelLine): string {
  const { busy, run } = line;
  if (run !== null && (run.state === "running" || run.state === "waiting")) {
    const percent = run.total > 0 ? Math.floor((100 * run.done) / run.total) : 0;
    return `fitting the map: ${percent} %`;
  }
  if (busy !== "") return `${busy} is running`;
  if (run === null) return "";
  const failed = run.failures > 0 ? `, ${run.failures} failed` : "";
  return `map ${run.state}: ${run.done} of ${run.total} pixels${failed}`;
}

export type List = { draw(record: KernelRecord | null, chosen: string | null): void };

/** Buttons, one a model; they are kept while their model lives, so that the focus stays. */
export function makeList(
  el: HTMLElement,
  choose: (key: string) => void,
  withComponents: () => boolean,
): List {
  const rows = new Map<string, { row: HTMLElement; write: (line: ModelLine) => void }>();
  const makeRow = (key: string) => {
    const name = make("code", { className: "hsj-side-name" });
    const title = make("span", { className: "hsj-side-title" });
    const components = make("span", { className: "hsj-side-components" });
    const state = make("span", { className: "hsj-side-state" });
    const button = make(
      "button",
      { type: "button", className: "hsj-side-model" },
      {},
      name,
      title,
      components,
      state,
    );
    button.addEventListener("click", () => choose(key));
    const row = make("li", {}, {}, button);
    const write = (line: ModelLine) => {
      setText(name, line.name);
      setText(title, [line.title, line.dimensions].filter(Boolean).join(" · "));
      setText(components, withComponents() ? line.components.join(", ") || "no component yet" : "");
      setText(state, describeState(line));
    };
    return { row, write, button };
  };
  return {
    draw(record, chosen) {
      const models = record?.models ?? [];
      const kept = new Set(models.map((line) => line.key));
      for (const [key, { row }] of [...rows]) {
        if (kept.has(key)) continue;
        row.remove();
        rows.delete(key);
      }
      models.forEach((line, place) => {
        let known = rows.get(line.key);
        if (known === undefined) {
          known = makeRow(line.key);
          rows.set(line.key, known);
        }
        known.write(line);
        const button = known.row.firstElementChild;
        button?.setAttribute("aria-pressed", String(line.key === chosen));
        if (el.children[place] !== known.row)
          el.insertBefore(known.row, el.children[place] ?? null);
      });
    },
  };
}

export type Form = {
  el: HTMLDetailsElement;
  draw(record: KernelRecord | null): void;
  open(): void;
};

type Make = (signal: string, name: string, components: string[]) => Promise<boolean>;

/** m, m2, m3 …: the first that none of these has. */
function freeName(taken: readonly { name: string }[]): string {
  const names = new Set(taken.map((one) => one.name));
  let name = "m";
  for (let k = 2; names.has(name); k += 1) name = `m${k}`;
  return name;
}

/** The form for a new model of a signal that lives in the kernel. */
export function makeForm(create: Make): Form {
  const label = (text: string, field: HTMLElement) => make("label", {}, {}, text, field);
  const signal = make("select", { className: "hsj-side-field" });
  const name = make("input", { type: "text", className: "hsj-side-field", value: "m" });
  name.spellcheck = false;
  const first = make("select", { className: "hsj-side-field", multiple: true, size: 5 });
  const submit = make("button", { type: "submit", className: "hsj-side-button" }, {}, "Make model");
  const none = make("p", { className: "hsj-side-quiet" }, {}, "No signal in this kernel yet.");
  const form = make(
    "form",
    {},
    { "aria-label": "new model" },
    label("Of the signal", signal),
    label("Called", name),
    label("Begins with (none, one or several)", first),
    submit,
  );
  const el = make("details", { className: "hsj-side-new" });
  el.append(make("summary", {}, {}, "New model"), none, form);
  let signals: SignalLine[] = [];
  let suggested = name.value;

  const fill = () => {
    const line = signals.find((one) => one.name === signal.value);
    const names = line?.addable ?? [];
    if (names.join() === [...first.options].map((one) => one.value).join()) return;
    first.replaceChildren(...names.map((one) => make("option", { value: one }, {}, one)));
  };
  signal.addEventListener("change", fill);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const components = [...first.selectedOptions].map((one) => one.value);
    submit.disabled = true;
    const made = await create(signal.value, name.value.trim(), components);
    submit.disabled = false;
    if (made) el.open = false;
  });
  return {
    el,
    open: () => {
      el.open = true;
      signal.focus();
    },
    draw(record) {
      signals = record?.signals ?? [];
      // What a person wrote stays.
      if (name.value === suggested) {
        suggested = freeName([...signals, ...(record?.models ?? [])]);
        name.value = suggested;
      }
      none.hidden = signals.length > 0;
      form.hidden = signals.length === 0;
      const shown = [...signal.options].map((one) => one.text).join("\n");
      const words = (one: SignalLine) => (one.title ? `${one.name} (${one.title})` : one.name);
      if (shown !== signals.map(words).join("\n")) {
        const before = signal.value;
        signal.replaceChildren(
          ...signals.map((one) => make("option", { value: one.name }, {}, words(one))),
        );
        const kept = signals.find((one) => one.name === before) ?? signals[0];
        signal.value = kept?.name ?? "";
      }
      fill();
    },
  };
}
