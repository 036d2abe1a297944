/** Add a component: one of the known ones by its name, or one of a formula. */
import { freshId, make, setText } from "../dom";
import type { Store } from "../state";
import type { Folds } from "./component";

/** A box to search and type in, drawn into `el`. */
export function addView(
  store: Store,
  folds: Pick<Folds, "adding">,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const known = store.model.get("spec").addable;
  const list = make("datalist", { id: freshId() });
  list.append(...known.map((value) => make("option", { value })));
  const field = make(
    "input",
    {
      type: "text",
      className: "hsj-field",
      placeholder: known.includes("Gaussian")
        ? "Gaussian, … or a formula: a * exp(-x / tau)"
        : `${known[0] ?? "a name"}, … or a formula: a * exp(-x * y / tau)`,
      spellcheck: false,
      value: folds.adding,
    },
    { "aria-label": "component to add", list: list.id, "data-hsj-focus": "add" },
  );
  const add = make(
    "button",
    { type: "button", className: "hsj-button", disabled: true },
    {},
    "Add component",
  );
  const word = make("span", { className: "hsj-advice" }, { role: "status" });
  el.append(make("div", { className: "hsj-add" }, {}, field, list, add, word));

  const wanted = () => {
    const text = field.value.trim();
    const name = known.find((one) => one.toLowerCase() === text.toLowerCase());
    return name === undefined
      ? { text, name: "Expression", formula: text }
      : { text, name, formula: "" };
  };
  const check = async () => {
    const { text, formula } = wanted();
    add.disabled = text === "";
    word.classList.remove("hsj-bad");
    if (formula === "") {
      setText(word, "");
      return;
    }
    const near = known.filter((one) => one.toLowerCase().includes(text.toLowerCase()));
    const reply = await store.requests.askNewest("check", { kind: "check", formula });
    if (reply.superseded || formula !== wanted().formula) return;
    // The beginning of a name is also a formula of one parameter, and is not meant as one.
    const searching = near.length > 0 && /^\w+$/.test(text);
    add.disabled = !reply.ok || searching;
    word.classList.toggle("hsj-bad", !reply.ok && !searching);
    setText(word, searching ? near.slice(0, 6).join(", ") : reply.ok ? reply.text : reply.error);
  };
  const send = async () => {
    if (add.disabled) return;
    const { text, name, formula } = wanted();
    // On its way: the view that is drawn once it is there begins anew.
    folds.adding = "";
    const reply = await store.ask({ kind: "add", component: name, formula });
    word.classList.toggle("hsj-bad", !reply.ok);
    setText(word, reply.error);
    if (reply.ok && text === wanted().text) field.value = "";
    if (!reply.ok) folds.adding = field.value;
  };
  field.addEventListener(
    "input",
    () => {
      folds.adding = field.value;
      void check();
    },
    { signal },
  );
  field.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") void send();
    },
    { signal },
  );
  add.addEventListener("click", () => void send(), { signal });
  if (folds.adding !== "") void check();
}
