// The models that the signal keeps.
import { expect, test } from "vitest";
import { storedView } from "../src/views/stored";
import { asked, draw, render, two } from "./drawn";
import { find, press, settled } from "./fake";

function show() {
  const shown = draw(
    (store, el, signal, say) => storedView(store, new Set(), say, el, signal),
    two(),
  );
  const box = find<HTMLDetailsElement>(shown.el, "details");
  const open = async (names: string) => {
    box.open = true;
    await shown.host.answer(shown.host.sent.at(-1), "", names);
  };
  return { ...shown, box, open, name: shown.labelled("name of the stored model") };
}

test("models are kept, told apart and restored by name", async () => {
  const { host, el, labelled } = render(two());
  const box = [...el.querySelectorAll("details")].at(-1) as HTMLDetailsElement;
  box.open = true;
  for (const asked of [...host.sent]) await host.answer(asked, "", "before\nafter");
  expect(find(el, ".hsj-stored").textContent).toContain("before");
  labelled("differences to before").click();
  await host.answer(host.sent.at(-1), "", "Gaussian_g A\t10\t12");
  expect([...el.querySelectorAll(".hsj-stored td")].map((one) => one.textContent)).toEqual([
    "Gaussian_g A",
    "10",
    "12",
  ]);
  labelled("restore before").click();
  labelled("name of the stored model").value = "mine";
  labelled("store the model").click();
  expect(host.sent.slice(-2)).toMatchObject([
    { kind: "restore", name: "before" },
    { kind: "keep", name: "mine" },
  ]);
});

test("the list is asked for when it is opened, and not before", async () => {
  const { host, el, open, box } = show();
  expect(host.sent).toEqual([]);
  await open("");
  expect(asked(host)).toEqual([{ kind: "stored" }]);
  expect(find(el, ".hsj-stored").textContent).toBe("none yet");
  box.open = false;
  host.push({ history: { undo: "x", redo: "" } });
  expect(host.sent).toHaveLength(1);
});

test("a list that the kernel does not give is not an empty one", async () => {
  const { host, el, box, said } = show();
  box.open = true;
  await host.answer(host.sent[0], "the signal is gone");
  expect(said).toEqual(["the signal is gone"]);
  expect(find(el, ".hsj-stored").textContent).toBe("");
});

test("Enter stores under the name; a refused one stays to be mended", async () => {
  const { host, name, open, said } = show();
  await open("");
  name.value = "two words";
  press(name, "Enter");
  await host.answer(host.sent[1], "no spaces, please");
  expect([said.at(-1), name.value]).toEqual(["no spaces, please", "two words"]);
  name.value = "words";
  press(name, "Enter");
  await host.answer(host.sent[2]);
  expect(name.value).toBe("");
  await host.answer(host.sent[3], "", "words");
  expect(asked(host).slice(1)).toEqual([
    { kind: "keep", name: "two words" },
    { kind: "keep", name: "words" },
    { kind: "stored" },
  ]);
});

test("a refused Forget is said, and what is forgotten leaves the focus in the list's own field", async () => {
  const { host, open, labelled, name, said, el } = show();
  await open("a\nb");
  const forget = labelled<HTMLButtonElement>("forget a");
  forget.focus();
  forget.click();
  await host.answer(host.sent.at(-1), "it is in use");
  expect(said.at(-1)).toBe("it is in use");
  expect(asked(host).at(-1)).toEqual({ kind: "forget", name: "a" });
  forget.click();
  await host.answer(host.sent.at(-1));
  await host.answer(host.sent.at(-1), "", "b");
  expect([...el.querySelectorAll("strong")].map((one) => one.textContent)).toEqual(["b"]);
  expect(document.activeElement).toBe(name);
});

test.each([
  ["a value", { values: [11, 50, 5, 3, 70, 8] }],
  ["the pixel", { pixel: [1] }],
  ["an edit", { history: { undo: "g.A", redo: "" } }],
])("differences are of what was: %s that changes hides them", async (_, update) => {
  const { host, open, labelled, el } = show();
  await open("a");
  labelled("differences to a").click();
  await host.answer(host.sent.at(-1), "", "");
  const told = find(el, ".hsj-stored .hsj-scroll");
  expect([told.hidden, told.textContent]).toEqual([false, "no difference at this pixel"]);
  host.push(update);
  if (host.sent.at(-1)?.kind === "stored") await host.answer(host.sent.at(-1), "", "a");
  expect(told.hidden).toBe(true);
});

test("names are text, however odd, and are sent back to the letter", async () => {
  const odd = `<script>alert("x")</script> ${"y".repeat(500)}`;
  const { host, el, open } = show();
  await open(odd);
  expect(find(el, "strong").textContent).toBe(odd);
  expect(el.querySelector("script")).toBeNull();
  el.querySelectorAll("button")[1]?.click();
  expect(asked(host).at(-1)).toEqual({ kind: "restore", name: odd });
});

test("a list that comes after the end is not drawn, and nothing listens", async () => {
  const { host, el, box, stop } = show();
  box.open = true;
  stop.abort();
  await host.answer(host.sent[0], "", "late");
  await settled();
  expect(find(el, ".hsj-stored").textContent).toBe("");
  expect(host.listeners()).toBe(0);
});
