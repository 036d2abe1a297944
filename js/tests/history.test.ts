// Undo, redo, and the edits as Python.
import { expect, test, vi } from "vitest";
import { render, write } from "./drawn";
import { find, press, settled, type } from "./fake";

const show = render;
const DONE = { history: { undo: "g.A", redo: "g.sigma" } };

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

test("letters that are being typed are taken back by the browser, not edits by the kernel", async () => {
  const { host, labelled } = show(DONE);
  const field = labelled("Gaussian_g A value");
  field.focus();
  await write(field, "12");
  expect(press(field, "z", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(host.sent).toEqual([]);
  type(field, "12");
  expect(press(field, "z", { ctrlKey: true }).defaultPrevented).toBe(true);
  expect(host.sent.map(({ kind }) => kind)).toEqual(["set", "undo"]);
});

test.each([
  ["z", {}],
  ["z", { ctrlKey: true, altKey: true }],
  ["x", { ctrlKey: true }],
])("%s with %j is the page's", (key, more) => {
  const { host, el } = show(DONE);
  expect(press(find(el, ".hsj-view"), key, more).defaultPrevented).toBe(false);
  expect(host.sent).toEqual([]);
});

test("with nothing to undo the key is taken all the same, and nothing is asked", () => {
  const { host, el } = show();
  expect(press(find(el, ".hsj-view"), "z", { ctrlKey: true }).defaultPrevented).toBe(true);
  expect(host.sent).toEqual([]);
});

test.each([
  ["m['g'].A.value = 3.0", "m['g'].A.value = 3.0"],
  ["", "# nothing was edited by hand yet"],
])("the script %j is copied as %j, and the button says so for a while", async (text, copied) => {
  vi.useFakeTimers();
  const texts: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (one: string) => texts.push(one) } });
  const { host, button, labelled } = show();
  button("Copy as Python").click();
  await host.answer(host.sent[0], "", text);
  expect(texts).toEqual([copied]);
  expect(labelled<HTMLTextAreaElement>("edits as Python").value).toBe(copied);
  expect(button("Copied").textContent).toBe("Copied");
  vi.advanceTimersByTime(1500);
  expect(button("Copy as Python").textContent).toBe("Copy as Python");
});

test("a script that the kernel does not give leaves the clipboard alone", async () => {
  const writeText = vi.fn();
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { host, problems, button, labelled } = show();
  button("Copy as Python").click();
  await host.answer(host.sent[0], "the kernel is in a fit");
  expect(problems()).toEqual(["the kernel is in a fit"]);
  expect(writeText).not.toHaveBeenCalled();
  expect(labelled("edits as Python").hidden).toBe(true);
  expect(button("Copy as Python").textContent).toBe("Copy as Python");
});

test("where the page may not write to the clipboard the script is there to be copied by hand", async () => {
  vi.stubGlobal("navigator", {
    clipboard: { writeText: () => Promise.reject(new Error("not allowed")) },
  });
  const { host, button, labelled } = show();
  button("Copy as Python").click();
  await host.answer(host.sent[0], "", "m.fit()");
  await settled();
  expect(button("Copy as Python").textContent).toBe("Copy as Python");
  const field = labelled<HTMLTextAreaElement>("edits as Python");
  expect([field.hidden, field.readOnly]).toEqual([false, true]);
  field.dispatchEvent(new Event("blur"));
  expect(field.hidden).toBe(true);
});
