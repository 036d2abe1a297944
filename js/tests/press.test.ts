// A press that is followed until it is over, and never longer.
import { expect, test } from "vitest";
import { followPress } from "../src/press";
import { watchPage } from "./drawn";

const pointer = (kind: string, more: PointerEventInit = {}) =>
  new PointerEvent(kind, { pointerId: 1, buttons: 1, clientX: 0, ...more });

function follow() {
  const page = watchPage();
  const stop = new AbortController();
  const moves: number[] = [];
  const ends: boolean[] = [];
  followPress(
    pointer("pointerdown"),
    { move: ({ clientX }) => void moves.push(clientX), end: (_, kept) => void ends.push(kept) },
    stop.signal,
  );
  const send = (kind: string, more: PointerEventInit = {}) =>
    window.dispatchEvent(pointer(kind, more));
  return { page, stop, moves, ends, send };
}

test.each<[string, PointerEventInit, boolean]>([
  ["pointerup", { buttons: 0 }, true],
  ["pointercancel", {}, false],
  // Let go over a menu of the browser: the page hears of it by the next move only.
  ["pointermove", { buttons: 0 }, false],
  ["pointerdown", {}, false],
])("%s with %j ends it, once, and is kept: %s", (kind, more, kept) => {
  const { page, moves, ends, send } = follow();
  send("pointermove", { clientX: 7 });
  send(kind, { clientX: 9, ...more });
  send("pointermove", { clientX: 11 });
  send("pointerup");
  expect([moves, ends, page.listeners()]).toEqual([[7], [kept], 0]);
});

test("other fingers neither move nor end it", () => {
  const { moves, ends, send } = follow();
  for (const kind of ["pointermove", "pointerup", "pointercancel", "pointerdown"]) {
    send(kind, { pointerId: 2, buttons: 0 });
  }
  expect([moves, ends]).toEqual([[], []]);
  send("pointermove", { clientX: 3 });
  expect(moves).toEqual([3]);
});

test("a view that ends in mid-press leaves nothing behind, and is not told", () => {
  const { page, stop, moves, ends, send } = follow();
  stop.abort();
  send("pointermove");
  send("pointerup");
  expect([moves, ends, page.listeners()]).toEqual([[], [], 0]);
});
