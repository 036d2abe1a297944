/** The plot: its lines and handles are evaluated here; the figure is bqplot's. */
import { make, setText } from "../dom";
import { makeHands } from "../hands";
import { hushTooltips } from "../marks";
import { makeOverlay } from "../overlay";
import { makePicker } from "../picker";
import { heightsOf } from "../scene";
import type { Store } from "../state";
import { drawMarks, fetchMarks } from "./drawing";
import { legendView } from "./legend";
import { navigatorView } from "./navigator";
import { makePixel, pixelView } from "./pixel";
import { pointView } from "./point";
import { runView } from "./run";
import { figureFrame, spanView } from "./span";
import { toolbarView } from "./toolbar";

/** The component that was chosen last, which it is still when the plot is built anew. */
const chosen = new WeakMap<Store, string | null>();

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
  for (const figure of [marks.figure, marks.rest]) void hushTooltips(figure);
  const overlay = makeOverlay(marks.model, el, signal);
  const readout = make("output", { className: "hsj-readout" }, { "aria-live": "polite" });
  const picker = makePicker((text) => setText(readout, text), chosen.get(store));
  picker.watch(() => chosen.set(store, picker.chosen()), signal);
  legendView(store, marks, say, el, signal).append(readout);
  const bar = toolbarView(store, marks, overlay, say, el, signal);
  const pixel = makePixel(store, say, signal);
  const place = make("div", { className: "hsj-where" });
  const side = make("div", { className: "hsj-beside-map" });
  el.append(place);
  navigatorView(store, pixel, place, say, signal);
  place.append(side);
  pixelView(pixel, side, signal, say);
  runView(store, side, say, signal, pixel);
  el.append(problem);
  spanView(store, figureFrame(store, marks.model, signal), el, signal);
  const inView = () => heightsOf(marks.model);
  const hands = makeHands({ store, overlay, picker, inView }, signal);
  const lines = await drawMarks(store, marks, { say, hands }, signal);
  pointView({ store, overlay, lines, bar, readout, say }, signal);
  overlay.refresh();
}
