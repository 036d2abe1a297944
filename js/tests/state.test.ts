// One store a host: what was asked, what the kernel said, and who hears of it.
import { beforeEach, expect, test } from "vitest";
import { makeStore } from "../src/state";
import { fakeHost, settled } from "./fake";

let stop: AbortController;
beforeEach(() => {
  stop?.abort();
  stop = new AbortController();
});

test("an edit shows at once, and the kernel's answer wins", async () => {
  const host = fakeHost();
  const store = makeStore(host.model, stop.signal);
  void store.setValue(1, 130);
  expect(store.value(1)).toBe(130);
  expect(host.sent).toMatchObject([{ kind: "set", slot: "g.centre", field: "value", value: 130 }]);
  host.push({ values: [10, 100, 5] }); // clamped by the kernel
  expect(store.value(1)).toBe(130); // not before its answer
  await host.answer(host.sent[0]);
  expect(store.value(1)).toBe(100);
});

test("during a drag the kernel's older values are not shown", async () => {
  const host = fakeHost();
  const store = makeStore(host.model, stop.signal);
  void store.setValue(1, 51);
  void store.setValue(1, 52);
  void store.setValue(1, 53);
  host.push({ values: [10, 51, 5] });
  await host.answer(host.sent[0]);
  expect(store.value(1)).toBe(53);
  expect(host.sent.map(({ value }) => value)).toEqual([51, 53]);
  host.push({ values: [10, 53, 5] });
  await host.answer(host.sent[1]);
  expect(store.value(1)).toBe(53);
  host.push({ values: [10, 60, 5] });
  expect(store.value(1)).toBe(60);
});

test("a refused edit gives the kernel's value back, with the reason", async () => {
  const host = fakeHost();
  const store = makeStore(host.model, stop.signal);
  const reply = store.setValue(0, 99);
  await host.answer(host.sent[0], "A: it is twinned");
  expect(await reply).toMatchObject({ ok: false, error: "A: it is twinned" });
  expect(store.value(0)).toBe(10);
});

test("other slots follow the kernel meanwhile", () => {
  const host = fakeHost();
  const store = makeStore(host.model, stop.signal);
  void store.setValue(1, 70);
  host.push({ values: [11, 50, 6] });
  expect(store.row([0, 1, 2])).toEqual([11, 70, 6]);
});

test("hosts of one model on one page show each other's edits without the kernel", async () => {
  const sliders = fakeHost();
  const plot = fakeHost({ kind: "plot" });
  const stranger = fakeHost({ key: "another model" });
  const [a, b, c] = [sliders, plot, stranger].map((host) => makeStore(host.model, stop.signal));
  let draws = 0;
  b?.watchValues(() => {
    draws += 1;
  }, stop.signal);
  void a?.setValue(1, 42);
  expect([b?.value(1), c?.value(1)]).toEqual([42, 50]);
  expect(draws).toBe(1);
  expect(plot.sent).toEqual([]);
  plot.push({ values: [10, 42, 5] });
  await sliders.answer(sliders.sent[0]);
  plot.push({ values: [10, 43, 5] });
  expect(b?.value(1)).toBe(43);
});

test("a view that is closed in mid-flight leaves no preview behind", () => {
  const [one, two] = [fakeHost(), fakeHost()];
  const closing = new AbortController();
  const a = makeStore(one.model, closing.signal);
  const b = makeStore(two.model, stop.signal);
  void a.setValue(1, 42);
  closing.abort();
  expect(b.value(1)).toBe(50);
});

test("a number that is not known is NaN, not zero", () => {
  const store = makeStore(fakeHost({ values: [null, 1, 2] }).model, stop.signal);
  expect(store.value(0)).toBeNaN();
});

test("nothing listens any more after the end", async () => {
  const host = fakeHost();
  makeStore(host.model, stop.signal);
  expect(host.listeners()).toBeGreaterThan(0);
  stop.abort();
  await settled();
  expect(host.listeners()).toBe(0);
});
