/** A fit of many pixels: how far it is, how fast, and a button to end it. */
import { make, setText } from "../dom";
import { showSeconds } from "../numbers";
import type { RunRecord } from "../schema.gen";
import type { Store } from "../state";
import { interrupt } from "../wire";

/** Milliseconds after which a kernel that does not answer is taken for busy. */
const DEAF = 300;

/** One sentence on a run. */
export function describeRun({ state, done, total, failures, seconds }: RunRecord): string {
  const words = [`${state}: ${done} of ${total} pixels`];
  if (done > 0 && seconds > 0) {
    const rate = done / seconds;
    words.push(`${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)} pixels/s`);
    if (state === "running" && done < total) {
      words.push(`${showSeconds((total - done) / rate)} left`);
    } else if (state !== "running") {
      words.push(showSeconds(seconds));
    }
  }
  if (failures > 0) words.push(`${failures} failed`);
  return words.join(" · ");
}

/** Progress and Cancel, drawn into `el`; hidden before the first run. */
export function runView(
  store: Store,
  el: HTMLElement,
  say: (text: string) => void,
  signal: AbortSignal,
): void {
  const bar = make(
    "progress",
    { className: "hsj-progress" },
    { "aria-label": "fit of all pixels" },
  );
  const words = make("span", { className: "hsj-words" }, { "aria-live": "polite" });
  const cancel = make("button", { type: "button", className: "hsj-button" }, {}, "Cancel");
  const box = make("div", { className: "hsj-run" }, {}, bar, words, cancel);
  cancel.addEventListener(
    "click",
    async () => {
      cancel.disabled = true;
      // A kernel that waits for the run in a cell hears nothing: then the cell is interrupted.
      const awaited = store.model.get("run")?.awaited === true;
      const timer = awaited ? window.setTimeout(() => interrupt(store.model), DEAF) : 0;
      const { error } = await store.ask({ kind: "cancel" });
      window.clearTimeout(timer);
      // The run may have ended before the kernel heard of it.
      say(awaited ? "" : error);
    },
    { signal },
  );
  const draw = () => {
    const run = store.model.get("run");
    box.hidden = run === null;
    if (run === null) return;
    const going = run.state === "running" || run.state === "waiting";
    bar.max = Math.max(1, run.total);
    bar.value = run.done;
    setText(words, describeRun(run));
    cancel.hidden = !going;
    if (!going) cancel.disabled = false;
  };
  store.watch(["run"], draw, signal);
  el.append(box);
  draw();
}
