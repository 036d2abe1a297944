/** Tells a visitor that the page has lost its kernel: it was left alone too long, or the net went. */
import { make } from "../dom";

type Source<T> = {
  connect(slot: (sender: unknown, value: T) => void): boolean;
  disconnect(slot: (sender: unknown, value: T) => void): boolean;
};

/** What Jupyter's pages know of a kernel, as far as it is looked at here. */
export type Watched = {
  connectionStatusChanged: Source<string>;
  statusChanged: Source<string>;
  iopubMessage: Source<{ header: { msg_type: string } }>;
};

/** Milliseconds that a connection may be away without a word. */
const PATIENCE = 3000;
const OVER = new Set(["dead", "terminating", "restarting", "autorestarting"]);
const AWAY =
  "This page has lost its connection, and tries again. If it does not come back, load the page again.";
const ENDED =
  "This page was left alone for long, or what runs it was started again: what was done here is gone. " +
  "Load the page again to go on.";

/** A note that stands above everything while the kernel is away; nothing on pages of another kind. */
export function lostView(kernel: Watched | undefined, el: HTMLElement, signal: AbortSignal): void {
  if (!kernel?.connectionStatusChanged || !kernel.statusChanged || !kernel.iopubMessage) return;
  const words = make("span");
  const again = make("button", { type: "button", className: "hsj-button" }, {}, "Load again");
  again.addEventListener("click", () => window.location.reload(), { signal });
  const note = make("div", { className: "hsj-lost", hidden: true }, { role: "alert" });
  el.prepend(note);
  let timer = 0;
  const say = (text: string) => {
    window.clearTimeout(timer);
    timer = 0;
    words.textContent = text;
    note.replaceChildren(...(text === "" ? [] : [words, again]));
    note.hidden = text === "";
  };
  let ended = false;
  const end = () => {
    ended = true;
    say(ENDED);
  };
  const hearStatus = (_kernel: unknown, status: string) => {
    if (OVER.has(status)) end();
  };
  // The last that a kernel says which the server ends; its connection stays, and nobody answers.
  const hearMessage = (_kernel: unknown, { header }: { header: { msg_type: string } }) => {
    if (header.msg_type === "shutdown_reply") end();
  };
  const hearConnection = (_kernel: unknown, status: string) => {
    if (ended) return;
    if (status === "connected") say("");
    else if (status === "disconnected") end();
    else if (timer === 0) timer = window.setTimeout(() => say(AWAY), PATIENCE);
  };
  kernel.statusChanged.connect(hearStatus);
  kernel.iopubMessage.connect(hearMessage);
  kernel.connectionStatusChanged.connect(hearConnection);
  signal.addEventListener(
    "abort",
    () => {
      window.clearTimeout(timer);
      kernel.statusChanged.disconnect(hearStatus);
      kernel.iopubMessage.disconnect(hearMessage);
      kernel.connectionStatusChanged.disconnect(hearConnection);
    },
    { once: true },
  );
}
