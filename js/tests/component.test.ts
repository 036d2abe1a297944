// A component: its name, switch, colour and formula, and what folds below them.
import { expect, test } from "vitest";
import type { ComponentRecord } from "../src/schema.gen";
import { asked, change, render, two } from "./drawn";
import { find, gaussian, parameter, press, state, type } from "./fake";

/** A lone component, as `component.gui()` shows it. */
const alone = (more: Partial<ComponentRecord> = {}) =>
  render({
    kind: "component",
    spec: { ...state().spec, components: [{ ...gaussian("g", 0), ...more }] },
  });

test("components move, go and change colour", () => {
  const { host, labelled } = render(two());
  expect(labelled<HTMLButtonElement>("Gaussian_g move up").disabled).toBe(true);
  expect(labelled<HTMLButtonElement>("Gaussian_h move down").disabled).toBe(true);
  labelled("Gaussian_g move down").click();
  labelled("Gaussian_h remove").click();
  change(labelled("Gaussian_g colour"), "#00ff00");
  expect(host.sent).toMatchObject([
    { kind: "move", component: "g", to: [1] },
    { kind: "remove", component: "h" },
    { kind: "colour", component: "g", value: "#00ff00" },
  ]);
});

test("a lone component cannot be moved or removed", () => {
  const { el } = alone();
  expect(el.querySelector("[aria-label$=remove]")).toBeNull();
});

test("a name that Enter asked for is not asked for again by leaving the field", async () => {
  const { host, labelled, problems } = alone();
  const name = labelled("Gaussian_g name");
  type(name, "  left ");
  name.dispatchEvent(new Event("blur"));
  expect(asked(host)).toEqual([{ kind: "name", component: "g", value: "left" }]);
  await host.answer(host.sent[0], "there is a left already");
  expect([name.value, ...problems()]).toEqual(["Gaussian_g", "there is a left already"]);
  type(name, "left");
  expect(host.sent).toHaveLength(2);
});

test("Escape gives the old name back, and an unchanged one is not sent", () => {
  const { host, labelled } = alone();
  const name = labelled("Gaussian_g name");
  name.focus();
  name.value = "other";
  press(name, "Escape");
  expect(name.value).toBe("Gaussian_g");
  type(name, " Gaussian_g ");
  expect(host.sent).toEqual([]);
});

test.each([
  ["active", true, (el: HTMLInputElement) => el.checked],
  ["colour", "#2a7fc1", (el: HTMLInputElement) => el.value],
])("what the kernel refuses of %s is shown as the kernel has it", async (what, was, read) => {
  const { host, labelled, problems } = alone();
  const control = labelled(`Gaussian_g ${what}`);
  if (what === "active") control.click();
  else change(control, "#ff0000");
  await host.answer(host.sent[0], "not now");
  expect(read(control)).toBe(was);
  expect(problems()).toEqual(["not now"]);
});

test("one that is off is pale, and follows the kernel", () => {
  const { host, el, labelled } = alone();
  const section = find(el, ".hsj-component");
  expect(section.classList.contains("hsj-off")).toBe(false);
  host.push({ active: [false] });
  expect(labelled("Gaussian_g active").checked).toBe(false);
  expect(section.classList.contains("hsj-off")).toBe(true);
  host.push({ active: [] });
  expect(labelled("Gaussian_g active").checked).toBe(false);
});

test("the fold says what it folds, and keeps room by the number of rows", () => {
  const vector = parameter("a", 0, { vector: true, slots: [0, 1], elements: ["a0", "a1"] });
  const { el } = alone({ parameters: [vector, parameter("sigma", 2)] });
  const [fold, section] = [find(el, ".hsj-fold"), find(el, ".hsj-component")];
  const rows = () => section.style.getPropertyValue("--hsj-rows");
  expect([fold.getAttribute("aria-expanded"), rows()]).toEqual(["true", "3"]);
  expect(document.getElementById(fold.getAttribute("aria-controls") ?? "")).toBe(
    find(el, ".hsj-body"),
  );
  fold.click();
  expect([fold.getAttribute("aria-expanded"), rows()]).toEqual(["false", "0"]);
  expect(find(el, ".hsj-body").hidden).toBe(true);
});

test("two views of one component have bodies of their own", () => {
  const ids = [alone(), alone()].map(({ el }) => find(el, ".hsj-body").id);
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ["a * exp(-x / tau)", "math", "formula: a * exp(-x / tau)"],
  ["<img src=x onerror=alert(1)>", null, null],
  ["a < b", "math", "formula: a < b"],
])("the formula %j has the role %j", (formula, role, label) => {
  const { el } = alone({ formula });
  const drawn = find(el, ".hsj-formula");
  expect([drawn.getAttribute("role"), drawn.getAttribute("aria-label")]).toEqual([role, label]);
  expect(drawn.title).toBe(formula);
  expect(el.querySelector("img")).toBeNull();
  if (role === null) expect(drawn.textContent).toBe(formula);
});

test("a component without a formula has no line for it", () => {
  expect(alone({ formula: "" }).el.querySelector(".hsj-formula")).toBeNull();
});
