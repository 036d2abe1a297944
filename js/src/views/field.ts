/** A field for a number, as people type it; what it does not understand it says, and restores. */
import { make, onCommit } from "../dom";
import { readNumber } from "../numbers";

export type NumberField = {
  el: HTMLInputElement;
  /** Show a number as `text`; not while a person types. */
  draw(text: string, exact: string, label: string, off: boolean): void;
};

type Options = {
  className: string;
  placeholder: string;
  /** Whether nothing is an answer, too. */
  empty: boolean;
  commit: (value: number | null) => void;
  complain: (why: string) => void;
};

/** A field that calls `commit` on Enter and on leaving, where a person changed it. */
export function makeNumberField(options: Options, signal: AbortSignal): NumberField {
  const { className, placeholder, empty, commit, complain } = options;
  const el = make(
    "input",
    { type: "text", className, placeholder, autocomplete: "off", spellcheck: false },
    { inputmode: "decimal" },
  );
  let shown = "";
  const restore = () => {
    el.value = shown;
  };

  // Before `ownKeys` blurs it: leaving would commit.
  el.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") restore();
    },
    { capture: true, signal },
  );
  el.addEventListener("focus", () => el.select(), { signal });
  onCommit(
    el,
    () => {
      const text = el.value.trim();
      // What is displayed is rounded: unless it was typed, it is not an answer.
      if (text === shown) return;
      if (empty && (text === "" || text.toLowerCase() === "none")) {
        shown = "";
        restore();
        commit(null);
        return;
      }
      const typed = readNumber(text);
      if (!typed.ok) {
        restore();
        complain(typed.why);
        return;
      }
      shown = text;
      commit(typed.number);
    },
    signal,
  );

  return {
    el,
    draw(text, exact, label, off) {
      el.disabled = off;
      el.title = exact;
      el.setAttribute("aria-label", label);
      const typing = document.activeElement === el && el.value !== shown;
      shown = text;
      if (!typing && el.value !== shown) restore();
    },
  };
}
