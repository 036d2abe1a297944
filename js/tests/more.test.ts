// What a component has beside its parameters: switches, a window of the data, and its own fit.
import { expect, test } from "vitest";
import { hear, post, type Wanted } from "../src/bus";
import type { ComponentRecord, ExtraRecord } from "../src/schema.gen";
import { moreView } from "../src/views/more";
import { asked, draw, render, two } from "./drawn";
import { find, gaussian, press, state, type } from "./fake";

/** What is below a component with these extras, in a host of this kind. */
function show(
  extras: ExtraRecord[] = [],
  more: Partial<ComponentRecord> = {},
  open = new Set<string>(),
) {
  const component = { ...gaussian("g", 0), extras, ...more };
  return draw((store, el, signal, say) => moreView(store, component, open, say, el, signal), two());
}

const SWITCH = { name: "interpolate", doc: "stretched", value: true, empty: false };
const NUMBER = { name: "E0", doc: "beam energy", value: 200.123456789, empty: true };

test("a component is kept for each pixel, estimated and fitted in a typed window", () => {
  const { host, labelled } = render(two());
  expect(labelled("Gaussian_h active per pixel").checked).toBe(true);
  labelled("Gaussian_g active per pixel").click();
  for (const [end, value] of [
    ["from", "40"],
    ["to", "60"],
  ] as const) {
    const field = labelled(`Gaussian_g window ${end}`);
    field.value = value;
    press(field, "Enter");
  }
  labelled("Estimate: Gaussian_g").click();
  labelled("Fit this: Gaussian_g").click();
  expect(host.sent).toMatchObject([
    { kind: "per_pixel", component: "g", value: true },
    { kind: "estimate", component: "g", low: 40, high: 60 },
    { kind: "fit_component", component: "g", low: 40, high: 60 },
  ]);
});

test("without a plot on the page a window cannot be dragged, and that is said", () => {
  const { el, labelled } = render(two());
  labelled("Drag: Gaussian_g").click();
  expect(find(el, ".hsj-problem:not([hidden])").textContent).toContain("m.plot()");
});

test("switches and numbers of a component are set by name", () => {
  const { spec } = state();
  const extras = [SWITCH, NUMBER];
  const { host, labelled } = render({
    spec: { ...spec, components: [{ ...gaussian("g", 0), extras }] },
  });
  labelled("Gaussian_g interpolate").click();
  const field = labelled("Gaussian_g E0");
  field.value = "200";
  press(field, "Enter");
  expect(host.sent).toMatchObject([
    { kind: "extra", component: "g", name: "interpolate", value: false },
    { kind: "extra", component: "g", name: "E0", value: 200 },
  ]);
});

test("an extra is shown with what it means, rounded, and whole on a longer look", () => {
  const { labelled, el } = show([NUMBER]);
  const field = labelled("Gaussian_g E0");
  expect([field.value, field.title]).toEqual(["200.123", "200.123456789"]);
  expect(el.textContent).toContain("beam energy");
});

test.each([
  ["a switch", SWITCH],
  ["a number", NUMBER],
])("%s that the kernel refuses is shown as the kernel has it", async (_, extra) => {
  const { host, labelled, said } = show([extra]);
  const control = labelled(`Gaussian_g ${extra.name}`);
  const [checked, value] = [control.checked, control.value];
  if (extra === SWITCH) control.click();
  else type(control, "-1");
  await host.answer(host.sent[0], "not that");
  expect([control.checked, control.value]).toEqual([checked, value]);
  expect(said.at(-1)).toBe("not that");
});

test("the switch of pixels goes back when the kernel refuses", async () => {
  const { host, labelled } = show();
  const box = labelled("Gaussian_g active per pixel");
  box.click();
  expect(box.checked).toBe(true);
  await host.answer(host.sent[0], "a run is under way");
  expect(box.checked).toBe(false);
  host.push({ per_pixel: [true, true] });
  expect(box.checked).toBe(true);
});

test.each([
  ["none", null],
  ["", null],
  ["1e2", 100],
])("a number that may be none is %j as %j", (text, value) => {
  const { host, labelled } = show([NUMBER]);
  type(labelled("Gaussian_g E0"), text);
  expect(asked(host)).toEqual([{ kind: "extra", component: "g", name: "E0", value }]);
});

test("a number that must be there cannot be emptied", () => {
  const { host, labelled, said } = show([{ ...NUMBER, empty: false }]);
  type(labelled("Gaussian_g E0"), "");
  expect(host.sent).toEqual([]);
  expect(said.at(-1)).toContain("is not a number");
  expect(labelled("Gaussian_g E0").value).toBe("200.123");
});

test("a component shown by itself is estimated and fitted as in its model's gui", () => {
  const { host, labelled } = render({ kind: "component", history: null });
  labelled("Gaussian_g active per pixel").click();
  labelled("Estimate: Gaussian_g").click();
  labelled("Fit this: Gaussian_g").click();
  expect(asked(host)).toMatchObject([
    { kind: "per_pixel", component: "g", value: true },
    { kind: "estimate", component: "g", low: null, high: null },
    { kind: "fit_component", component: "g", low: null, high: null },
  ]);
});

test("a component of images is estimated and fitted over the image, by no window along one axis", () => {
  const { host, el, labelled } = show([], { dimensions: 2 });
  expect(el.querySelectorAll("input[type=text]")).toHaveLength(0);
  expect([...el.querySelectorAll("button")].map((one) => one.textContent)).toEqual([
    "Estimate",
    "Fit this",
  ]);
  labelled("Fit this: Gaussian_g").click();
  expect(asked(host)).toMatchObject([{ kind: "fit_component", low: null, high: null }]);
});

test("a component outside of a model has its extras, and nothing to estimate", () => {
  const lone = { in_model: false };
  expect(show([], lone).el.children).toHaveLength(0);
  const { el } = show([SWITCH], lone);
  expect(el.querySelectorAll("input")).toHaveLength(1);
  expect(el.querySelectorAll("button")).toHaveLength(0);
});

test("a window is asked for over the plot, and the span that comes is shown and sent", () => {
  const { host, labelled, stop, said } = show();
  const wishes: Wanted[] = [];
  hear(
    "wanted",
    (wish, event) => {
      wishes.push(wish);
      event.preventDefault();
    },
    stop.signal,
  );
  labelled("Drag: Gaussian_g").click();
  expect(wishes).toEqual([{ key: "k1", component: "g", name: "Gaussian_g" }]);
  expect(said).toEqual([""]);
  post("span", { key: "another", component: "g", low: 1, high: 2 });
  post("span", { key: "k1", component: "h", low: 1, high: 2 });
  expect(labelled("Gaussian_g window from").value).toBe("");
  post("span", { key: "k1", component: "g", low: 41.23456789, high: 60 });
  expect(labelled("Gaussian_g window from").value).toBe("41.2346");
  labelled("Estimate: Gaussian_g").click();
  expect(asked(host)).toEqual([{ kind: "estimate", component: "g", low: 41.23456789, high: 60 }]);
});

test("an end that is emptied is none, and what is no number is told", () => {
  const { host, labelled, said } = show();
  type(labelled("Gaussian_g window from"), "40");
  type(labelled("Gaussian_g window from"), "");
  type(labelled("Gaussian_g window to"), "much");
  labelled("Fit this: Gaussian_g").click();
  expect(said).toEqual(["“much” is not a number; write it like 12.5 or 1.2e-3"]);
  expect(asked(host)).toEqual([{ kind: "fit_component", component: "g", low: null, high: null }]);
});

test("what is open stays open when the view is drawn anew", () => {
  const open = new Set<string>();
  const box = find<HTMLDetailsElement>(show([], {}, open).el, "details");
  box.open = true;
  expect(open).toEqual(new Set(["g"]));
  expect(find<HTMLDetailsElement>(show([], {}, open).el, "details").open).toBe(true);
});

test("its end leaves no listener, on the host or the page", () => {
  const { host, labelled, stop } = show([SWITCH, NUMBER]);
  stop.abort();
  expect(host.listeners()).toBe(0);
  post("span", { key: "k1", component: "g", low: 1, high: 2 });
  expect(labelled("Gaussian_g window from").value).toBe("");
});
