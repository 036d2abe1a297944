// A run: held and let go, where it failed, and a map of which only the news travel.
import { afterEach, expect, test } from "vitest";
import { makeStore } from "../src/state";
import { runPanel } from "../src/views/run";
import { aRun, fakeHost, find, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

const AXES = [
  { name: "x", units: "nm", size: 4, scale: 0.5, offset: 10, positions: null },
  { name: "y", units: "nm", size: 3, scale: 1, offset: 0, positions: null },
];

function show(run = aRun()) {
  const numbers = new Float64Array(12).fill(Number.NaN);
  const host = fakeHost({
    kind: "run",
    spec: { ...state().spec, navigation: AXES },
    pixel: [1, 2],
    run,
    map: {
      choice: "chisq",
      choices: [{ id: "chisq", name: "χ²" }],
      shape: [4, 3],
      units: "",
      failed: [],
      ends: null,
    },
    map_values: new DataView(numbers.buffer),
  });
  last = stage();
  runPanel(makeStore(host.model, last.stop.signal), last.el, last.stop.signal);
  return { host, el: last.el, stop: last.stop };
}

const hold = (el: HTMLElement) => find<HTMLButtonElement>(el, ".hsj-hold");

test("a run is held and let go", async () => {
  const { host, el } = show();
  expect(hold(el).textContent).toBe("Pause");
  hold(el).click();
  expect(host.sent).toMatchObject([{ kind: "pause" }]);
  host.push({ run: aRun({ state: "paused" }) });
  await host.answer(host.sent[0]);
  await settled();
  expect(hold(el).textContent).toBe("Resume");
  expect(hold(el).disabled).toBe(false);
  hold(el).click();
  expect(host.sent[1]).toMatchObject({ kind: "resume" });
  host.push({ run: aRun({ state: "done" }) });
  expect(hold(el).hidden).toBe(true);
});

test("a run whose engines are gone says so, and may go on here", () => {
  const { el } = show(aRun({ state: "paused", note: "the cluster has not answered" }));
  expect(hold(el).textContent).toBe("Go on here");
  expect(find(el, ".hsj-words").textContent).toContain("the cluster has not answered");
});

test("a run that a cell waits for cannot be held, since nobody would hear", () => {
  expect(hold(show(aRun({ awaited: true })).el).hidden).toBe(true);
});

test("what failed is listed with its reason, and a click goes there", () => {
  const failed = [
    { place: [3, 0], reason: "DataError: the data hold NaN" },
    { place: [0, 2], reason: "no optimum" },
  ];
  const { host, el } = show(aRun({ failures: 7, failed }));
  expect(find(el, ".hsj-failures summary").textContent).toBe(
    "7 could not be fitted, the first 2 of them",
  );
  const rows = [...el.querySelectorAll(".hsj-failures li")];
  expect(rows.map((row) => row.textContent)).toEqual([
    "(3, 0) DataError: the data hold NaN",
    "(0, 2) no optimum",
  ]);
  rows[1]?.querySelector("button")?.click();
  expect(host.sent).toMatchObject([{ kind: "pixel", indices: [0, 2] }]);
});

test("news of the map are taken in, and stay for a view that comes later", () => {
  const { host, el } = show();
  expect(find(el, ".hsj-navigator .hsj-place").textContent).toContain("not known");
  const which = new DataView(Uint32Array.of(9, 0).buffer);
  const values = new DataView(Float64Array.of(2.5, 1).buffer);
  host.say({ patch: "map_values" }, [which, values]);
  expect(find(el, ".hsj-navigator .hsj-place").textContent).toContain("2.5");
  expect(host.model.get("map_values").getFloat64(0, true)).toBe(1);
  host.say({ patch: "other" }, [which, values]);
});

test("it leaves no listener behind", () => {
  const { host, stop } = show();
  stop.abort();
  expect(host.listeners()).toBe(0);
});

test("as many failures in another run are not those of the run before", () => {
  const failed = (x: number) => [{ place: [x, 0], reason: `pixel ${x} <b>is dark</b>` }];
  const { host, el } = show(aRun({ failures: 1, failed: failed(1) }));
  const items = () => [...el.querySelectorAll(".hsj-failures li")].map((one) => one.textContent);
  expect(items()).toEqual(["(1, 0) pixel 1 <b>is dark</b>"]);
  const row = el.querySelector(".hsj-failures li");
  host.push({ run: aRun({ done: 70, failures: 1, failed: failed(1) }) });
  expect(el.querySelector(".hsj-failures li")).toBe(row);
  host.push({ run: aRun({ done: 0, failures: 0, failed: [] }) });
  host.push({ run: aRun({ done: 3, failures: 1, failed: failed(2) }) });
  expect(items()).toEqual(["(2, 0) pixel 2 <b>is dark</b>"]);
});

test("a Cancel that is refused can be pressed again", async () => {
  const { host, el } = show();
  const cancel = [...el.querySelectorAll("button")].find((one) => one.textContent === "Cancel");
  cancel?.click();
  expect(cancel?.disabled).toBe(true);
  await host.answer(host.sent[0], "not now");
  expect(cancel?.disabled).toBe(false);
});

test("its end is read out, and not each of its steps", () => {
  const { host, el } = show();
  const live = () => find(el, ".hsj-words").getAttribute("aria-live");
  expect(live()).toBe("off");
  host.push({ run: aRun({ state: "paused" }) });
  expect(live()).toBe("polite");
  host.push({ run: aRun({ state: "done", done: 256 }) });
  expect(live()).toBe("polite");
});
