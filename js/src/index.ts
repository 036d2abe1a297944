// What the browser calls: shows the host's root.
import type { RenderProps } from "@anywidget/types";

/** Marks `el` as the place of this widget; the views of the room `gui` are drawn into it. */
function render({ el, signal }: RenderProps): void {
  el.classList.add("hsj-root");
  el.dataset.hsReady = "1";
  signal.addEventListener("abort", () => delete el.dataset.hsReady, { once: true });
}

export default { render };
