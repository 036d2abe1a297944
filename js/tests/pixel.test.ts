// Where on the map one is, axis by axis.
import { expect, test } from "vitest";
import { makePixel, pixelView, positionOf } from "../src/views/pixel";
import { asked, draw } from "./drawn";
import { press, state, type } from "./fake";

const AXES = [
  { name: "x", units: "nm", size: 4, scale: 0.5, offset: 10, positions: null },
  { name: "", units: "", size: 30, scale: 1, offset: 0, positions: null },
];

function show(axes = AXES) {
  return draw(
    (store, el, signal, say) => {
      const pixel = makePixel(store, say, signal);
      pixelView(pixel, el, signal, say);
      return pixel;
    },
    { spec: { ...state().spec, navigation: axes }, pixel: [1, 20] },
  );
}

test.each([
  [{ ...AXES[0], positions: [1, 5, 6] }, 1, 5],
  [{ ...AXES[0], positions: [1, 5, 6] }, 7, 13.5],
  [AXES[0], 2, 11],
] as const)("on the axis %j the index %d lies at %d", (axis, index, at) => {
  expect(positionOf(axis as never, index)).toBe(at);
});

test("index, place and units of every axis are shown, and read out", () => {
  const { el, labelled } = show();
  expect(labelled("x index").value).toBe("1");
  expect(labelled("x pixel").getAttribute("aria-valuetext")).toBe("1, 10.5 nm");
  expect([...el.querySelectorAll("output")].map((one) => one.textContent)).toEqual([
    "10.5 nm",
    "20",
  ]);
  expect(labelled("axis 1 index").title).toBe("index along axis 1, 0 to 29");
});

test.each([
  ["x index", "3", [3, 20]],
  ["axis 1 index", "0", [1, 0]],
  ["axis 1 index", "1e9", [1, 29]],
  ["x index", "-7", [0, 20]],
  ["x index", "1.6", [2, 20]],
])("%s typed as %s goes to %j", (label, text, indices) => {
  const { host, labelled } = show();
  type(labelled(label), text);
  expect(asked(host)).toEqual([{ kind: "pixel", indices }]);
});

test("where one is already, nobody is asked", () => {
  const { host, labelled } = show();
  type(labelled("x index"), "1.2");
  expect(host.sent).toEqual([]);
  expect(labelled("x index").value).toBe("1");
});

test.each([
  ["ArrowRight", [1, 29]],
  ["ArrowUp", [1, 29]],
  ["ArrowLeft", [1, 10]],
  ["ArrowDown", [1, 10]],
])("shift and %s go ten at once, as far as the map goes", (key, indices) => {
  const { host, labelled } = show();
  const event = press(labelled("axis 1 pixel"), key, { shiftKey: true });
  expect(event.defaultPrevented).toBe(true);
  expect(asked(host)).toEqual([{ kind: "pixel", indices }]);
});

test("a plain arrow, and other keys, are the slider's own", () => {
  const { host, labelled } = show();
  expect(press(labelled("x pixel"), "ArrowRight").defaultPrevented).toBe(false);
  expect(press(labelled("x pixel"), "a", { shiftKey: true }).defaultPrevented).toBe(false);
  expect(host.sent).toEqual([]);
});

test("the way there is shown at once; with the answer the kernel's pixel counts", async () => {
  const { host, labelled, said } = show();
  const slider = labelled("x pixel");
  slider.value = "3";
  slider.dispatchEvent(new Event("input"));
  expect(labelled("x index").value).toBe("3");
  await host.answer(host.sent[0], "a run is under way");
  expect([labelled("x index").value, slider.value, said.at(-1)]).toEqual([
    "1",
    "1",
    "a run is under way",
  ]);
});

test("of a fast drag the last place is asked for, and shown until it is answered", async () => {
  const { host, labelled } = show();
  const slider = labelled("axis 1 pixel");
  for (const at of ["21", "22", "23"]) {
    slider.value = at;
    slider.dispatchEvent(new Event("input"));
  }
  host.push({ pixel: [1, 21] });
  await host.answer(host.sent[0]);
  expect(labelled("axis 1 index").value).toBe("23");
  expect(asked(host)[1]).toEqual({ kind: "pixel", indices: [1, 23] });
  host.push({ pixel: [1, 23] });
  await host.answer(host.sent[1]);
  host.push({ pixel: [0, 0] });
  expect(labelled("axis 1 index").value).toBe("0");
});

test("an axis of one pixel cannot be moved, and a signal without axes has no line", () => {
  const { labelled } = show([{ ...AXES[0], size: 1 } as (typeof AXES)[number]]);
  expect([labelled("x pixel").disabled, labelled("x index").disabled]).toEqual([true, true]);
  expect(show([]).el.children).toHaveLength(0);
});

test("what is no index is told, and a pixel after the end is not shown", () => {
  const { host, labelled, said, stop } = show();
  type(labelled("x index"), "left");
  expect(said[0]).toContain("is not a number");
  stop.abort();
  host.push({ pixel: [3, 3] });
  expect(labelled("x index").value).toBe("1");
  expect(host.listeners()).toBe(0);
});
