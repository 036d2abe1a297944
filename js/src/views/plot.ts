/** The plot: its lines and handles are evaluated here; the figure is bqplot's. */
import { make, setText } from "../dom";
import type { Store } from "../state";
import { drawMarks, fetchMarks } from "./drawing";
import { legendView } from "./legend";
import { navigatorView } from "./navigator";
import { makePixel, pixelView } from "./pixel";
import { runView } from "./run";
import { figureFrame, spanView } from "./span";

/** Lines, handles and legend of a plot; `el` gets the legend, the marks are bqplot's. */
export async function plotView(store: Store, el: HTMLElement, signal: AbortSignal): Promise<void> {
  const { model } = store;
  const curves = model.get("curves");
  if (curves === null) return;
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const marks = await fetchMarks(store, curves);
  if (signal.aborted) return;
  legendView(store, marks, el, signal);
  const pixel = makePixel(store, say, signal);
  const place = make("div", { className: "hsj-where" });
  const side = make("div", { className: "hsj-side" });
  // On the page first: the navigator's colours are those of its place.
  el.append(place);
  navigatorView(store, pixel, place, say, signal);
  place.append(side);
  pixelView(pixel, side, signal, say);
  runView(store, side, say, signal);
  el.append(problem);
  spanView(store, figureFrame(store, marks.model, signal), el, signal);
  await drawMarks(store, marks, say, signal);
}
