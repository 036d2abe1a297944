/** The other outputs of the page, which may still wait for their models. */

/** What ipywidgets has in an output for as long as its model is not there. */
const LOADING = "Loading widget...";
/** Milliseconds: ipywidgets looks for a model ten times a second. */
const A_LOOK = 120;

/** Whether outputs beside this view's own look for their models. */
function othersLook(): boolean {
  const outputs = document.querySelectorAll(".jp-OutputArea-output");
  return [...outputs].filter((output) => output.textContent === LOADING).length > 1;
}

/**
 * Do something long, after all outputs that look for their models had a chance to find them.
 *
 * ipywidgets gives up two seconds after it began ("model not found"), and does not look once more
 * when the page was busy at that moment, though the model is there (jupyter-widgets/ipywidgets#4026).
 */
export function afterOthers(what: () => void, signal: AbortSignal): void {
  if (!othersLook()) {
    what();
    return;
  }
  const timer = window.setTimeout(what, A_LOOK);
  signal.addEventListener("abort", () => window.clearTimeout(timer));
}
