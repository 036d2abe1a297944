// Handles of the plot: which one a press means, what a drag and a key ask for, and where they are.
import { afterEach, expect, test } from "vitest";
import type { Hand } from "../src/hand";
import { meantAt } from "../src/picker";
import type { HostState } from "../src/schema.gen";
import { find, gaussian, press as key, state } from "./fake";
import { frame, mouse, show as showPlot } from "./plotted";

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
  document.body.replaceChildren();
});

const show: typeof showPlot = async (...given) => {
  const shown = await showPlot(...given);
  stops.push(shown.stop);
  return shown;
};

/** Several components at these positions, each of height 10 and width 0.5. */
function several(centres: readonly number[]): Partial<HostState> {
  const { spec } = state();
  const ids = centres.map((_, c) => "abcdefgh"[c] ?? "");
  const none = centres.flatMap(() => [null, null, null]);
  return {
    spec: {
      ...spec,
      components: ids.map((id, c) => gaussian(id, 3 * c)),
      slots: ids.flatMap((id) => [`${id}.A`, `${id}.centre`, `${id}.sigma`]),
    },
    values: centres.flatMap((centre) => [10, centre, 0.5]),
    std: none,
    free: none.map(() => true),
    bmin: none,
    bmax: none,
    linked: none,
    active: centres.map(() => true),
    per_pixel: centres.map(() => false),
  };
}

test("a handle is an element that stays while it is moved and drawn anew", async () => {
  const { host, hand, at } = await show();
  const before = hand("Gaussian_g position");
  for (const centre of [20, 30, 40]) {
    host.push({ values: [10, centre, 5] });
    await frame();
    expect(at("Gaussian_g position")).toEqual([centre, 10]);
  }
  expect(hand("Gaussian_g position")).toBe(before);
  expect(before.getAttribute("role")).toBe("slider");
  expect(before.getAttribute("aria-valuetext")).toBe("40 eV");
});

test("a press near a handle takes it, whatever element it met; one farther away does not", async () => {
  const { host, press, move, letGo } = await show();
  expect(press(61, 18).defaultPrevented).toBe(true);
  move(71, 18);
  letGo(71, 18);
  expect(host.sent).toMatchObject([{ slot: "g.centre", field: "value", value: 60 }]);
  expect(press(90, 60).defaultPrevented).toBe(false);
  move(95, 60);
  expect(host.sent).toHaveLength(1);
});

test("only the main button takes a handle, and nothing moves that is not held", async () => {
  const { host, press, move, letGo } = await show();
  move(70);
  press(50, 10, { button: 2 });
  move(70);
  press(50, 10);
  letGo(50, 10);
  move(70);
  expect(host.sent).toEqual([]);
});

test("a handle does not leave the axis nor the bounds", async () => {
  const { host, press, move, letGo, at } = await show({ bmax: [null, 80, null] });
  press(50, 10);
  move(329, 10);
  expect(host.sent[0]).toMatchObject({ value: 80 });
  await frame();
  expect(at("Gaussian_g position")[0]).toBe(80);
  letGo(329, 10);
  host.push({ values: [10, 80, 5] });
  await host.answer(host.sent[0]);
  expect(host.sent).toHaveLength(1);
});

test("arrow keys move a handle, Escape leaves it, Home and End are the page's", async () => {
  const { host, hand } = await show();
  const el = hand("Gaussian_g position");
  el.focus();
  expect(key(el, "ArrowRight").defaultPrevented).toBe(true);
  expect(host.sent[0]).toMatchObject({ slot: "g.centre", value: 50.1 });
  await host.answer(host.sent[0]);
  key(el, "ArrowLeft", { shiftKey: true });
  expect(host.sent[1]).toMatchObject({ value: 49 });
  expect(key(el, "Home").defaultPrevented).toBe(false);
  key(el, "Escape");
  expect(document.activeElement).not.toBe(el);
});

test("a position off the axis has no handle, nor has a twin or a component that is off", async () => {
  const { host, seen } = await show({ values: [10, 500, 5] });
  expect(seen()).toEqual([]);
  for (const [update, there] of [
    [{ values: [10, 50, 5] }, true],
    [{ linked: [null, "other.centre", null] }, false],
    [{ linked: [null, null, null], active: [false] }, false],
    [{ active: [true] }, true],
  ] as const) {
    host.push(update as unknown as Partial<HostState>);
    await frame();
    expect(seen()).toEqual(there ? ["Gaussian_g position"] : []);
  }
});

test("a line may leave the plot, its handle may not", async () => {
  const { host, at, scales } = await show();
  host.push({ values: [5000, 50, 5] });
  await frame();
  const [, height] = at("Gaussian_g position");
  expect(height).toBeGreaterThan(90);
  expect(height).toBeLessThan(100);
  scales.y.set({ min: 0, max: 1e5 });
  await frame();
  await frame();
  expect(at("Gaussian_g position")).toEqual([50, 5000]);
});

test("the chosen component has handles of its height and width, next to its own for the keys", async () => {
  const { host, hand, seen, press, move, letGo } = await show(several([20, 50]));
  expect(seen()).toEqual(["Gaussian_a position", "Gaussian_b position"]);
  hand("Gaussian_a position").focus();
  expect(seen()).toEqual([
    "Gaussian_a position",
    "Gaussian_a height",
    "Gaussian_a width, left",
    "Gaussian_a width",
    "Gaussian_b position",
  ]);
  key(hand("Gaussian_a height"), "ArrowUp");
  expect(host.sent[0]).toMatchObject({ slot: "a.A", value: expect.closeTo(10.1, 9) });
  key(hand("Gaussian_a width, left"), "ArrowLeft");
  expect(host.sent[1]).toMatchObject({ slot: "a.sigma", value: expect.closeTo(0.505, 9) });
  press(50, 10);
  move(52, 10);
  letGo(52, 10);
  expect(seen().filter((label) => label?.includes("height"))).toEqual(["Gaussian_b height"]);
});

test("the height is dragged by the mouse, the width too; neither changes sign", async () => {
  const { host, hand, at, press, move, letGo } = await show({ values: [100, 50, 20] });
  hand("Gaussian_g position").focus();
  const [x, y] = at("Gaussian_g height");
  press(x, y);
  move(x, y + 20);
  letGo(x, y + 20);
  expect(host.sent[0]).toMatchObject({ slot: "g.A", value: expect.closeTo(120, 6) });
  await host.answer(host.sent[0]);
  const [right, middle] = at("Gaussian_g width");
  press(right, middle);
  move(right + 10, middle);
  expect(host.sent[1]).toMatchObject({ slot: "g.sigma", value: expect.closeTo(30, 6) });
  move(right - 300, middle);
  letGo(right - 300, middle);
  await host.answer(host.sent[1]);
  expect(Number(host.sent.at(-1)?.value)).toBeGreaterThan(0);
});

test("clicks go through handles that lie upon each other; the chosen one is dragged", async () => {
  const { host, el, hand, at, press, move, letGo } = await show(several([50, 50, 50, 90]));
  const [, top] = at("Gaussian_a position");
  const words = () => find(el, ".hsj-readout").textContent ?? "";
  const chosen: string[] = [];
  for (let k = 0; k < 4; k += 1) {
    press(50, top);
    letGo(50, top);
    expect(words()).toContain("3 handles lie here");
    chosen.push(/Gaussian_(.) is chosen/.exec(words())?.[1] ?? "");
    const focused = document.activeElement?.getAttribute("aria-label") ?? "";
    expect(focused).toBe(`Gaussian_${chosen.at(-1)} position`);
  }
  expect(new Set(chosen.slice(0, 3))).toEqual(new Set(["a", "b", "c"]));
  expect(chosen[3]).toBe(chosen[0]);
  hand("Gaussian_c position").focus();
  press(50, top);
  move(61, top);
  letGo(61, top);
  expect(host.sent).toMatchObject([{ slot: "c.centre", value: 61 }]);
  expect(words()).toContain("Gaussian_c is chosen");
});

test("a handle beside the chosen one is met where the mouse is on it", () => {
  const fake = (id: string, x: number) => ({ id, name: id, at: () => [x, 0] as const }) as Hand;
  const hands = [fake("a", 0), fake("b", 12), fake("c", 40), { ...fake("d", 1), at: () => null }];
  const ids = (x: number) => meantAt(hands, [x, 0]).map(({ id }) => id);
  expect(ids(1)).toEqual(["a"]);
  expect(ids(12)).toEqual(["b"]);
  expect(ids(5)).toEqual(["a", "b"]);
  expect(ids(70)).toEqual([]);
});

test("while a peak is to be placed, handles are out of the way", async () => {
  const { el, host, press, move, letGo, place } = await show();
  const add = [...el.querySelectorAll("button")].find((one) => one.textContent === "Add peak");
  add?.click();
  press(50, 10);
  move(60, 10);
  letGo(60, 10);
  expect(host.sent).toEqual([]);
  find(place, ".hsj-overlay").dispatchEvent(mouse("pointerdown", 50, 10));
  window.dispatchEvent(mouse("pointerup", 50, 10));
  expect(host.sent).toMatchObject([{ kind: "peak", component: "Gaussian", x: 50 }]);
});

test("a plot that is built anew keeps what was chosen, and the focus", async () => {
  const { host, hand, seen } = await show(several([20, 50]));
  hand("Gaussian_b position").focus();
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, log_x: false, show_lines: false } });
  await frame();
  await frame();
  expect(seen()).toContain("Gaussian_b height");
  expect(document.activeElement).toBe(hand("Gaussian_b position"));
});

test("what a visitor may not change has no handle of its height or width", async () => {
  const { host, hand, seen } = await show(several([20]));
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, still: [0] } });
  await frame();
  await frame();
  hand("Gaussian_a position").focus();
  expect(seen()).toEqual(["Gaussian_a position", "Gaussian_a width, left", "Gaussian_a width"]);
});

test("names that would lie upon each other are hidden, but never the chosen one's", async () => {
  const { hand, place } = await show(several([20, 22, 200]));
  const names = () =>
    [...place.querySelectorAll(".hsj-hand-name:not(.hsj-crowded)")].map((one) => one.textContent);
  expect(names()).not.toContain("Gaussian_b");
  hand("Gaussian_b position").focus();
  expect(names()).toContain("Gaussian_b");
  expect(names()).not.toContain("Gaussian_a");
});

test("names beside handles are there if asked for", async () => {
  const { host, place } = await show();
  expect(find(place, ".hsj-hand-name").textContent).toBe("Gaussian_g");
  const curves = host.model.get("curves");
  host.push({ curves: curves && { ...curves, labels: false } });
  await frame();
  await frame();
  expect(place.querySelector(".hsj-hand")).not.toBeNull();
  expect(place.querySelector(".hsj-hand-name")).toBeNull();
});

test("the wheel over a handle reaches the figure below it", async () => {
  const { hand, place } = await show();
  const below = document.createElement("div");
  place.append(below);
  document.elementsFromPoint = () => [hand("Gaussian_g position"), below, document.body];
  let turned = 0;
  below.addEventListener("wheel", (event) => {
    turned += event.deltaY;
    event.preventDefault();
  });
  const event = new WheelEvent("wheel", { deltaY: 3, bubbles: true, cancelable: true });
  hand("Gaussian_g position").dispatchEvent(event);
  expect([turned, event.defaultPrevented]).toEqual([3, true]);
});
