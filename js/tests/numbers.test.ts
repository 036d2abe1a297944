// Numbers as a person reads, types and slides them.
import { describe, expect, it, test } from "vitest";
import {
  chooseScale,
  fromStep,
  readNumber,
  STEPS,
  serves,
  show,
  showSeconds,
  showWithError,
  stepsOf,
  toStep,
} from "../src/numbers";

const room = (value: number, bmin: number | null = null, bmax: number | null = null) => ({
  value,
  bmin,
  bmax,
  hint: null,
});

describe("the scale of a slider", () => {
  it("is the bounds where both are set", () => {
    expect(chooseScale(room(3, 0, 8))).toEqual({ low: 0, high: 8, log: false });
  });

  it("is widened by a value outside of the bounds", () => {
    expect(chooseScale(room(12700, 0, 5010))).toEqual({ low: 0, high: 12700, log: false });
    expect(chooseScale(room(-3, 0, 8)).low).toBe(-3);
  });

  it("lies around the value where there are no bounds", () => {
    expect(chooseScale(room(40))).toEqual({ low: 0, high: 80, log: false });
    expect(chooseScale(room(-40))).toEqual({ low: -80, high: 0, log: false });
    expect(chooseScale(room(0))).toEqual({ low: -1, high: 1, log: false });
  });

  it("begins at the one bound there is", () => {
    expect(chooseScale(room(5, 1))).toEqual({ low: 1, high: 9, log: false });
    expect(chooseScale(room(5, null, 6))).toEqual({ low: 4, high: 6, log: false });
    expect(chooseScale(room(0, 0))).toEqual({ low: 0, high: 1, log: false });
  });

  it("follows the hint, unless a bound or the value says otherwise", () => {
    const hint = [100, 900];
    expect(chooseScale({ ...room(500), hint })).toEqual({ low: 100, high: 900, log: false });
    expect(chooseScale({ ...room(950, 200), hint })).toEqual({ low: 200, high: 950, log: false });
  });

  it("counts decades where the bounds span more than three", () => {
    expect(chooseScale(room(1, 0.01, 100)).log).toBe(true);
    expect(chooseScale(room(1, 0.1, 100)).log).toBe(false);
    expect(chooseScale(room(1, 0, 1e6)).log).toBe(false);
  });

  it.each([
    { low: 0, high: 8, log: false },
    { low: 1e-3, high: 1e3, log: true },
    { low: -7, high: -2, log: false },
  ])("gives back every value it is set to: %j", (scale) => {
    for (let part = 0; part <= 50; part += 1) {
      const value = scale.log
        ? scale.low * (scale.high / scale.low) ** (part / 50)
        : scale.low + ((scale.high - scale.low) * part) / 50;
      expect(fromStep(scale, toStep(scale, value))).toBeCloseTo(value, 9);
    }
    expect(fromStep(scale, 0)).toBe(scale.low);
    expect(fromStep(scale, STEPS)).toBe(scale.high);
    expect(fromStep(scale, -1)).toBe(scale.low);
    expect(fromStep(scale, STEPS + 1)).toBe(scale.high);
  });

  it("stands at its start where it has no length", () => {
    expect(toStep({ low: 2, high: 2, log: false }, 2)).toBe(0);
  });

  it("serves until the value leaves it or is lost in it", () => {
    const scale = { low: 0, high: 80, log: false };
    expect(serves(scale, chooseScale(room(60)), 60)).toBe(true);
    expect(serves(scale, chooseScale(room(90)), 90)).toBe(false);
    expect(serves(scale, chooseScale(room(0.5)), 0.5)).toBe(false);
  });
});

test.each([
  ["ArrowRight", false, false, 1],
  ["ArrowDown", true, false, -10],
  ["ArrowUp", false, true, 0.1],
  ["PageUp", false, false, 100],
  ["Home", false, false, -STEPS],
  ["a", false, false, null],
] as const)("the key %s (shift %s, alt %s) moves %s steps", (key, shift, alt, steps) => {
  expect(stepsOf(key, shift, alt)).toBe(steps);
});

test.each([
  [0, "0"],
  [1 / 3, "0.333333"],
  [12700, "12700"],
  [-0.5, "-0.5"],
  [1.2e-7, "1.2e-7"],
  [123456789, "1.23457e8"],
  [1500000, "1500000"],
  [null, ""],
  [Number.NaN, ""],
])("%s is shown as %s", (value, text) => {
  expect(show(value)).toBe(text);
});

test.each([
  [12.34567, 0.0321, "12.346", "± 0.032"],
  [532.1234, 1.5, "532.1", "± 1.5"],
  [1234.5, 120, "1230", "± 120"],
  [0.5, null, "0.5", ""],
])("%s with the error %s is shown as %s %s", (value, std, text, error) => {
  const shown = showWithError(value, std);
  expect(shown.std).toBe(error);
  expect(shown.value).toBe(text);
});

test.each([
  ["12", 12],
  [" -0.5 ", -0.5],
  ["1.2e-3", 1.2e-3],
  ["1.2E+3", 1200],
  [".5", 0.5],
  ["−3", -3],
])("%j is read as %s", (text, number) => {
  expect(readNumber(text)).toEqual({ ok: true, number });
});

test.each(["", "abc", "1e", "0x10", "1e999", "NaN", "Infinity", "1 2"])(
  "%j is no number, and says how to write one",
  (text) => {
    const typed = readNumber(text);
    expect(typed.ok).toBe(false);
    expect(typed).toMatchObject({ why: expect.stringContaining("1.2e-3") });
  },
);

test("a decimal comma is explained", () => {
  expect(readNumber("1,5")).toMatchObject({ ok: false, why: expect.stringContaining("point") });
});

test.each([
  [0.25, "0.3 s"],
  [42.4, "42 s"],
  [600, "10 min"],
  [10800, "3.0 h"],
  [Number.NaN, ""],
])("%s seconds are said as %j", (seconds, text) => {
  expect(showSeconds(seconds)).toBe(text);
});
