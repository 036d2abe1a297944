// What one does with a plot: look closer, switch what is drawn, add a peak, take a picture.
import { expect, test, vi } from "vitest";
import * as pictures from "../src/export";
import { asked } from "./drawn";
import { find, press, state } from "./fake";
import { mouse, type Shown, show } from "./plotted";

const button = ({ el }: Shown, text: string) =>
  find<HTMLButtonElement>(el, `[data-hsj-focus="plot ${text}"]`);
const pressed = (shown: Shown, text: string) => button(shown, text).getAttribute("aria-pressed");
const problem = ({ el }: Shown) => find(el, ".hsj-problem:not([hidden])").textContent;

test.each([
  ["log x", "log_x", "log_x"],
  ["log y", "log_y", "log_y"],
  ["Components", "lines", "show_lines"],
  ["Residual", "residual", "show_residual"],
  ["± model", "uncertainty", "uncertainty"],
  ["± data", "weights", "weights"],
])("%s asks for the look %s, and stands as the kernel has it", async (text, what, name) => {
  const shown = await show({}, false);
  expect(pressed(shown, text)).toBe("false");
  button(shown, text).click();
  expect(asked(shown.host)).toEqual([{ kind: "look", what, on: true }]);
  expect(pressed(shown, text)).toBe("false");
  await shown.host.answer(shown.host.sent[0], "not now");
  expect(problem(shown)).toBe("not now");
  const curves = shown.host.model.get("curves");
  if (curves !== null) shown.host.push({ curves: { ...curves, [name]: true } });
  await vi.waitFor(() => expect(pressed(shown, text)).toBe("true"));
  button(shown, text).click();
  expect(asked(shown.host).at(-1)).toEqual({ kind: "look", what, on: false });
});

test("every tool has a name, and what it does in more words", async () => {
  const shown = await show();
  const bar = find(shown.el, "[role=toolbar]");
  expect(bar.getAttribute("aria-label")).toBe("plot");
  for (const one of bar.querySelectorAll("button")) {
    expect(one.textContent).not.toBe("");
    expect(one.title.length).toBeGreaterThan(8);
    expect(one.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  }
});

test("panning is bqplot's, switched without the kernel, and is still on in a plot drawn anew", async () => {
  const shown = await show();
  button(shown, "Pan and zoom").click();
  expect(shown.F.state.interaction).not.toBeNull();
  const curves = shown.host.model.get("curves");
  shown.host.push({ curves: curves && { ...curves, labels: false } });
  await vi.waitFor(() => expect(pressed(shown, "Pan and zoom")).toBe("true"));
  button(shown, "Pan and zoom").click();
  expect([shown.F.state.interaction, pressed(shown, "Pan and zoom")]).toEqual([null, "false"]);
  expect(shown.host.sent).toEqual([]);
});

test("a plot without kinds of peaks has no tool for them", async () => {
  const { el } = await show({ spec: { ...state().spec, peaks: [] } });
  expect(el.querySelector(".hsj-peak")).toBeNull();
});

/** The plot's own layer, laid over pixels as large as its numbers. */
function layer({ place }: Shown): SVGSVGElement {
  const svg = find<SVGSVGElement>(place, ".hsj-overlay");
  svg.getBoundingClientRect = () => new DOMRect(0, 0, 400, 300);
  return svg;
}

test.each<[string, number, number, object]>([
  ["a click", 200, 60, { x: 200, y: 60, width: 8 }],
  ["a drag", 200, 60, { x: 200, y: 60, width: 30 }],
])("%s in the plot asks for a peak of the kind that was chosen", async (how, x, y, peak) => {
  const shown = await show();
  const svg = layer(shown);
  find<HTMLSelectElement>(shown.el, ".hsj-peak > select").value = "Lorentzian";
  button(shown, "Add peak").click();
  expect(svg.classList.contains("hsj-armed")).toBe(true);
  svg.dispatchEvent(mouse("pointerdown", x, y));
  if (how === "a drag") {
    shown.move(x + 30, y);
    expect(find(shown.place, ".hsj-drawn").getAttribute("width")).toBe("60");
  }
  shown.letGo(how === "a drag" ? x + 30 : x, y);
  expect(asked(shown.host)).toMatchObject([{ kind: "peak", component: "Lorentzian", ...peak }]);
  expect([pressed(shown, "Add peak"), svg.classList.contains("hsj-armed")]).toEqual([
    "false",
    false,
  ]);
  expect(find(shown.place, ".hsj-drawn").style.display).toBe("none");
});

test("a peak that the page takes away in mid-drag is none, and can be drawn again", async () => {
  const shown = await show();
  const svg = layer(shown);
  button(shown, "Add peak").click();
  svg.dispatchEvent(mouse("pointerdown", 200, 60));
  window.dispatchEvent(mouse("pointercancel", 210, 60));
  shown.letGo(300, 60);
  expect(shown.host.sent).toEqual([]);
  expect([pressed(shown, "Add peak"), find(shown.place, ".hsj-drawn").style.display]).toEqual([
    "true",
    "none",
  ]);
});

test("Escape gives a peak up", async () => {
  const shown = await show();
  const svg = layer(shown);
  button(shown, "Add peak").click();
  press(svg, "Escape");
  expect(pressed(shown, "Add peak")).toBe("false");
  svg.dispatchEvent(mouse("pointerdown", 200, 60));
  shown.letGo(200, 60);
  expect(shown.host.sent).toEqual([]);
});

test.each([
  ["PNG", "a map", "a-map"],
  ["SVG", "<b>Fe & Ni</b>", "b-Fe-Ni-b"],
  ["SVG", "…", "plot"],
])("%s of %j is called %s", async (text, title, name) => {
  const made = vi.spyOn(pictures, "exportPicture").mockResolvedValue();
  const shown = await show({ spec: { ...state().spec, title } });
  button(shown, text).click();
  expect(made.mock.calls[0]?.slice(1)).toEqual([name, text.toLowerCase()]);
  expect(made.mock.calls[0]?.[0]).toEqual([shown.F]);
});

test("a picture that cannot be made says why", async () => {
  vi.spyOn(pictures, "exportPicture").mockRejectedValue(new Error("no canvas"));
  const shown = await show();
  button(shown, "PNG").click();
  await vi.waitFor(() => expect(problem(shown)).toContain("no canvas"));
});
