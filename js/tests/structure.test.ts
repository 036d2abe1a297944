// Editing a model: components that come, go, move and change colour; undo, redo, and Python.
import { afterEach, expect, test } from "vitest";
import widget from "../src/index";
import type { HostState } from "../src/schema.gen";
import { fakeHost, find, gaussian, press, settled, stage, state } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

function show(more: Partial<HostState> = {}) {
  const { spec } = state();
  const components = [gaussian("g", 0), gaussian("h", 3)];
  const host = fakeHost({ spec: { ...spec, components }, active: [true, true], ...more });
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  const labelled = <E extends HTMLElement>(label: string) => find<E>(el, `[aria-label="${label}"]`);
  const button = (text: string) => {
    const found = [...el.querySelectorAll("button")].find((one) => one.textContent === text);
    if (found === undefined) throw new Error(`no button ${text}`);
    return found;
  };
  return { host, el, labelled, button };
}

async function write(field: HTMLInputElement, text: string): Promise<void> {
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await settled();
}

test("a component is added by a name, whatever its case", async () => {
  const { host, labelled, button } = show();
  expect(button("Add component").disabled).toBe(true);
  await write(labelled<HTMLInputElement>("component to add"), "lorentzian");
  button("Add component").click();
  expect(host.sent).toMatchObject([{ kind: "add", component: "Lorentzian", formula: "" }]);
  await host.answer(host.sent[0]);
  expect(labelled<HTMLInputElement>("component to add").value).toBe("");
});

test("a formula is checked while it is typed, and added when it is one", async () => {
  const { host, el, labelled, button } = show();
  const field = labelled<HTMLInputElement>("component to add");
  await write(field, "a * exp(");
  expect(host.sent).toMatchObject([{ kind: "check", formula: "a * exp(" }]);
  await host.answer(host.sent[0], "a bracket is open");
  expect(find(el, ".hsj-advice.hsj-bad").textContent).toBe("a bracket is open");
  expect(button("Add component").disabled).toBe(true);
  await write(field, "a * exp(x)");
  await host.answer(host.sent[1], "", "parameters: a");
  expect(find(el, ".hsj-advice").textContent).toBe("parameters: a");
  press(field, "Enter");
  expect(host.sent[2]).toMatchObject({ kind: "add", component: "Expression" });
  expect(host.sent[2]).toMatchObject({ formula: "a * exp(x)" });
});

test("the beginning of a name finds names, and adds nothing", async () => {
  const { host, el, labelled, button } = show();
  await write(labelled<HTMLInputElement>("component to add"), "Lor");
  await host.answer(host.sent[0], "", "parameters: Lor");
  expect(find(el, ".hsj-advice").textContent).toBe("Lorentzian");
  expect(button("Add component").disabled).toBe(true);
});

test("components move, go and change colour", () => {
  const { host, labelled } = show();
  expect(labelled<HTMLButtonElement>("Gaussian_g move up").disabled).toBe(true);
  expect(labelled<HTMLButtonElement>("Gaussian_h move down").disabled).toBe(true);
  labelled("Gaussian_g move down").click();
  labelled("Gaussian_h remove").click();
  const colour = labelled<HTMLInputElement>("Gaussian_g colour");
  colour.value = "#00ff00";
  colour.dispatchEvent(new Event("change"));
  expect(host.sent).toMatchObject([
    { kind: "move", component: "g", to: [1] },
    { kind: "remove", component: "h" },
    { kind: "colour", component: "g", value: "#00ff00" },
  ]);
});

test("a lone component cannot be moved or removed", () => {
  const { el } = show({ kind: "component" });
  expect(el.querySelector("[aria-label$=remove]")).toBeNull();
});

test("undo and redo say what they would do, and have keys", () => {
  const { host, el, button } = show();
  expect(button("Undo").disabled).toBe(true);
  host.push({ history: { undo: "g.A", redo: "" } });
  expect(button("Undo").title).toContain("undo g.A");
  expect(button("Redo").disabled).toBe(true);
  button("Undo").click();
  const field = find(el, "[aria-label='Gaussian_g A slider']");
  expect(press(field, "z", { ctrlKey: true }).defaultPrevented).toBe(true);
  press(field, "Z", { ctrlKey: true, shiftKey: true });
  expect(host.sent.map(({ kind }) => kind)).toEqual(["undo", "undo"]);
  host.push({ history: { undo: "", redo: "g.A" } });
  press(field, "Z", { ctrlKey: true, shiftKey: true });
  press(field, "y", { metaKey: true });
  expect(host.sent.map(({ kind }) => kind)).toEqual(["undo", "undo", "redo", "redo"]);
});

test("the edits are given as Python", async () => {
  const { host, labelled, button } = show();
  button("Copy as Python").click();
  await host.answer(host.sent[0], "", "m['g'].A.value = 3.0");
  const field = labelled<HTMLTextAreaElement>("edits as Python");
  expect(field.hidden).toBe(false);
  expect(field.value).toBe("m['g'].A.value = 3.0");
});
