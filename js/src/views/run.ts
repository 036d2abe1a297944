/** A fit of many pixels: how far it is, how fast, buttons to hold and end it, and what failed. */
import { make, setText } from "../dom";
import { showSeconds } from "../numbers";
import type { FailureRecord, RunRecord } from "../schema.gen";
import type { Store } from "../state";
import { interrupt } from "../wire";
import { navigatorView } from "./navigator";
import { makePixel, type Pixel } from "./pixel";

/** Milliseconds after which a kernel that does not answer is taken for busy. */
const DEAF = 300;

/** One sentence on a run. */
export function describeRun(run: RunRecord): string {
  const { state, done, total, failures, seconds, rate, eta, note } = run;
  const words = [`${state}: ${done} of ${total} pixels`];
  if (rate !== null) {
    words.push(`${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)} pixels/s`);
    if (state === "running" && done < total && eta !== null) words.push(`${showSeconds(eta)} left`);
    else if (state !== "running") words.push(showSeconds(seconds));
  }
  if (failures > 0) words.push(`${failures} failed`);
  if (note) words.push(note);
  return words.join(" · ");
}

/** Progress, Pause, Cancel and the failures, drawn into `el`; hidden before the first run. */
export function runView(
  store: Store,
  el: HTMLElement,
  say: (text: string) => void,
  signal: AbortSignal,
  pixel?: Pixel,
): void {
  const bar = make(
    "progress",
    { className: "hsj-progress" },
    { "aria-label": "fit of all pixels" },
  );
  const words = make("span", { className: "hsj-words" });
  const cancel = make("button", { type: "button", className: "hsj-button" }, {}, "Cancel");
  const hold = make("button", { type: "button", className: "hsj-button hsj-hold" });
  const failures = make("details", { className: "hsj-failures" });
  const box = make("div", { className: "hsj-run" }, {}, bar, words, hold, cancel);
  cancel.addEventListener(
    "click",
    async () => {
      cancel.disabled = true;
      // A kernel that waits for the run in a cell hears nothing: then the cell is interrupted.
      const awaited = store.model.get("run")?.awaited === true;
      const timer = awaited ? window.setTimeout(() => interrupt(store.model), DEAF) : 0;
      const { error } = await store.ask({ kind: "cancel" });
      window.clearTimeout(timer);
      if (error !== "") cancel.disabled = false;
      // The run may have ended before the kernel heard of it.
      say(awaited ? "" : error);
    },
    { signal },
  );
  hold.addEventListener(
    "click",
    async () => {
      hold.disabled = true;
      const kind = store.model.get("run")?.state === "paused" ? "resume" : "pause";
      const { error } = await store.ask({ kind });
      hold.disabled = false;
      say(error);
    },
    { signal },
  );
  let listed = "";
  const draw = () => {
    const run = store.model.get("run");
    box.hidden = run === null;
    failures.hidden = run === null || pixel === undefined || run.failures === 0;
    if (run === null) return;
    const paused = run.state === "paused";
    const going = run.state === "running" || run.state === "waiting" || paused;
    bar.max = Math.max(1, run.total);
    bar.value = run.done;
    // Its end is read out, not each of its steps.
    words.setAttribute("aria-live", going && !paused ? "off" : "polite");
    setText(words, describeRun(run));
    cancel.hidden = !going;
    // A kernel that waits in a cell would not hear of it before the end.
    hold.hidden = !going || (run.awaited && !paused);
    setText(hold, paused ? (run.note ? "Go on here" : "Resume") : "Pause");
    if (!going) cancel.disabled = false;
    const now = JSON.stringify([run.failures, run.failed]);
    if (pixel === undefined || failures.hidden || now === listed) return;
    listed = now;
    failures.replaceChildren(...listFailures(run, pixel));
  };
  store.watch(["run"], draw, signal);
  el.append(box, failures);
  draw();
}

/** What failed, by pixel with the reason; a click goes there. */
function listFailures({ failures, failed }: RunRecord, pixel: Pixel): HTMLElement[] {
  const more = failures > failed.length ? `, the first ${failed.length} of them` : "";
  const row = ({ place, reason }: FailureRecord) => {
    const name = `(${place.join(", ")})`;
    const button = make(
      "button",
      { type: "button", className: "hsj-go", title: "go to this pixel" },
      { "aria-label": `go to pixel ${name}` },
      name,
    );
    button.addEventListener("click", () => void pixel.go(place));
    return make("li", {}, {}, button, make("span", {}, {}, ` ${reason}`));
  };
  return [
    make("summary", {}, {}, `${failures} could not be fitted${more}`),
    make("ul", {}, {}, ...failed.map(row)),
  ];
}

/** A run by itself: its progress, the map that fills in, and what failed. */
export function runPanel(store: Store, el: HTMLElement, signal: AbortSignal): void {
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const pixel = makePixel(store, say, signal);
  runView(store, el, say, signal, pixel);
  el.append(problem);
  navigatorView(store, pixel, el, say, signal);
}
