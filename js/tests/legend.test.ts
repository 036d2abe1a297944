// The legend of a plot: what is drawn in which colour, and how good the fit is.
import { expect, test, vi } from "vitest";
import type { HostState } from "../src/schema.gen";
import { asked } from "./drawn";
import { find, gaussian, state } from "./fake";
import { frame, show } from "./plotted";

const entries = (el: HTMLElement) =>
  [...el.querySelectorAll<HTMLElement>(".hsj-legend > *")].map((one) => [
    one.tagName === "BUTTON" ? one.getAttribute("aria-pressed") : null,
    one.textContent,
    one.classList.contains("hsj-off"),
  ]);
const press = (el: HTMLElement, text: string) =>
  [...el.querySelectorAll<HTMLButtonElement>(".hsj-legend button")]
    .find((one) => one.textContent === text)
    ?.click();

/** A legend of a model whose record of curves has these changes. */
async function legend(curves = {}, more: Partial<HostState> = {}, lines = true) {
  const shown = await show(more, lines);
  const record = shown.host.model.get("curves");
  if (record === null) throw new Error("a plot has curves");
  const push = async (update: object) => {
    shown.host.push({ curves: { ...record, ...update } });
    await vi.waitFor(() => expect(shown.el.querySelector(".hsj-quality")).not.toBeNull());
    await frame();
  };
  await push(curves);
  return { ...shown, push };
}

test("data, model and every line are named, each with what a press does", async () => {
  const { el } = await legend({ show_residual: true });
  expect(entries(el)).toEqual([
    ["true", "data", false],
    ["true", "model", false],
    [null, "data − model", false],
    ["true", "Gaussian_g", false],
  ]);
  expect(find(el, ".hsj-legend").getAttribute("aria-label")).toContain("press to hide");
});

test.each([
  ["data", "data"],
  ["model", "model"],
  ["Gaussian_g", "g"],
])("a press on %s asks to hide it, or to show it again", async (text, what) => {
  const { host, el, push } = await legend();
  press(el, text);
  await push({ hidden: [what] });
  const entry = entries(el).find(([, name]) => name === text);
  expect(entry).toEqual(["false", text, true]);
  press(el, text);
  expect(asked(host)).toEqual([
    { kind: "hide", what, on: true },
    { kind: "hide", what, on: false },
  ]);
});

test("what the kernel refuses is said", async () => {
  const { host, el } = await legend();
  press(el, "data");
  await host.answer(host.sent[0], "no data");
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toBe("no data");
});

test("without lines components are dots, and those without a place are not named", async () => {
  const spec = {
    ...state().spec,
    components: [gaussian("g", 0), { ...gaussian("h", 3), position: null }],
  };
  const { el } = await legend(
    {},
    { spec, active: [true, true], values: [1, 2, 3, 4, 5, 6] },
    false,
  );
  expect(
    entries(el)
      .map(([pressed, text]) => [pressed, text])
      .slice(2),
  ).toEqual([[null, "Gaussian_g"]]);
});

test("a signal without a model has its data alone, and no word on a fit", async () => {
  const { el } = await legend({}, { spec: { ...state().spec, components: [] }, active: [] });
  expect(entries(el).map(([, text]) => text)).toEqual(["data"]);
  expect(find(el, ".hsj-quality").textContent).toBe("");
});

test("the quality follows the kernel", async () => {
  const { host, el } = await legend();
  host.push({ quality: { chisq: 12.3456, reduced_chisq: 1.23456, free: 2, channels: 101 } });
  expect(find(el, ".hsj-quality").textContent).toBe(
    "χ² 12.35 · reduced χ² 1.235 · 2 free numbers · 101 channels",
  );
});

test("the focus stays on what was pressed, in the view where it was", async () => {
  const [one, other] = [await legend(), await legend()];
  const focused = () => document.activeElement as HTMLElement;
  find(one.el, '[data-hsj-focus="legend data"]').focus();
  await Promise.all([one.push({ hidden: ["data"] }), other.push({ hidden: ["data"] })]);
  expect(one.el.contains(focused())).toBe(true);
  expect(focused().getAttribute("data-hsj-focus")).toBe("legend data");
});

test("a name is text", async () => {
  const name = `<img src=x onerror="alert(1)">`;
  const spec = { ...state().spec, components: [{ ...gaussian("g", 0), name }] };
  const { el } = await legend({}, { spec });
  expect(entries(el).at(-1)?.[1]).toBe(name);
  expect(el.querySelector("img")).toBeNull();
});
