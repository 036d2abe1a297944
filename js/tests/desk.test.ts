// The head of a dashboard, with its texts and its data, and the foot, with the downloads.
import { afterEach, expect, test, vi } from "vitest";
import page from "../src/page/index";
import type { DeskRecord } from "../src/schema.gen";
import { find, settled, stage } from "./fake";

const DESK: DeskRecord = {
  title: "Iron & <b>Nickel</b>",
  text: ["Drag it.", "<script>no</script>"],
  files: ["a.hspy", "b.msa"],
  data: "a.hspy",
  limit: 40 * 2 ** 20,
  suffixes: [".hspy", ".csv"],
};
type Sent = { content: { id: string; kind: string; [field: string]: unknown }; bytes: number[] };
type Hear = (content: unknown, buffers?: DataView[]) => void;

let last: AbortController | null = null;
afterEach(() => {
  last?.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** One part of a dashboard; what it sends, and what the kernel says to it. */
function show(part: "head" | "foot", desk: Partial<DeskRecord> = {}) {
  const state = { part, desk: { ...DESK, ...desk } };
  const sent: Sent[] = [];
  const calls = new Map<string, Set<Hear>>();
  const model = {
    get: (name: keyof typeof state) => state[name],
    send: (content: Sent["content"], _: unknown, buffers: ArrayBuffer[] = []) =>
      void sent.push({ content, bytes: buffers.map((one) => one.byteLength) }),
    on: (event: string, call: Hear) =>
      void calls.set(event, (calls.get(event) ?? new Set()).add(call)),
    off: (event: string, call: Hear) => void calls.get(event)?.delete(call),
    widget_manager: {},
  };
  const fire = (event: string, ...given: Parameters<Hear>) => {
    for (const call of calls.get(event) ?? []) call(...given);
  };
  const { el, stop } = stage();
  last = stop;
  type Given = Parameters<typeof page.render>[0];
  page.render({ model, el, signal: stop.signal } as unknown as Given);
  const answer = async (error = "", text = "", buffers: DataView[] = []) => {
    const id = sent.at(-1)?.content.id;
    fire("msg:custom", { id, ok: error === "", error, text }, buffers);
    await settled();
  };
  const word = (selector: string) =>
    [...el.querySelectorAll<HTMLElement>(`${selector}:not([hidden])`)].map((p) => p.textContent);
  return {
    el,
    stop,
    sent,
    answer,
    problem: () => word(".hsj-problem"),
    note: () => word(".hsj-note"),
    kinds: () => sent.map(({ content: { id: _, ...rest } }) => rest),
    listeners: () => [...calls.values()].reduce((sum, all) => sum + all.size, 0),
    push(update: Partial<DeskRecord>) {
      state.desk = { ...state.desk, ...update };
      fire("change:desk", undefined);
    },
  };
}

/** Choose a file of so many bytes, as a visitor does. */
async function choose(el: HTMLElement, file: Partial<File>): Promise<void> {
  const input = find<HTMLInputElement>(el, "[type=file]");
  Object.defineProperty(input, "files", { value: [file], configurable: true });
  input.dispatchEvent(new Event("change"));
  await settled();
}
const made = (size: number) => new File([new Uint8Array(size)], "mine.csv");

test("title and texts are text, and the page says which data it shows", () => {
  const { el, push } = show("head");
  expect(find(el, "h1").textContent).toBe("Iron & <b>Nickel</b>");
  expect([...el.querySelectorAll(".hsj-text")].map((p) => p.textContent)).toEqual(DESK.text);
  expect(el.querySelector("b, script")).toBeNull();
  expect(find(el, ".hsj-shown").textContent).toBe("Now: a.hspy");
  push({ data: "<i>b</i>" });
  expect(find(el, ".hsj-shown").textContent).toBe("Now: <i>b</i>");
  expect(find(el, "[role=region]").getAttribute("aria-label")).toBe("what this page shows");
  expect(el.dataset.hsReady).toBe("1");
});

test("a file of the server is chosen, and while it is read nothing else is", async () => {
  const { el, kinds, answer, note, problem } = show("head");
  const choice = find<HTMLSelectElement>(el, "select");
  choice.value = "b.msa";
  choice.dispatchEvent(new Event("change"));
  expect(kinds()).toEqual([{ kind: "choose", file: "b.msa" }]);
  const off = () =>
    [...el.querySelectorAll<HTMLInputElement>("select, input")].map((x) => x.disabled);
  expect([off(), note()]).toEqual([[true, true], ["Reading …"]]);
  await answer("", "b.msa, 1 spectrum");
  expect([off(), note(), problem()]).toEqual([[false, false], ["b.msa, 1 spectrum"], []]);
  choice.value = "a.hspy";
  choice.dispatchEvent(new Event("change"));
  await answer("it is <b>broken</b>");
  expect([off(), note(), problem()]).toEqual([[false, false], [], ["it is <b>broken</b>"]]);
});

test("a server without files leaves the visitor's own", () => {
  const { el } = show("head", { files: [] });
  expect(el.querySelector("select")).toBeNull();
  expect(find(el, "[type=file]").getAttribute("accept")).toBe(".hspy,.csv");
  expect(find(el, ".hsj-pick").textContent).toBe("Your own (.hspy, .csv, up to 40 MB) ");
});

test("a file goes in parts that a server takes, one after the other, with its progress", async () => {
  const { el, sent, kinds, answer, note, push } = show("head");
  const size = 2.5 * 2 ** 20;
  await choose(el, made(size));
  expect(kinds()).toEqual([{ kind: "begin", name: "mine.csv", size }]);
  for (const part of [1, 2, 3]) {
    await answer();
    await vi.waitFor(() => expect(sent).toHaveLength(part + 1));
  }
  expect(sent.map(({ bytes }) => bytes)).toEqual([[], [2 ** 20], [2 ** 20], [2 ** 19]]);
  expect(note()).toEqual(["Uploading … 80 %"]);
  await answer();
  expect([kinds().at(-1), note()]).toEqual([{ kind: "end" }, ["Reading …"]]);
  push({ data: "mine.csv" });
  await answer("", "mine.csv");
  // What is shown now is said once.
  expect([find(el, ".hsj-shown").textContent, note()]).toEqual(["Now: mine.csv", []]);
});

test.each([0, 1, 2])(
  "an upload that is refused after %d parts ends there, with the reason",
  async (parts) => {
    const { el, sent, answer, problem } = show("head");
    await choose(el, made(3 * 2 ** 20));
    for (let k = 0; k < parts; k += 1) {
      await answer();
      await vi.waitFor(() => expect(sent).toHaveLength(k + 2));
    }
    await answer("too large");
    expect([sent.length, problem()]).toEqual([parts + 1, ["too large"]]);
    expect(find<HTMLInputElement>(el, "[type=file]").disabled).toBe(false);
  },
);

test("a file that the browser cannot read any more says so, and another can be chosen", async () => {
  const { el, answer, problem } = show("head");
  const gone = { arrayBuffer: () => Promise.reject(new Error("it was moved")) } as Blob;
  await choose(el, { name: "mine.csv", size: 5, slice: () => gone });
  await answer();
  expect(problem()).toEqual(["The file could not be read: Error: it was moved"]);
  expect(find<HTMLInputElement>(el, "[type=file]").disabled).toBe(false);
});

test("choosing no file asks nothing", async () => {
  const { el, sent } = show("head");
  const input = find<HTMLInputElement>(el, "[type=file]");
  input.dispatchEvent(new Event("change"));
  await settled();
  expect(sent).toEqual([]);
});

test.each([
  ["Values (CSV)", "csv"],
  ["Data and fit (.hspy)", "hspy"],
  ["Report (HTML)", "report"],
])("%s is asked for as %s, and handed to the browser under its name", async (words, what) => {
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  const { el, kinds, answer, note, problem } = show("foot");
  const button = [...el.querySelectorAll("button")].find((one) => one.textContent === words);
  button?.click();
  expect([kinds(), note(), button?.disabled]).toEqual([
    [{ kind: "download", what }],
    ["Preparing …"],
    true,
  ]);
  await answer("", "fit.csv\ntext/csv", [new DataView(new ArrayBuffer(3))]);
  expect([names, note(), problem(), button?.disabled]).toEqual([["fit.csv"], [], [], false]);
  button?.click();
  await answer("nothing was fitted yet");
  expect([names.length, problem()]).toEqual([1, ["nothing was fitted yet"]]);
  expect(document.querySelectorAll("a")).toHaveLength(0);
});

test.each(["head", "foot"] as const)("a %s that goes leaves no listener", (part) => {
  const { el, stop, listeners } = show(part);
  expect(listeners()).toBeGreaterThan(0);
  stop.abort();
  expect([listeners(), el.dataset.hsReady]).toEqual([0, undefined]);
});
