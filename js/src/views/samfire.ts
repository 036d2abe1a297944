/** A SAMFire fit: its map, its strategies, and what is told of the pixel one clicks. */
import { make, setText } from "../dom";
import { show } from "../numbers";
import type { HistogramRecord, SamfireRecord } from "../schema.gen";
import type { Store } from "../state";
import { navigatorView } from "./navigator";
import { makePixel } from "./pixel";
import { runView } from "./run";

const SVG = "http://www.w3.org/2000/svg";
/** Size of a histogram in its own units. */
const [WIDE, HIGH] = [120, 40];

/** Title, progress, map, strategies, history and histograms, drawn into `el`. */
export function samfireView(store: Store, el: HTMLElement, signal: AbortSignal): void {
  const { model } = store;
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  el.append(make("strong", { className: "hsj-caption" }, {}, model.get("spec").title), problem);
  runView(store, el, say, signal);
  const left = make("div", { className: "hsj-samfire-map" });
  const strategies = make("table", { className: "hsj-strategies" }, { "aria-label": "strategies" });
  const title = make("strong", { className: "hsj-caption" });
  const list = make("ol", { className: "hsj-attempts" });
  const history = make(
    "section",
    { className: "hsj-story" },
    { "aria-label": "history of the pixel", "aria-live": "polite" },
    title,
    list,
  );
  const right = make("div", { className: "hsj-samfire-words" }, {}, strategies, history);
  const histograms = make("div", { className: "hsj-histograms" });
  const summary = make("pre", { className: "hsj-summary" }, { "aria-label": "summary" });
  el.append(make("div", { className: "hsj-samfire" }, {}, left, right), histograms, summary);
  navigatorView(store, makePixel(store, say, signal), left, say, signal);
  const draw = () => {
    const record = model.get("samfire");
    if (record === null) return;
    strategies.replaceChildren(...rows(record));
    setText(title, record.title);
    list.replaceChildren(...record.history.map((text) => make("li", {}, {}, text)));
    list.hidden = record.history.length === 0;
    histograms.replaceChildren(...record.histograms.map(histogram));
    histograms.hidden = record.histograms.length === 0;
    setText(summary, record.summary.join("\n"));
  };
  store.watch(["samfire"], draw, signal);
  draw();
}

/** One row a strategy: an arrow at the active one, its name, and what it did. */
function rows({ strategies, done, left }: SamfireRecord): HTMLElement[] {
  const found = strategies.map(({ name, active, done }) =>
    make(
      "tr",
      {},
      active ? { "aria-current": "true" } : {},
      make("td", {}, {}, active ? "▸" : ""),
      make("td", {}, {}, name),
      make("td", {}, {}, `${done} done`),
    ),
  );
  const all = make("td", {}, {}, `${done} done, ${left} left`);
  return [...found, make("tr", {}, {}, make("td"), make("td", {}, {}, "all pixels"), all)];
}

/** How frequent the values of a number are, as bars. */
export function histogram({ name, heights, edges }: HistogramRecord): HTMLElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  svg.setAttribute("role", "img");
  const [low, high] = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
  const width = (k: number) => (edges[k + 1] ?? 0) - (edges[k] ?? 0);
  // Bins may differ in width: what counts is how many stand in a unit.
  const density = heights.map((height, k) => height / (width(k) || 1));
  const most = Math.max(...density) || 1;
  const span = high - low || 1;
  density.forEach((height, k) => {
    const bar = document.createElementNS(SVG, "rect");
    const tall = (HIGH * height) / most;
    bar.setAttribute("x", String((WIDE * ((edges[k] ?? 0) - low)) / span));
    bar.setAttribute("y", String(HIGH - tall));
    bar.setAttribute("width", String((WIDE * width(k)) / span));
    bar.setAttribute("height", String(tall));
    svg.append(bar);
  });
  const ends = `${show(low, 4)} … ${show(high, 4)}`;
  svg.setAttribute("aria-label", `histogram of ${name}, ${ends}`);
  const figure = make("figure", { className: "hsj-histogram" });
  figure.append(make("figcaption", {}, {}, name), svg, make("small", {}, {}, ends));
  return figure;
}
