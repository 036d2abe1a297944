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

const MARKS = ["data-hsj-focus", "aria-label"] as const;

/** The mark of what has the focus inside of an element, else its label; empty where nothing has. */
export function focusIn(el: HTMLElement): string {
  const focus = document.activeElement;
  if (focus === null || !el.contains(focus)) return "";
  return MARKS.map((name) => focus.getAttribute(name)).find(Boolean) ?? "";
}

/** Give the focus to what has this mark, after it was drawn anew. */
export function giveFocus(el: HTMLElement, mark: string): HTMLElement | null {
  if (mark === "") return null;
  const wanted = MARKS.map((name) => `[${name}="${CSS.escape(mark)}"]`).join();
  const found = el.querySelector<HTMLElement>(wanted);
  // A button that came to the end of its way: the one beside it goes on.
  const off = found?.matches("[disabled]") === true;
  const open = off
    ? found.parentElement?.querySelector<HTMLElement>("button:not([disabled])")
    : found;
  open?.focus();
  return open ?? null;
}

/** What a person is about: the mark of what has the focus, and what was typed into it so far. */
export type Attention = {
  mark: string;
  /** Which of the controls it is. */
  place: number;
  /** Not taken yet; null where nothing was typed. */
  draft: { text: string; from: number; to: number } | null;
};

/** Follow what is done inside of an element; gives what has the focus there, null where nothing. */
export function watchAttention(el: HTMLElement, signal: AbortSignal): () => Attention | null {
  // What was typed since a field got the focus, and neither taken by Enter nor left.
  let typed: EventTarget | null = null;
  const forget = () => {
    typed = null;
  };
  const type = ({ target }: Event) => {
    typed = target;
  };
  el.addEventListener("input", type, { signal });
  el.addEventListener("keydown", ({ key }) => key === "Enter" && forget(), { signal });
  el.addEventListener("focusout", forget, { signal });
  return () => {
    const [mark, field] = [focusIn(el), document.activeElement];
    if (mark === "") return null;
    const place = controlsOf(el).indexOf(field as HTMLElement);
    if (field !== typed || !(field instanceof HTMLInputElement)) {
      return { mark, place, draft: null };
    }
    const { value: text, selectionStart: from, selectionEnd: to } = field;
    // A slider has no place where one types.
    return { mark, place, draft: from === null || to === null ? null : { text, from, to } };
  };
}

const controlsOf = (el: HTMLElement) => [
  ...el.querySelectorAll<HTMLElement>([...FOCUSABLE, "[tabindex]"].join()),
];

/** Let a person go on after all was drawn anew. */
export function giveAttention(el: HTMLElement, { mark, place, draft }: Attention): void {
  const field = giveFocus(el, mark);
  if (field === null) {
    // It is gone, as of a component that was removed: on with what came into its place, from its
    // first control, since the same key again must not remove that as well.
    const next = controlsOf(el)[place];
    (next?.closest("section")?.querySelector<HTMLElement>("button") ?? next)?.focus();
    return;
  }
  if (draft === null || !(field instanceof HTMLInputElement)) return;
  field.value = draft.text;
  field.setSelectionRange(draft.from, draft.to);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** An id that nothing else on the page has: one host may be shown in several places. */
export const freshId = (): string => `hsj-${Math.random().toString(36).slice(2)}`;
