/** What the browser calls: shows a host with the view of its kind. */
import type { RenderProps } from "@anywidget/types";
import { type Attention, giveAttention, make, setText, watchAttention } from "./dom";
import { afterOthers } from "./others";
import { controlsView } from "./page/controls";
import type { HostState } from "./schema.gen";
import { makeStore, type Store } from "./state";
import { columnHeads, componentView, type Folds, newFolds } from "./views/component";
import { formView } from "./views/form";
import { imageView } from "./views/image";
import { modelView } from "./views/model";
import { parameterView } from "./views/parameter";
import { plotView } from "./views/plot";
import { runPanel } from "./views/run";
import { samfireView } from "./views/samfire";

/** Milliseconds after which a view says that it waits for the kernel. */
const PATIENCE = 800;

type Draw = (
  store: Store,
  folds: Folds,
  el: HTMLElement,
  signal: AbortSignal,
) => void | Promise<void>;

const VIEWS: Record<HostState["kind"], Draw> = {
  parameter: (store, folds, el, signal) => {
    const [component] = store.model.get("spec").components;
    const [parameter] = component?.parameters ?? [];
    if (component === undefined || parameter === undefined) return;
    el.append(make("strong", { className: "hsj-caption" }, {}, store.model.get("spec").title));
    el.append(columnHeads());
    parameterView(store, parameter, component.name, folds.log, el, signal);
  },
  component: (store, folds, el, signal) => {
    for (const one of store.model.get("spec").components) {
      componentView(store, one, folds, el, signal);
    }
  },
  form: (store, _folds, el, signal) => formView(store, el, signal),
  image: (store, _folds, el, signal) => imageView(store, el, signal),
  model: modelView,
  plot: (store, _folds, el, signal) => plotView(store, el, signal),
  recipe: (store, _folds, el, signal) => controlsView(store, el, signal),
  samfire: (store, _folds, el, signal) => samfireView(store, el, signal),
  run: (store, _folds, el, signal) => runPanel(store, el, signal),
};

/** What a view is built anew for, where it is not the structure of the model. */
const STRUCTURE: Partial<Record<HostState["kind"], readonly (keyof HostState & string)[]>> = {
  plot: ["curves"],
  image: ["spec", "image"],
};

function render({ model, el, signal }: RenderProps<HostState>): void {
  const store = makeStore(model, signal);
  const folds = newFolds();
  const kind = model.get("kind");
  const body = make("div", { className: `hsj-view hsj-kind-${kind}` });
  const wait = make("p", { className: "hsj-wait", hidden: true }, { role: "status" });
  el.classList.add("hsj-root");
  el.append(body, wait);

  let drawn = new AbortController();
  const attention = watchAttention(body, signal);
  let before: Attention | null = null;
  const rebuild = () => {
    // A plot takes a while: it may be built anew before it had the focus back.
    before = attention() ?? before;
    drawn.abort();
    drawn = new AbortController();
    const { signal: now } = drawn;
    body.replaceChildren();
    const done = () => {
      if (now.aborted) return;
      if (document.activeElement === document.body && before) giveAttention(body, before);
      before = null;
      // Set once all is drawn: tests and dashboards wait for it.
      el.dataset.hsReady = "1";
    };
    const fail = (error: unknown) => {
      if (now.aborted) return;
      body.append(make("p", { className: "hsj-problem" }, { role: "alert" }, String(error)));
    };
    const drawing = VIEWS[kind](store, folds, body, now);
    if (drawing instanceof Promise) drawing.then(done, fail);
    else done();
  };
  const structure = STRUCTURE[kind] ?? (["spec"] as const);
  const problem = make("p", { className: "hsj-problem" }, { role: "alert" });
  const tell = () => {
    // What cannot be shown any more must not look as if it could.
    setText(problem, model.get("problem"));
    problem.hidden = model.get("problem") === "";
    body.hidden = !problem.hidden;
  };
  el.append(problem);
  store.watch(["problem"], tell, signal);
  tell();
  watchPatience(store, wait, signal);
  signal.addEventListener("abort", () => {
    drawn.abort();
    delete el.dataset.hsReady;
  });
  const begin = () => {
    store.watch(structure, rebuild, signal);
    rebuild();
  };
  afterOthers(begin, signal);
}

function watchPatience(store: Store, wait: HTMLElement, signal: AbortSignal): void {
  let timer = 0;
  store.watchRequests(() => {
    if (store.requests.count() === 0) {
      window.clearTimeout(timer);
      timer = 0;
      wait.hidden = true;
    } else if (timer === 0) {
      timer = window.setTimeout(() => {
        const busy = store.model.get("busy");
        setText(wait, busy ? `${busy} is running …` : "waiting for the kernel …");
        wait.hidden = false;
      }, PATIENCE);
    }
  }, signal);
  signal.addEventListener("abort", () => window.clearTimeout(timer));
}

export default { render };
