// A slider whose range follows the value; what a hand does to it, and what the kernel does.
import { expect, test } from "vitest";
import type { Room } from "../src/numbers";
import { makeSlider } from "../src/views/slider";
import { draw } from "./drawn";
import { find, press } from "./fake";
import { mouse } from "./plotted";

function show(room: Partial<Room> = {}, units = "eV", off = false) {
  const moves: number[] = [];
  const shown = draw((_store, _el, signal) =>
    makeSlider((to) => void moves.push(to), units, signal),
  );
  const slider = shown.made as ReturnType<typeof makeSlider>;
  shown.el.append(slider.el);
  const to = (next: Partial<Room>) =>
    slider.draw({ value: 0, bmin: null, bmax: null, hint: null, ...room, ...next }, "G A", off);
  to({});
  const input = find<HTMLInputElement>(shown.el, "input");
  const ends = () => [...shown.el.querySelectorAll(".hsj-end")].map((one) => one.textContent);
  return { ...shown, moves, to, input, ends };
}

test.each<[Partial<Room>, string[], number]>([
  [{ value: 5, bmin: 0, bmax: 10 }, ["0", "10"], 500],
  [{ value: 5 }, ["0", "10"], 500],
  [{ value: -5 }, ["-10", "0"], 500],
  [{ value: 0 }, ["-1", "1"], 500],
  [{ value: 3, bmin: 1 }, ["1", "5"], 500],
  [{ value: 3, bmax: 4 }, ["2", "4"], 500],
  [{ value: 12, bmin: 0, bmax: 10 }, ["0", "12"], 1000],
  [{ value: 50, hint: [0, 100] }, ["0", "100"], 500],
  [{ value: 1, bmin: 0.001, bmax: 1000 }, ["0.001", "1000"], 500],
])("with %j the range is %j and the value stands at %d", (room, range, step) => {
  const { input, ends } = show(room);
  expect(ends()).toEqual(range);
  expect(Number(input.value)).toBeCloseTo(step, 9);
});

test.each([
  [50, "eV", "50 eV"],
  [50, "", "50"],
  [Number.NaN, "eV", "not known eV"],
])("%d in %j is read out as %j", (value, units, words) => {
  const { input } = show({ value }, units);
  expect(input.getAttribute("aria-valuetext")).toBe(words);
  expect(input.getAttribute("aria-label")).toBe("G A slider");
});

test("a number that is not known cannot be moved; once it is known it can", () => {
  const { input, to, ends, moves } = show({ value: Number.NaN });
  expect(input.disabled).toBe(true);
  press(input, "ArrowRight");
  expect(moves).toEqual([]);
  to({ value: 5 });
  expect([input.disabled, ...ends()]).toEqual([false, "0", "10"]);
});

test("bounds that leave no room leave nothing to move", () => {
  expect(show({ value: 2, bmin: 2, bmax: 2 }).input.disabled).toBe(true);
});

test("one that is off hears no key", () => {
  const { input, moves } = show({ value: 5 }, "", true);
  press(input, "ArrowRight");
  expect([input.disabled, moves.length]).toEqual([true, 0]);
});

test.each([
  ["ArrowRight", {}, 5.01],
  ["ArrowDown", {}, 4.99],
  ["ArrowUp", { shiftKey: true }, 5.1],
  ["ArrowLeft", { altKey: true }, 4.999],
  ["PageUp", {}, 6],
  ["PageDown", {}, 4],
  ["Home", {}, 0],
  ["End", {}, 10],
])("the key %s with %j goes to %d", (key, more, value) => {
  const { input, moves } = show({ value: 5, bmin: 0, bmax: 10 });
  expect(press(input, key, more).defaultPrevented).toBe(true);
  expect(moves).toHaveLength(1);
  expect(moves[0]).toBeCloseTo(value, 12);
});

test("a press that moves nothing does not hold the range for ever", () => {
  const { input, to, ends } = show({ value: 10 });
  input.dispatchEvent(mouse("pointerdown", 0));
  to({ value: 1e-3 });
  expect(ends()).toEqual(["0", "20"]);
  window.dispatchEvent(mouse("pointerup", 0));
  to({ value: 1.1e-3 });
  expect(ends()).toEqual(["0", "0.0022"]);
});

test.each(["pointercancel", "change"])("after %s the range fits again", (kind) => {
  const { input, to, ends } = show({ value: 10 });
  input.dispatchEvent(mouse("pointerdown", 0));
  to({ value: 25 });
  expect(ends()).toEqual(["0", "25"]);
  input.dispatchEvent(kind === "change" ? new Event(kind) : mouse(kind, 0));
  expect(ends()).toEqual(["0", "50"]);
});

test("what the kernel says while a hand holds it is shown, and the range only grows", () => {
  const { input, to, ends, moves } = show({ value: 10 });
  input.dispatchEvent(mouse("pointerdown", 0));
  to({ value: -30 });
  expect(ends()).toEqual(["-30", "20"]);
  expect(Number(input.value)).toBe(0);
  expect(moves).toEqual([]);
});

test("new bounds are the range at once", () => {
  const { to, ends } = show({ value: 5 });
  to({ value: 5, bmin: 4, bmax: 6 });
  expect(ends()).toEqual(["4", "6"]);
});

test("after its end nothing moves it", () => {
  const { input, moves, stop } = show({ value: 5 });
  input.dispatchEvent(mouse("pointerdown", 0));
  stop.abort();
  press(input, "ArrowRight");
  input.dispatchEvent(new Event("input"));
  expect(moves).toEqual([]);
});
