// The form: fields with units, what is still needed, what the kernel refuses.
import { afterEach, expect, test } from "vitest";
import widget from "../src/index";
import type { FormRecord, HostState, QuestionRecord } from "../src/schema.gen";
import { summary } from "../src/views/form";
import { fakeHost, find, press, settled, stage, state, type } from "./fake";

let last: ReturnType<typeof stage> | null = null;
afterEach(() => {
  last?.stop.abort();
  document.body.replaceChildren();
});

const ENERGY: QuestionRecord = {
  name: "beam_energy",
  label: "Beam energy",
  units: "keV",
  doc: "of the electrons",
  needed: true,
  value: null,
};
const ANGLE: QuestionRecord = {
  ...ENERGY,
  name: "angle",
  label: "Angle",
  units: "mrad",
  value: 12,
};
const FORM: FormRecord = { questions: [ENERGY, ANGLE], call: "s.set(beam_energy=...)" };

function show(form: FormRecord = FORM) {
  const { spec } = state();
  const more: Partial<HostState> = {
    kind: "form",
    form,
    spec: { ...spec, title: "Microscope parameters", components: [], slots: [] },
  };
  const host = fakeHost(more);
  last = stage();
  const { el, stop } = last;
  type Given = Parameters<typeof widget.render>[0];
  widget.render({ model: host.model, el, signal: stop.signal } as unknown as Given);
  const field = (label: string) => find<HTMLInputElement>(el, `input[aria-label="${label}"]`);
  return { host, el, stop, field };
}

test("every question has a label, a field, its units, and says what is needed", () => {
  const { el, field } = show();
  expect(find(el, ".hsj-caption").textContent).toBe("Microscope parameters");
  expect(field("Angle in mrad").value).toBe("12");
  expect(field("Beam energy in keV").value).toBe("");
  expect(field("Beam energy in keV").getAttribute("aria-required")).toBe("true");
  const caption = find<HTMLLabelElement>(el, `label[for="${field("Beam energy in keV").id}"]`);
  expect(caption.textContent).toBe("Beam energy");
  expect(find(el, "output").textContent).toBe("still needed: beam energy");
  expect(find(el, "code").textContent).toContain("s.set(beam_energy=...)");
});

test("a number that is typed is asked for, and the status follows the kernel", async () => {
  const { host, el, field } = show();
  type(field("Beam energy in keV"), "200");
  press(field("Beam energy in keV"), "Enter");
  expect(host.sent.at(-1)).toMatchObject({ kind: "fill", field: "beam_energy", value: 200 });
  host.push({ form: { ...FORM, questions: [{ ...ENERGY, value: 200 }, ANGLE] } });
  await host.answer(host.sent.at(-1));
  await settled();
  expect(field("Beam energy in keV").value).toBe("200");
  expect(find(el, "output").textContent).toContain("all is known");
});

test("an emptied field asks to forget", () => {
  const { host, field } = show();
  type(field("Angle in mrad"), "");
  press(field("Angle in mrad"), "Enter");
  expect(host.sent.at(-1)).toMatchObject({ field: "angle", value: null });
});

test("what is refused is said, and the field shows what is known", async () => {
  const { host, el, field } = show();
  type(field("Angle in mrad"), "-3");
  press(field("Angle in mrad"), "Enter");
  await host.answer(host.sent.at(-1), "a positive number is wanted");
  await settled();
  expect(field("Angle in mrad").value).toBe("12");
  const problems = [...el.querySelectorAll(".hsj-questions .hsj-problem:not([hidden])")];
  expect(problems.map((one) => one.textContent)).toEqual(["a positive number is wanted"]);
});

test("what is no number stays here", () => {
  const { host, el, field } = show();
  type(field("Angle in mrad"), "twelve");
  press(field("Angle in mrad"), "Enter");
  expect(host.sent).toEqual([]);
  expect(el.textContent).toContain("is not a number");
});

test("a form that needs nothing says so", () => {
  expect(summary([{ ...ANGLE, needed: false }])).toContain("not known");
});

test("a form leaves no listeners", () => {
  const { host, stop } = show();
  stop.abort();
  expect(host.listeners()).toBe(0);
});
