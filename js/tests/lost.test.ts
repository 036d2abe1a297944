// A visitor hears that the kernel has gone, and by which signs.
import { expect, test, vi } from "vitest";
import { lostView, type Watched } from "../src/page/lost";

type Slot = (sender: unknown, value: never) => void;

function stub() {
  const slots = new Map<string, Slot>();
  const source = (name: string) => ({
    connect: (slot: Slot) => slots.set(name, slot).size > 0,
    disconnect: () => slots.delete(name),
  });
  const kernel = {
    connectionStatusChanged: source("connection"),
    statusChanged: source("status"),
    iopubMessage: source("message"),
  } as unknown as Watched;
  const el = document.createElement("div");
  const stop = new AbortController();
  lostView(kernel, el, stop.signal);
  const note = el.querySelector<HTMLElement>(".hsj-lost");
  const say = (name: string, value: unknown) => slots.get(name)?.(null, value as never);
  return { el, note, say, slots, stop };
}

test("a connection that comes back soon is not spoken of, and one that stays away is", () => {
  vi.useFakeTimers();
  const { note, say } = stub();
  say("connection", "connecting");
  vi.advanceTimersByTime(2000);
  expect(note?.hidden).toBe(true);
  say("connection", "connected");
  vi.advanceTimersByTime(5000);
  expect(note?.hidden).toBe(true);
  say("connection", "connecting");
  vi.advanceTimersByTime(5000);
  expect(note?.textContent).toContain("tries again");
  say("connection", "connected");
  expect(note?.hidden).toBe(true);
  vi.useRealTimers();
});

test.each([
  ["message", { header: { msg_type: "shutdown_reply" } }],
  ["status", "dead"],
  ["status", "autorestarting"],
  ["connection", "disconnected"],
])("a kernel that has ended is told for good: %s", (name, value) => {
  const { note, say } = stub();
  say("message", { header: { msg_type: "status" } });
  say("status", "idle");
  expect(note?.hidden).toBe(true);
  say(name, value);
  say("connection", "connected");
  expect(note?.textContent).toContain("left alone for long");
  expect(note?.querySelector("button")?.textContent).toBe("Load again");
});

test("its ears go with the page, and a page of another kind has none", () => {
  const { slots, stop } = stub();
  expect(slots.size).toBe(3);
  stop.abort();
  expect(slots.size).toBe(0);
  const el = document.createElement("div");
  lostView(undefined, el, stop.signal);
  expect(el.childElementCount).toBe(0);
});
