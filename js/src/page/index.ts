/** What the browser calls for the head and the foot of a dashboard. */
import type { RenderProps } from "@anywidget/types";
import { make } from "../dom";
import type { DeskState } from "../schema.gen";
import { footView, headView } from "./desk";

function render({ model, el, signal }: RenderProps<DeskState>): void {
  const head = model.get("part") === "head";
  const about = head ? "what this page shows" : "what you can take home";
  const body = make("div", { className: "hsj-view" }, { role: "region", "aria-label": about });
  el.classList.add("hsj-root");
  el.append(body);
  (head ? headView : footView)(model, body, signal);
  el.dataset.hsReady = "1";
  signal.addEventListener("abort", () => delete el.dataset.hsReady);
}

export default { render };
