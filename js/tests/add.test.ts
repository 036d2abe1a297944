// Adding a component: by its name, or as a formula that is checked while it is typed.
import { expect, test } from "vitest";
import { addView } from "../src/views/add";
import { newFolds } from "../src/views/component";
import { asked, draw, render, write } from "./drawn";
import { type FakeHost, find, press, state } from "./fake";

const show = () => {
  const shown = draw((store, el, signal) => addView(store, newFolds(), el, signal));
  return { ...shown, field: shown.labelled("component to add") };
};

test("what may be typed is shown by an example of this model's own", () => {
  const { spec } = state();
  const more = { spec: { ...spec, addable: ["Gaussian2D"] } };
  const { labelled } = draw((store, el, signal) => addView(store, newFolds(), el, signal), more);
  expect(show().field.placeholder).toMatch(/^Gaussian, /);
  expect(labelled("component to add").placeholder).toMatch(/^Gaussian2D, .* y/);
});

test("a component is added by a name, whatever its case", async () => {
  const { host, field, button } = show();
  expect(button("Add component").disabled).toBe(true);
  await write(field, "lorentzian");
  button("Add component").click();
  expect(host.sent).toMatchObject([{ kind: "add", component: "Lorentzian", formula: "" }]);
  await host.answer(host.sent[0]);
  expect(field.value).toBe("");
});

test("a formula is checked while it is typed, and added when it is one", async () => {
  const { host, el, field, button } = show();
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
  const { host, el, field, button } = show();
  await write(field, "Lor");
  await host.answer(host.sent[0], "", "parameters: Lor");
  expect(find(el, ".hsj-advice").textContent).toBe("Lorentzian");
  expect(button("Add component").disabled).toBe(true);
});

test("what is known is offered by the field's own list, in several places at once", () => {
  const [one, other] = [show(), show()];
  for (const { el, field } of [one, other]) {
    const list = find(el, "datalist");
    expect(field.getAttribute("list")).toBe(list.id);
    expect([...list.querySelectorAll("option")].map(({ value }) => value)).toEqual([
      "Gaussian",
      "Lorentzian",
    ]);
  }
  expect(one.field.getAttribute("list")).not.toBe(other.field.getAttribute("list"));
});

test("an answer to what stands there no more is not shown", async () => {
  const { host, el, field, button } = show();
  await write(field, "a * x");
  await write(field, "");
  await host.answer(host.sent[0], "", "parameters: a");
  expect(find(el, ".hsj-advice").textContent).toBe("");
  expect(button("Add component").disabled).toBe(true);
});

test("of letters typed while the kernel is busy only the last are checked", async () => {
  const { host, field } = show();
  for (const text of ["a*", "a*x", "a*x+", "a*x+b"]) await write(field, text);
  await host.answer(host.sent[0], "it ends too early");
  expect(asked(host)).toEqual([
    { kind: "check", formula: "a*" },
    { kind: "check", formula: "a*x+b" },
  ]);
});

test("what the kernel refuses stays in the field, with the reason as text", async () => {
  const { host, el, field } = show();
  await write(field, "gaussian");
  press(field, "Enter");
  await host.answer(host.sent[0], "<b>no</b> room");
  expect(field.value).toBe("gaussian");
  expect(find(el, ".hsj-advice.hsj-bad").textContent).toBe("<b>no</b> room");
});

test.each(["", "   ", "\t"])("nothing is added by Enter in a field of %j", async (text) => {
  const { host, field } = show();
  await write(field, text);
  press(field, "Enter");
  expect(host.sent).toEqual([]);
});

test("after its end a view asks nothing", async () => {
  const { host, field, button, stop } = show();
  stop.abort();
  await write(field, "Gaussian");
  button("Add component").click();
  press(field, "Enter");
  expect(host.sent).toEqual([]);
  expect(host.listeners()).toBe(0);
});

/** The structure becomes another one, as when a cell adds a component. */
const restructure = (host: FakeHost) => {
  const { spec } = state();
  host.push({ spec: { ...spec, title: "another" } });
};

test("what is typed stays when the model becomes another one, with or without the focus", async () => {
  const { host, labelled, button } = render();
  const field = () => labelled("component to add");
  field().focus();
  await write(field(), "Lorent");
  field().setSelectionRange(3, 3);
  restructure(host);
  expect(document.activeElement).toBe(field());
  expect([field().value, field().selectionStart]).toEqual(["Lorent", 3]);
  await write(field(), "lorentzian");
  field().blur();
  restructure(host);
  expect(field().value).toBe("lorentzian");
  button("Add component").click();
  expect(host.sent.at(-1)).toMatchObject({ kind: "add", component: "Lorentzian" });
  restructure(host);
  expect(field().value).toBe("");
});

test("a formula that is kept is checked anew, and what is refused stays", async () => {
  const { host, labelled } = render();
  await write(labelled("component to add"), "a * x");
  await host.answer(host.sent[0], "", "parameters: a");
  restructure(host);
  await host.answer(host.sent[1], "", "parameters: a");
  press(labelled("component to add"), "Enter");
  expect(host.sent[2]).toMatchObject({ kind: "add", formula: "a * x" });
  await host.answer(host.sent[2], "no room");
  restructure(host);
  expect(labelled("component to add").value).toBe("a * x");
});

test("what is typed after Enter is not taken away by the answer", async () => {
  const { host, field } = show();
  await write(field, "gaussian");
  press(field, "Enter");
  await write(field, "Lor");
  await host.answer(host.sent[0]);
  expect(field.value).toBe("Lor");
});
