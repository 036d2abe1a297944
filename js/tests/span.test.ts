// A span that the kernel asks for, dragged over a plot of bqplot's.
import { expect, test, vi } from "vitest";
import type { SpanRecord } from "../src/schema.gen";
import { figureFrame, spanView } from "../src/views/span";
import { asked, draw, watchPage } from "./drawn";
import { find, press, settled, type } from "./fake";
import { fakeMark, frame, mouse } from "./plotted";

const SPAN: SpanRecord = { title: "Set <b>range</b>", button: "Apply", ends: [20, 60] };

/** A plot of 100 pixels, as many numbers, and the view of a span over it; two views share it. */
async function show(given: SpanRecord = SPAN, limits = [0, 100, 0, 1], views = 1) {
  // Views that were told of one record share its ends.
  const span = structuredClone(given);
  const figure = document.createElement("div");
  document.body.append(figure);
  const margin = { left: 7, top: 3 };
  const mark = fakeMark({}, { el: figure, plotareaWidth: 100, plotareaHeight: 50, margin });
  const shown = Array.from({ length: views }, () =>
    draw((store, el, signal) => spanView(store, figureFrame(store, mark, signal), el, signal), {
      span,
      limits,
    }),
  );
  const [first] = shown;
  if (first === undefined) throw new Error("one view at least");
  await frame();
  await frame();
  const place = () => figure.querySelector<HTMLElement>(":scope > .hsj-over");
  const box = () => {
    const found = find(figure, ".hsj-span");
    const over = place();
    if (over !== null) over.getBoundingClientRect = () => new DOMRect(0, 0, 100, 50);
    return found;
  };
  const fields = () =>
    [...first.el.querySelectorAll<HTMLInputElement>(".hsj-spanbar input")].map((one) =>
      // As far as it can be told: it went to pixels and back.
      Number(Number(one.title).toPrecision(9)),
    );
  return { ...first, shown, figure, place, box, fields };
}

const drag = (el: Element, by: number) => {
  el.dispatchEvent(mouse("pointerdown", 0, 0));
  window.dispatchEvent(mouse("pointermove", by, 0));
  window.dispatchEvent(mouse("pointerup", by, 0));
};

test("it lies over the plot area, with its ends in words for those who do not see it", async () => {
  const { box, place, el } = await show();
  expect(place()?.style).toMatchObject({ left: "7px", top: "3px", width: "100px", height: "50px" });
  expect([box().style.left, box().style.width]).toEqual(["20%", "40%"]);
  const grips = [...box().querySelectorAll("[role=slider]")];
  const words = ["label", "valuenow", "valuemin", "valuemax", "valuetext"];
  expect(grips.map((grip) => words.map((one) => grip.getAttribute(`aria-${one}`)))).toEqual([
    ["start of the range, in the plot", "20", "0", "100", "20"],
    ["end of the range, in the plot", "60", "0", "100", "60"],
  ]);
  expect(find(el, ".hsj-spanbar").getAttribute("aria-label")).toBe("Set <b>range</b>");
  expect(el.querySelector("b")).toBeNull();
});

test.each<[string, number, number[]]>([
  [".hsj-left", 10, [30, 60]],
  [".hsj-right", 15, [20, 75]],
  [".hsj-left", -90, [0, 60]],
  [".hsj-right", -90, [20, 20.1]],
])("the grip %s dragged by %d gives %j", async (grip, by, ends) => {
  const { box, fields, host } = await show();
  drag(find(box(), grip), by);
  expect(fields()[0]).toBeCloseTo(ends[0] ?? 0, 9);
  expect(fields()[1]).toBeCloseTo(ends[1] ?? 0, 9);
  expect(host.sent).toEqual([]);
});

test("it is moved whole, no farther than the axis goes", async () => {
  const { box, fields } = await show();
  drag(box(), 15);
  expect(fields()).toEqual([35, 75]);
  drag(box(), 500);
  expect(fields()).toEqual([60, 100]);
});

test("keys move an end, and its field takes a number inside of the axis", async () => {
  const { box, fields, labelled, problems } = await show();
  press(find(box(), ".hsj-left"), "ArrowRight");
  press(find(box(), ".hsj-right"), "ArrowLeft", { shiftKey: true });
  expect(press(find(box(), ".hsj-left"), "a").defaultPrevented).toBe(false);
  expect(fields()).toEqual([20.5, 55]);
  type(labelled("end of the range"), "1e6");
  expect(fields()).toEqual([20.5, 100]);
  type(labelled("start of the range"), "wide");
  expect(problems()).toEqual(["“wide” is not a number; write it like 12.5 or 1.2e-3"]);
});

test("its button sends the ends once, and says what the kernel refuses; Cancel asks for none", async () => {
  const { host, button, problems } = await show();
  button("Apply").click();
  expect(button("Apply").disabled).toBe(true);
  await host.answer(host.sent[0], "no channel lies there");
  expect([button("Apply").disabled, ...problems()]).toEqual([false, "no channel lies there"]);
  button("Cancel").click();
  expect(asked(host)).toEqual([{ kind: "span", ends: [20, 60] }, { kind: "nospan" }]);
});

test("when the kernel asks no more, nothing of it is left in the figure", async () => {
  const { host, figure, el } = await show();
  expect(figure.children).toHaveLength(1);
  host.push({ span: null });
  await frame();
  await frame();
  expect([figure.children.length, el.children.length]).toEqual([0, 0]);
});

test("another span takes the place of the first, and the page is looked at once a frame", async () => {
  const { host, fields } = await show();
  for (const low of [1, 2, 3]) host.push({ span: { ...SPAN, ends: [low, 60] } });
  await frame();
  await frame();
  expect(fields()).toEqual([3, 60]);
  const waiting = new Map<number, FrameRequestCallback>();
  let last = 1e6;
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => {
    waiting.set(++last, call);
    return last;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => waiting.delete(id));
  for (const low of [4, 5, 6]) host.push({ span: { ...SPAN, ends: [low, 60] } });
  for (let k = 0; k < 3; k += 1) {
    await settled();
    const calls = [...waiting.values()];
    waiting.clear();
    for (const call of calls) call(0);
  }
  await settled();
  expect(fields()).toEqual([6, 60]);
  // One for the place, and one for what follows it.
  expect(waiting.size).toBeLessThanOrEqual(2);
});

test("on an axis that falls it is drawn the other way round", async () => {
  const { fields, labelled } = await show({ ...SPAN, ends: [20, 60] }, [100, 0, 0, 1]);
  expect(fields()).toEqual([20, 60]);
  type(labelled("end of the range"), "200");
  expect(fields()).toEqual([20, 100]);
});

test("two views of one plot show one box, and the ends that either of them drags", async () => {
  const { shown, box, fields } = await show(SPAN, [0, 100, 0, 1], 2);
  drag(find(box(), ".hsj-left"), 10);
  expect(fields()).toEqual([30, 60]);
  expect(shown).toHaveLength(2);
});

test("the end of the view in mid-drag leaves the figure and the page as they were", async () => {
  const page = watchPage();
  const { box, figure, el, host, stop } = await show();
  find(box(), ".hsj-left").dispatchEvent(mouse("pointerdown", 0, 0));
  stop.abort();
  await frame();
  expect([figure.children.length, el.children.length]).toEqual([0, 0]);
  expect([host.listeners(), page.listeners()]).toEqual([0, 0]);
});
