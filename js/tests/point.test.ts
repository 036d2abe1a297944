// The mouse in the plot: what stands there in words, and spans that someone asked for.
import { afterEach, expect, test } from "vitest";
import { hear, post, type Span } from "../src/bus";
import { describePoint, nearest } from "../src/views/point";
import { find, press } from "./fake";
import { mouse, show } from "./plotted";

const ends: AbortController[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
  document.body.replaceChildren();
});

/** A plot whose pixels are its numbers, with data of 7 everywhere. */
async function plot(more = {}) {
  const data = new DataView(new Float64Array(101).fill(7).buffer);
  const shown = await show({ data, ...more });
  ends.push(shown.stop);
  const svg = find<SVGSVGElement>(shown.place, ".hsj-overlay");
  svg.getBoundingClientRect = () => new DOMRect(0, 0, 400, 300);
  const spans: Span[] = [];
  hear("span", (span) => void spans.push(span), shown.stop.signal);
  const point = (kind: string, x: number, y = 10, buttons = 0) =>
    shown.place.dispatchEvent(mouse(kind, x, y, { buttons }));
  return {
    ...shown,
    svg,
    spans,
    point,
    cross: () => find(shown.place, ".hsj-cross"),
    readout: () => find(shown.el, ".hsj-readout").textContent,
    armed: () => svg.classList.contains("hsj-armed"),
    drag(from: number, to: number) {
      svg.dispatchEvent(mouse("pointerdown", from, 10));
      shown.move(to, 10);
      shown.letGo(to, 10);
    },
  };
}
const wish = (key = "k1") => post("wanted", { key, component: "g", name: "Gaussian_g" });

test.each([
  [[1, 2, 3], 2.4, 1],
  [[3, 2, 1], 2.6, 0],
  [[1, 2, 3], 99, 2],
  [[1], Number.NaN, 0],
  [[], 5, 0],
])("in %j the channel nearest to %d is %d", (x, at, channel) => {
  expect(nearest(Float64Array.from(x), at)).toBe(channel);
});

test("the mouse reads the channel below it, and leaves with its cross", async () => {
  const { point, readout, cross, svg } = await plot();
  point("pointermove", 50.3);
  expect(readout()).toBe("Energy 50 eV · data 7 · model 10 · Gaussian_g 10");
  expect([cross().getAttribute("x1"), cross().style.display]).toEqual(["50", ""]);
  expect(svg.getAttribute("aria-valuetext")).toBe(readout());
  point("pointermove", 60, 10, 1);
  expect(cross().getAttribute("x1")).toBe("50");
  point("pointermove", -5);
  expect(cross().style.display).toBe("none");
  point("pointermove", 50);
  point("pointerleave", 50);
  expect(cross().style.display).toBe("none");
});

test("the keys read channel by channel, with shift ten, and stop at the ends", async () => {
  const { svg, readout } = await plot();
  const now = () => Number(svg.getAttribute("aria-valuenow"));
  const steps = ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"].map((key) => {
    expect(press(svg, key).defaultPrevented).toBe(true);
    return now();
  });
  expect(steps).toEqual([50, 51, 50, 49]);
  press(svg, "ArrowRight", { shiftKey: true });
  expect(readout()).toContain("Energy 59 eV");
  for (let k = 0; k < 9; k += 1) press(svg, "ArrowRight", { shiftKey: true });
  expect([now(), svg.getAttribute("aria-valuemax")]).toEqual([100, "100"]);
  expect(press(svg, "ArrowUp").defaultPrevented).toBe(false);
});

test("what is not known is none, and a component that is off is not read", async () => {
  const { host, store } = await (async () => {
    const shown = await plot();
    return { ...shown, store: { model: shown.host.model } as Parameters<typeof describePoint>[0] };
  })();
  const line = new Float64Array(101).fill(Number.NaN);
  const lines = {
    x: Float64Array.from({ length: 101 }, (_, k) => k),
    total: () => line,
    of: () => line,
  };
  expect(describePoint(store, lines, 3)).toBe(
    "Energy 3 eV · data 7 · model none · Gaussian_g none",
  );
  host.push({ active: [false] });
  expect(describePoint(store, lines, 3)).toBe("Energy 3 eV · data 7 · model none");
});

test("a span that is wanted is drawn in either direction, and told with its lower end first", async () => {
  const { drag, spans, armed, readout } = await plot();
  expect(wish()).toBe(false);
  expect([armed(), readout()]).toEqual([
    true,
    "drag a span over the plot for Gaussian_g; Escape gives it up",
  ]);
  drag(60, 40);
  expect(spans).toEqual([{ key: "k1", component: "g", low: 40, high: 60 }]);
  expect([armed(), readout()]).toEqual([false, ""]);
});

test("a wish for another model is not ours", async () => {
  const { armed } = await plot();
  expect(wish("other")).toBe(true);
  expect(armed()).toBe(false);
});

test("a click is no span; the wish stays until it is drawn or given up", async () => {
  const { drag, spans, armed, svg } = await plot();
  wish();
  drag(60, 62);
  expect([spans.length, armed()]).toEqual([0, true]);
  press(svg, "Escape");
  expect(armed()).toBe(false);
  drag(40, 60);
  expect(spans).toEqual([]);
});

test("of two plots of one model that are asked, one answer is enough for both", async () => {
  const [one, other] = [await plot(), await plot()];
  wish();
  expect([one.armed(), other.armed()]).toEqual([true, true]);
  one.drag(40, 60);
  expect([one.armed(), other.armed(), other.readout()]).toEqual([false, false, ""]);
  other.drag(10, 20);
  expect(one.spans).toHaveLength(1);
});

test("on an axis that falls the lower end comes first, too", async () => {
  const x = new DataView(Float64Array.from({ length: 101 }, (_, k) => 100 - k).buffer);
  const { drag, spans } = await plot({ x });
  wish();
  drag(30, 70);
  expect(spans[0]).toMatchObject({ low: 30, high: 70 });
});

test("a plot that is closed leaves the page as it was", async () => {
  const { stop, place, drag, spans } = await plot();
  wish();
  stop.abort();
  expect(place.children).toHaveLength(0);
  drag(40, 60);
  expect(spans).toEqual([]);
  expect(wish()).toBe(true);
});
