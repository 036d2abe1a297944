// A SAMFire fit in the browser: strategies, history of the pixel, histograms, and the map.
import { afterEach, expect, test } from "vitest";
import type { SamfireRecord } from "../src/schema.gen";
import { makeStore } from "../src/state";
import { samfireView } from "../src/views/samfire";
import { fakeHost, find, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

const RECORD: SamfireRecord = {
  done: 5,
  left: 7,
  strategies: [
    { name: "Reduced chi squared strategy", active: true, done: 4 },
    { name: "Histogram global strategy", active: false, done: 0 },
  ],
  title: "pixel (1, 2): done as number 3 of 4",
  history: ["wave 1: rejected", "wave 2: accepted"],
  summary: ["SAMFire: 5 of 12 pixels", "  a fit is good by: …"],
  histograms: [],
};

function open() {
  const axis = { name: "x", units: "", size: 4, scale: 1, offset: 0, positions: null };
  const host = fakeHost({
    kind: "samfire",
    spec: { ...state().spec, title: "SAMFire: a map", navigation: [axis, { ...axis, size: 3 }] },
    pixel: [1, 2],
    samfire: RECORD,
    map: {
      choice: "state",
      choices: [
        { id: "state", name: "how it stands" },
        { id: "order", name: "when it was done" },
      ],
      shape: [4, 3],
      units: "",
      failed: [3],
      ends: { low: 0, high: 2, below: "to do", between: "running", above: "done" },
    },
    map_values: new DataView(
      Float64Array.from({ length: 12 }, (_, k) => (k === 9 ? 2 : k === 10 ? 1 : 0)).buffer,
    ),
  });
  last = stage();
  const { el, stop } = last;
  samfireView(makeStore(host.model, stop.signal), el, stop.signal);
  return { host, el, stop };
}

const cells = (el: HTMLElement) =>
  [...find(el, ".hsj-strategies").querySelectorAll("tr")].map((row) => row.textContent);

test("the map says kinds in words, at its ends and of the pixel", () => {
  const { host, el } = open();
  const ends = [...find(el, ".hsj-scale").children].map((one) => one.textContent);
  expect(ends).toEqual(["to do", "", "done"]);
  const told = () => find(el, ".hsj-navigator output").textContent?.split(": ")[1];
  expect(told()).toBe("done");
  host.push({ pixel: [2, 2] });
  expect(told()).toBe("running");
  host.push({ pixel: [0, 0] });
  expect(told()).toBe("to do");
  expect(find(el, ".hsj-gone").textContent).toBe("no good fit");
});

test("the active strategy is marked, and each tells what it did", () => {
  const { host, el } = open();
  expect(cells(el)).toEqual([
    "▸Reduced chi squared strategy4 done",
    "Histogram global strategy0 done",
    "all pixels5 done, 7 left",
  ]);
  expect(el.querySelectorAll("tr[aria-current]").length).toBe(1);
  const [first, second] = RECORD.strategies;
  if (first === undefined || second === undefined) throw new Error("two strategies");
  host.push({
    samfire: {
      ...RECORD,
      strategies: [
        { ...first, active: false },
        { ...second, active: true },
      ],
    },
  });
  expect(cells(el)[1]).toBe("▸Histogram global strategy0 done");
});

test("the history is that of the pixel, and words are text and nothing else", () => {
  const { host, el } = open();
  const story = find(el, ".hsj-story");
  expect(story.getAttribute("aria-live")).toBe("polite");
  expect([...story.querySelectorAll("li")].map((li) => li.textContent)).toEqual(RECORD.history);
  host.push({ samfire: { ...RECORD, title: "<b>pixel</b>", history: [] } });
  expect(find(story, "strong").textContent).toBe("<b>pixel</b>");
  expect(find(story, "ol").hidden).toBe(true);
  expect(find(el, ".hsj-summary").textContent).toContain("5 of 12 pixels");
});

test("a click on the map asks for that pixel, and the chooser for other numbers", async () => {
  const { host, el } = open();
  const map = find(el, ".hsj-map");
  map.getBoundingClientRect = () => new DOMRect(0, 0, 400, 300);
  map.dispatchEvent(new MouseEvent("pointerdown", { clientX: 350, clientY: 50, bubbles: true }));
  expect(host.sent.pop()).toMatchObject({ kind: "pixel", indices: [3, 0] });
  const chooser = find<HTMLSelectElement>(el, ".hsj-choice");
  chooser.value = "order";
  chooser.dispatchEvent(new Event("change"));
  await settled();
  expect(host.sent.pop()).toMatchObject({ kind: "map", choice: "order" });
  await host.answer({ id: "1", kind: "map" });
});

test("bars are as high as the bins are dense, and as wide as the bins", () => {
  const { host, el } = open();
  expect(find(el, ".hsj-histograms").hidden).toBe(true);
  const record = { name: "Gaussian.A", heights: [4, 4, 0], edges: [0, 1, 3, 4] };
  host.push({ samfire: { ...RECORD, histograms: [record] } });
  const bars = [...find(el, ".hsj-histogram").querySelectorAll("rect")];
  expect(bars.map((bar) => Number(bar.getAttribute("width")))).toEqual([30, 60, 30]);
  expect(bars.map((bar) => Number(bar.getAttribute("height")))).toEqual([40, 20, 0]);
  const label = find(el, ".hsj-histogram").querySelector("svg")?.getAttribute("aria-label");
  expect(label).toBe("histogram of Gaussian.A, 0 … 4");
});

test("no listener is left behind", () => {
  const { host, stop } = open();
  expect(host.listeners()).toBeGreaterThan(0);
  stop.abort();
  expect(host.listeners()).toBe(0);
});
