/** The head of a dashboard, with its texts and its data, and the foot, with the downloads. */
import type { AnyModel } from "@anywidget/types";
import { hurryAll } from "../bus";
import { make, setText } from "../dom";
import { type Message, makeRequests, type Reply } from "../requests";
import type { DeskState } from "../schema.gen";
import { lostView, type Watched } from "./lost";

type Model = AnyModel<DeskState>;

/** Bytes of one part of an upload: a server refuses messages that are much larger. */
const PART = 1 << 20;

type Talk = {
  ask(message: Message, part?: ArrayBuffer): Promise<Reply & { data: DataView | null }>;
};

/** Requests with bytes, both ways; ended by `signal`. */
function makeTalk(model: Model, signal: AbortSignal): Talk {
  let part: ArrayBuffer | undefined;
  let heard: DataView | null = null;
  const requests = makeRequests(
    (content) => {
      model.send(content, undefined, part === undefined ? [] : [part]);
      part = undefined;
    },
    () => {},
    undefined,
    hurryAll,
  );
  const hear = (content: unknown, buffers: DataView[] = []) => {
    heard = buffers[0] ?? null;
    requests.hear(content);
  };
  model.on("msg:custom", hear);
  signal.addEventListener("abort", () => model.off("msg:custom", hear), { once: true });
  return {
    async ask(message, given) {
      part = given;
      const reply = await requests.ask(message);
      return { ...reply, data: heard };
    },
  };
}

function makeSay(el: HTMLElement): (text: string, wrong?: boolean) => void {
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const note = make("p", { className: "hsj-note", hidden: true }, { role: "status" });
  el.append(problem, note);
  return (text, wrong = false) => {
    setText(problem, wrong ? text : "");
    problem.hidden = !wrong || text === "";
    setText(note, wrong ? "" : text);
    note.hidden = wrong || text === "";
  };
}

/** Title, texts, and the data: one of the server's, or one of the visitor's own. */
export function headView(model: Model, el: HTMLElement, signal: AbortSignal): void {
  const talk = makeTalk(model, signal);
  const { title, text, files, limit, suffixes } = model.get("desk");
  el.append(make("h1", { className: "hsj-title" }, {}, title));
  for (const one of text) el.append(make("p", { className: "hsj-text" }, {}, one));
  lostView((model.widget_manager as { kernel?: Watched }).kernel, el, signal);
  const bar = make("div", { className: "hsj-buttons hsj-data" });
  const shown = make("output", { className: "hsj-shown" });
  el.append(bar);
  const say = makeSay(el);
  const working = async (words: string, work: () => Promise<Reply>) => {
    say(words);
    const off = (all: boolean) => {
      for (const one of bar.querySelectorAll<HTMLInputElement>("input, select")) one.disabled = all;
    };
    off(true);
    try {
      const { ok, error, text: told } = await work();
      // What is shown now is said already, unless it is not all of the file.
      say(ok ? (told === model.get("desk").data ? "" : told) : error, !ok);
    } catch (error) {
      // A file that was moved, or that the browser may not read any more.
      say(`The file could not be read: ${String(error)}`, true);
    } finally {
      off(false);
    }
  };
  if (files.length > 0) {
    const choice = make(
      "select",
      { className: "hsj-choice" },
      { "aria-label": "data to choose from" },
    );
    const first = make("option", { value: "", disabled: true, selected: true }, {}, "choose …");
    choice.append(first, ...files.map((name) => make("option", { value: name }, {}, name)));
    choice.addEventListener(
      "change",
      () =>
        void working("Reading …", () => talk.ask({ kind: "choose", file: choice.value })).then(
          () => {
            choice.value = "";
          },
        ),
      { signal },
    );
    bar.append(make("label", { className: "hsj-pick" }, {}, "Data ", choice));
  }
  const file = make(
    "input",
    { type: "file", className: "hsj-file", accept: suffixes.join() },
    { "aria-label": "your own data" },
  );
  file.addEventListener(
    "change",
    async () => {
      const [chosen] = file.files ?? [];
      if (chosen !== undefined) await working("Uploading …", () => upload(talk, chosen, say));
      file.value = "";
    },
    { signal },
  );
  const size = `${suffixes.join(", ")}, up to ${Math.round(limit / 2 ** 20)} MB`;
  bar.append(make("label", { className: "hsj-pick" }, {}, `Your own (${size}) `, file), shown);
  const draw = () => setText(shown, `Now: ${model.get("desk").data}`);
  model.on("change:desk", draw);
  signal.addEventListener("abort", () => model.off("change:desk", draw), { once: true });
  draw();
}

async function upload(talk: Talk, file: File, say: (text: string) => void): Promise<Reply> {
  let reply = await talk.ask({ kind: "begin", name: file.name, size: file.size });
  for (let start = 0; reply.ok && start < file.size; start += PART) {
    const part = await file.slice(start, start + PART).arrayBuffer();
    reply = await talk.ask({ kind: "part" }, part);
    say(`Uploading … ${Math.round((100 * Math.min(start + PART, file.size)) / file.size)} %`);
  }
  if (!reply.ok) return reply;
  say("Reading …");
  return talk.ask({ kind: "end" });
}

const DOWNLOADS = [
  ["csv", "Values (CSV)", "a table of all values, for a spreadsheet"],
  ["hspy", "Data and fit (.hspy)", "the data with the fitted model, for hsjupyter and HyperSpy"],
  ["report", "Report (HTML)", "one page with values, quality and pictures"],
] as const;

/** The downloads. */
export function footView(model: Model, el: HTMLElement, signal: AbortSignal): void {
  const talk = makeTalk(model, signal);
  const bar = make(
    "div",
    { className: "hsj-buttons" },
    { role: "group", "aria-label": "downloads" },
  );
  el.append(make("h2", { className: "hsj-caption" }, {}, "Take home"), bar);
  const say = makeSay(el);
  for (const [what, words, title] of DOWNLOADS) {
    const button = make("button", { type: "button", className: "hsj-button", title }, {}, words);
    button.addEventListener(
      "click",
      async () => {
        button.disabled = true;
        say("Preparing …");
        const { ok, error, text, data } = await talk.ask({ kind: "download", what });
        button.disabled = false;
        say(error, !ok);
        const [name = "file", type = ""] = text.split("\n");
        if (ok && data !== null) save(name, type, data);
      },
      { signal },
    );
    bar.append(button);
  }
}

/** Hand a file to the browser. */
function save(name: string, type: string, data: DataView): void {
  const url = URL.createObjectURL(new Blob([data as DataView<ArrayBuffer>], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
