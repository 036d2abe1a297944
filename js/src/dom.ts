/** Make an element. */

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "dataset">
>;

const FOCUSABLE = new Set(["input", "button", "select", "summary", "textarea"]);

/** An element with properties, attributes (`aria-…`, `data-…`) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  Object.assign(el, properties);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  if (FOCUSABLE.has(tag)) ownKeys(el);
  el.append(...children);
  return el;
}

/**
 * Keep Jupyter's shortcuts away from an element; Escape gives the focus back.
 * The attribute has to stand on the very element that has the focus, on a parent it does nothing.
 */
export function ownKeys(el: HTMLElement | SVGElement): void {
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  el.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key === "Escape") el.blur();
  });
}

/** Call `commit` on Enter and on leaving; JupyterLab keeps Enter's `change` from inputs. */
export function onCommit(input: HTMLInputElement, commit: () => void, signal: AbortSignal): void {
  input.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter") commit();
    },
    { signal },
  );
  input.addEventListener("blur", commit, { signal });
}

/** Set a text only where it differs, so that nothing flickers and no selection is lost. */
export function setText(el: HTMLElement, text: string): void {
  if (el.textContent !== text) el.textContent = text;
}
