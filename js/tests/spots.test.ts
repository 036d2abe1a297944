// Handles on images: what turns a spot and widens it, and which of several a press means.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import type { AxisRecord, ComponentRecord, HostState, SpotRecord } from "../src/schema.gen";
import { fakeHost, find, parameter, press, stage, state } from "./fake";
import { frame, mouse } from "./plotted";

let last: ReturnType<typeof stage> | null = null;
beforeEach(() => {
  // Each pixel of the image is ten of the page.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(
    new DOMRect(0, 0, 400, 300),
  );
});
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const NAMES = ["x0", "y0", "sigma_x", "sigma_y", "angle"];
const axis = (name: string, size: number): AxisRecord => ({
  name,
  units: "nm",
  size,
  scale: 1,
  offset: 0,
  positions: null,
});
const upTo = (n: number) => Float64Array.from({ length: n }, (_, k) => k);
const bytes = (numbers: Float64Array) => new DataView(numbers.buffer);

/** Spots at numbers x, y, first and second length, angle: the pixel (k, j) is at 10 k + 5, 10 j + 5. */
function show(
  rows: readonly (readonly number[])[],
  more: Partial<HostState> = {},
  changed: Partial<SpotRecord> = {},
) {
  const ids = rows.map((_, c) => "abc"[c] ?? "");
  const component = (id: string, c: number): ComponentRecord => ({
    id,
    name: id,
    type: "Gaussian2D",
    colour: "#2a7fc1",
    formula: "",
    js: "for (let i = 0; i < n; i++) out[i] = 0;",
    in_model: true,
    dimensions: 2,
    position: null,
    height: null,
    width: null,
    reach: 1,
    extras: [],
    parameters: NAMES.map((name, k) =>
      parameter(name, 5 * c + k, { units: name === "angle" ? "rad" : "nm" }),
    ),
  });
  const handles = Object.fromEntries(
    ids.map((id, c) => {
      const [x = 0, y = 0, one = 0, two = 0, angle = 0] = NAMES.map((_, k) => 5 * c + k);
      const spot: SpotRecord = {
        position: [x, y],
        widths: [one, two],
        reach: [1, 1],
        angle,
        pivot: [],
        ...changed,
      };
      return [id, spot];
    }),
  );
  const values = rows.flat();
  const none = values.map(() => null);
  const host = fakeHost({
    kind: "image",
    spec: {
      ...state().spec,
      components: ids.map(component),
      slots: ids.flatMap((id) => NAMES.map((name) => `${id}.${name}`)),
    },
    values,
    std: none,
    free: none.map(() => true),
    bmin: none,
    bmax: none,
    linked: none,
    active: ids.map(() => true),
    per_pixel: ids.map(() => false),
    x: bytes(upTo(40)),
    y: bytes(upTo(30)),
    data: bytes(new Float64Array(1200)),
    image: {
      x: axis("x", 40),
      y: axis("y", 30),
      quantity: "Counts",
      square: true,
      handles,
      labels: true,
      outlines: false,
    },
    ...more,
  });
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  const plane = find(el, ".hsj-panel:first-child .hsj-plane");
  const hand = (label: string) => find(plane, `.hsj-hand[aria-label="${label}"]`);
  const at = (label: string) =>
    (hand(label).style.transform.match(/-?[\d.]+/g) ?? []).slice(0, 2).map(Number) as [
      number,
      number,
    ];
  const point = (kind: string, [x, y]: readonly [number, number]) => mouse(kind, x, y);
  const take = (from: readonly [number, number]) => plane.dispatchEvent(point("pointerdown", from));
  const go = (to: readonly [number, number]) => window.dispatchEvent(point("pointermove", to));
  const letGo = (to: readonly [number, number]) => window.dispatchEvent(point("pointerup", to));
  /** Take what is there, go on, let go. */
  const drag = (from: readonly [number, number], ...way: (readonly [number, number])[]) => {
    take(from);
    for (const to of way) go(to);
    letGo(way.at(-1) ?? from);
  };
  const asked = () => host.sent.map(({ slot, value }) => [slot, value] as const);
  const seen = () =>
    [...plane.querySelectorAll<HTMLElement>(".hsj-hand:not([hidden])")].map((one) =>
      one.getAttribute("aria-label"),
    );
  return { host, el, stop, plane, hand, at, take, go, letGo, drag, asked, seen };
}

const click = ({ take, letGo }: ReturnType<typeof show>, at: readonly [number, number]) => {
  take(at);
  letGo(at);
};

test("the chosen spot has handles of its lengths and its angle, next to its own for the keys", () => {
  const shown = show([
    [20, 15, 4, 2, 0],
    [5, 5, 2, 2, 0],
  ]);
  expect(shown.seen()).toEqual(["a position", "b position"]);
  shown.hand("a position").focus();
  expect(shown.seen()).toEqual([
    "a position",
    "a rotation",
    "a width, sigma_x",
    "a width, sigma_x, other side",
    "a width, sigma_y",
    "a width, sigma_y, other side",
    "b position",
  ]);
  expect(shown.at("a position")).toEqual([205, 155]);
  expect(shown.at("a width, sigma_x")).toEqual([245, 155]);
  expect(shown.at("a width, sigma_y, other side")).toEqual([205, 135]);
  expect(shown.at("a rotation")[0]).toBeGreaterThan(260);
  expect(shown.at("a rotation")[1]).toBe(155);
  const focusable = [...shown.el.querySelectorAll<HTMLElement>(".hsj-hand")].filter(
    ({ tabIndex }) => tabIndex === 0,
  );
  expect(focusable).toHaveLength(7);
});

test("the name of the chosen spot is clear of its handles, the others' beside theirs", () => {
  const shown = show([
    [20, 15, 4, 2, 0],
    [20, 27, 2, 2, 0],
  ]);
  const top = (label: string) => {
    const name = find(shown.hand(`${label} position`), ".hsj-hand-name");
    return name.classList.contains("hsj-clear") ? Number.parseFloat(name.style.top) - 13 : null;
  };
  expect([top("a"), top("b")]).toEqual([null, null]);
  shown.hand("a position").focus();
  expect(top("a")).toBeGreaterThan(20);
  expect(top("b")).toBeNull();
  shown.hand("b position").focus();
  expect(top("a")).toBeNull();
  // There is no room below it.
  expect(top("b")).toBeLessThan(-20);
});

test("what is held stands in the readout, also where two moves share a frame", async () => {
  const shown = show([[20, 15, 4, 2, 0]]);
  shown.hand("a position").focus();
  const [x, y] = shown.at("a rotation");
  shown.take([x, y]);
  for (const way of [-20, -60]) {
    const over = mouse("pointermove", x, y + way);
    shown.plane.dispatchEvent(over);
  }
  await frame();
  const words = shown.hand("a rotation").getAttribute("aria-valuetext");
  expect(find(shown.el, ".hsj-readout").textContent).toBe(`a rotation: ${words}`);
});

test("what turns a spot is taken around it, over half a turn and on; up is counter-clockwise", async () => {
  const shown = show([[20, 15, 4, 2, 0]]);
  shown.hand("a position").focus();
  const [x, y] = shown.at("a rotation");
  const far = x - 205;
  const around = [30, 60, 90, 150, 200].map(
    (degrees) =>
      [
        205 + far * Math.cos((degrees * Math.PI) / 180),
        155 - far * Math.sin((degrees * Math.PI) / 180),
      ] as const,
  );
  shown.take([x, y]);
  shown.go(around[2] ?? [0, 0]);
  expect(shown.asked()[0]?.[0]).toBe("a.angle");
  expect(shown.asked()[0]?.[1]).toBeCloseTo(Math.PI / 2, 6);
  // It is above the spot now, and so are its lengths turned.
  expect(shown.at("a rotation")).toEqual([205, 155 - far]);
  expect(shown.at("a width, sigma_x")).toEqual([205, 115]);
  expect(shown.at("a width, sigma_y")).toEqual([225, 155]);
  expect(shown.hand("a rotation").getAttribute("aria-valuetext")).toBe("1.5708 rad (90°)");
  for (const to of around.slice(3)) shown.go(to);
  await frame();
  expect(shown.at("a rotation")[0]).toBeLessThan(205);
  shown.letGo(around[4] ?? [0, 0]);
  expect(find(shown.plane, ".hsj-stem").getAttribute("d")).toContain("M205.0,155.0L");
});

test("a turned spot is widened along its own axis, as far as the mouse went along it", () => {
  const angle = Math.PI / 6;
  const shown = show([[20, 15, 4, 2, angle]]);
  shown.hand("a position").focus();
  const [x, y] = shown.at("a width, sigma_x");
  expect(x).toBeCloseTo(205 + 40 * Math.cos(angle), 0);
  expect(y).toBeCloseTo(155 - 40 * Math.sin(angle), 0);
  // Twenty pixels along the axis, and ten across, which widen nothing.
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  shown.drag([x, y], [x + 20 * c + 10 * s, y - 20 * s + 10 * c]);
  expect(shown.asked()).toEqual([["a.sigma_x", expect.closeTo(6, 6)]]);
  expect(shown.at("a width, sigma_y")[0]).toBeCloseTo(205 + 20 * s, 0);
});

test("the other side widens as well, and no length changes its sign", async () => {
  const shown = show([[20, 15, 4, 2, 0]]);
  shown.hand("a position").focus();
  shown.drag([165, 155], [155, 155]);
  expect(shown.asked()).toEqual([["a.sigma_x", expect.closeTo(5, 9)]]);
  await shown.host.answer(shown.host.sent[0]);
  shown.host.push({ values: [20, 15, 5, 2, 0] });
  shown.drag([155, 155], [300, 155]);
  expect(Number(shown.asked().at(-1)?.[1])).toBeGreaterThan(0);
});

test("keys turn and widen; a full turn is two thousand steps of an arrow", () => {
  const shown = show([[20, 15, 4, 2, 0.5]]);
  shown.hand("a position").focus();
  press(shown.hand("a rotation"), "ArrowUp");
  press(shown.hand("a width, sigma_y"), "ArrowRight", { shiftKey: true });
  expect(shown.asked()).toEqual([
    ["a.angle", expect.closeTo(0.5 + Math.PI / 1000, 9)],
    ["a.sigma_y", expect.closeTo(2 * 1.01 ** 10, 9)],
  ]);
});

test("an angle keeps its bounds; what follows another number has no handle", () => {
  const shown = show([[20, 15, 4, 2, 0]], { bmax: [null, null, null, null, 0.25] });
  shown.hand("a position").focus();
  const [x, y] = shown.at("a rotation");
  shown.drag([x, y], [205, y - 80]);
  expect(shown.asked()).toEqual([["a.angle", 0.25]]);
  shown.host.push({ linked: [null, null, "a.sigma_y", null, "b.angle"] });
  expect(shown.seen()).toEqual(["a position", "a width, sigma_y", "a width, sigma_y, other side"]);
});

test("two spots that lie upon each other are taken one after the other by clicks", () => {
  const shown = show([
    [20, 15, 4, 2, 0],
    [20, 15, 2, 2, 0],
  ]);
  const readout = find(shown.el, ".hsj-readout");
  click(shown, [205, 155]);
  expect(readout.textContent).toBe("2 handles lie here; a is chosen, click again for the next");
  expect(shown.seen()).toContain("a rotation");
  click(shown, [205, 155]);
  expect(shown.seen()).toContain("b rotation");
  expect(shown.seen()).not.toContain("a rotation");
  shown.drag([205, 155], [235, 155]);
  expect(shown.asked()).toEqual([["b.x0", expect.closeTo(23, 9)]]);
});

test("near the rim what turns a spot is on its other side, and within the picture", () => {
  const shown = show([[38, 15, 4, 2, 0]]);
  shown.hand("a position").focus();
  expect(shown.at("a rotation")[0]).toBeLessThan(385);
  expect(shown.at("a rotation")[0]).toBeGreaterThan(0);
});

test("what is turned about another point is seen where the formula has it, and dragged there", async () => {
  const pivot = [
    { slot: null, value: 10 },
    { slot: null, value: 15 },
  ];
  const shown = show([[20, 15, 4, 2, Math.PI / 2]], {}, { pivot });
  // Ten to the right of the pivot, a quarter turn: ten above it.
  expect(shown.at("a position")).toEqual([105, 55]);
  shown.drag([105, 55], [105, 75]);
  expect(shown.asked()).toEqual([["a.x0", expect.closeTo(18, 9)]]);
  await shown.host.answer(shown.host.sent[0]);
  shown.hand("a position").focus();
  await frame();
  const [x, y] = shown.at("a rotation");
  expect(x).toBe(105);
  // Back by a quarter turn about the pivot, at (105, 155): the stem points to the right again.
  const far = 155 - y;
  shown.drag([x, y], [105 + far * Math.SQRT1_2, 155 - far * Math.SQRT1_2], [105 + far, 155]);
  expect(shown.asked().some(([slot]) => slot === "a.angle")).toBe(true);
  await frame();
  expect(shown.at("a position")[1]).toBe(155);
});

test("while a rectangle is asked for, handles are out of the way", () => {
  const shown = show([[20, 15, 4, 2, 0]], {
    span: { title: "t", button: "Fit", ends: [10, 30, 10, 20] },
  });
  shown.drag([205, 155], [235, 155]);
  expect(shown.asked()).toEqual([]);
  shown.host.push({ span: null });
  shown.drag([205, 155], [235, 155]);
  expect(shown.asked()).toHaveLength(1);
});

test("a plot that is built anew keeps what was chosen, and the focus", () => {
  const shown = show([[20, 15, 4, 2, 0]]);
  shown.hand("a position").focus();
  shown.hand("a rotation").focus();
  const image = shown.host.model.get("image");
  shown.host.push({ image: image && { ...image, outlines: true } });
  const again = find(shown.el, '.hsj-hand[data-hsj-focus="a rotation"]');
  expect(document.activeElement).toBe(again);
});
