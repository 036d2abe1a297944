/** A form: numbers of the metadata that a person is asked for, one row each. */
import { freshId, make, setText } from "../dom";
import { show } from "../numbers";
import type { QuestionRecord } from "../schema.gen";
import type { Store } from "../state";
import { makeNumberField } from "./field";

/** Title, rows and what is still missing, drawn into `el`. */
export function formView(store: Store, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const first = model.get("form");
  if (first === null) return;
  const title = model.get("spec").title;
  const rows = make("div", { className: "hsj-questions" }, { role: "group", "aria-label": title });
  const draws = first.questions.map((question) => questionRow(store, question, rows, signal));
  const status = make("output", { className: "hsj-quality" }, { "aria-live": "polite" });
  const code = make("code", { className: "hsj-formula" });
  el.append(make("strong", { className: "hsj-caption" }, {}, title), rows, status, code);
  const draw = () => {
    const record = model.get("form");
    if (record === null) return;
    for (const [k, question] of record.questions.entries()) draws[k]?.(question);
    setText(status, summary(record.questions));
    setText(code, `in Python: ${record.call}`);
  };
  store.watch(["form"], draw, signal);
  draw();
}

/** What is still missing, in words. */
export function summary(questions: readonly QuestionRecord[]): string {
  const missing = questions.filter(({ needed, value }) => needed && value === null);
  if (missing.length > 0) {
    return `still needed: ${missing.map(({ label }) => label.toLowerCase()).join(", ")}`;
  }
  const needed = questions.some((question) => question.needed);
  return needed ? "all is known; run the cell that asked again" : "what is left empty is not known";
}

function questionRow(
  store: Store,
  { name, label, units, doc, needed }: QuestionRecord,
  el: HTMLElement,
  signal: AbortSignal,
): (question: QuestionRecord) => void {
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  let known: number | null = null;
  const field = makeNumberField(
    {
      className: "hsj-field hsj-answer",
      placeholder: needed ? "needed" : "not known",
      empty: true,
      commit: async (value) => {
        say("");
        const reply = await store.requests.askNewest(name, { kind: "fill", field: name, value });
        if (!reply.ok) say(reply.error);
        write();
      },
      complain: say,
    },
    signal,
  );
  field.el.dataset.hsjFocus = name;
  const text = units ? `${label} in ${units}` : label;
  const caption = make("label", { className: "hsj-name", title: doc }, {}, label);
  field.el.id = freshId();
  caption.htmlFor = field.el.id;
  el.append(
    make(
      "div",
      { className: "hsj-question" },
      {},
      caption,
      field.el,
      make("span", { className: "hsj-units" }, {}, units),
      make("span", { className: "hsj-meaning" }, {}, doc),
    ),
    problem,
  );
  const write = () => {
    if (store.requests.flying(name)) return;
    field.draw(show(known), known === null ? doc : String(known), text, false);
    field.el.setAttribute("aria-required", String(needed));
    field.el.classList.toggle("hsj-asked", needed && known === null);
  };
  return (question) => {
    known = question.value;
    write();
  };
}
