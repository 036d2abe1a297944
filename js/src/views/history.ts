/** Undo, redo, and the edits as Python. */
import { make, setText } from "../dom";
import type { Store } from "../state";

/** Buttons drawn into `buttons`, and the script below them into `el`; keys work inside `root`. */
export function historyView(
  store: Store,
  buttons: HTMLElement,
  el: HTMLElement,
  root: HTMLElement,
  say: (text: string) => void,
  signal: AbortSignal,
): void {
  const button = (text: string, press: () => Promise<void>) => {
    const attributes = { "data-hsj-focus": text };
    const made = make("button", { type: "button", className: "hsj-button" }, attributes, text);
    made.addEventListener("click", () => void press(), { signal });
    buttons.append(made);
    return made;
  };
  const go = async (kind: "undo" | "redo") => say((await store.ask({ kind })).error);
  const undo = button("Undo", () => go("undo"));
  const redo = button("Redo", () => go("redo"));
  const field = make(
    "textarea",
    { readOnly: true, className: "hsj-script", hidden: true, rows: 6, spellcheck: false },
    { "aria-label": "edits as Python" },
  );
  const python = button("Copy as Python", async () => {
    const { text, error } = await store.ask({ kind: "script" });
    say(error);
    if (error !== "") return;
    field.hidden = false;
    field.value = text || "# nothing was edited by hand yet";
    field.select();
    const copied = await copy(field.value);
    setText(python, copied ? "Copied" : "Copy as Python");
    setTimeout(() => setText(python, "Copy as Python"), 1500);
  });
  python.title = "the edits made by hand since this model was first shown";
  el.append(field);
  field.addEventListener("blur", () => (field.hidden = true), { signal });

  // What is being typed is taken back by the browser, letter by letter.
  let typing: EventTarget | null = null;
  root.addEventListener("input", ({ target }) => (typing = isText(target) ? target : null), {
    signal,
  });
  root.addEventListener("focusout", () => (typing = null), { signal });
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") typing = null;
      if (typing !== null && event.target === typing) return;
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      event.stopPropagation();
      const again = key === "y" || event.shiftKey;
      if (store.model.get("history")?.[again ? "redo" : "undo"]) void go(again ? "redo" : "undo");
    },
    { signal },
  );
  const draw = () => {
    const now = store.model.get("history");
    undo.disabled = !now?.undo;
    redo.disabled = !now?.redo;
    undo.title = now?.undo ? `undo ${now.undo} (Ctrl+Z)` : "nothing to undo";
    redo.title = now?.redo ? `do again ${now.redo} (Ctrl+Shift+Z)` : "nothing to do again";
  };
  store.watch(["history"], draw, signal);
  draw();
}

function isText(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && ["text", "search"].includes(target.type);
}

/** Put a text on the clipboard; false where the page may not. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
