// What holds for every view alike: names, keys, text and nothing else, and an end that leaves nothing.
import { expect, test } from "vitest";
import type { ComponentRecord, HostState } from "../src/schema.gen";
import { asked, render, two, watchPage, write } from "./drawn";
import { aRun, fakeHost, find, gaussian, press, settled, state } from "./fake";

const AXES = [
  { name: "x", units: "nm", size: 4, scale: 0.5, offset: 10, positions: null },
  { name: "y", units: "nm", size: 3, scale: 1, offset: 0, positions: null },
];
const bytes = (numbers: ArrayLike<number>) => new DataView(Float64Array.from(numbers).buffer);
const MAP = {
  map: {
    choice: "sum",
    choices: [{ id: "sum", name: "sum" }],
    shape: [4, 3],
    units: "",
    failed: [2],
    ends: null,
  },
  map_values: bytes(new Float64Array(12)),
};
const onMap = (spec: HostState["spec"]) => ({ ...spec, navigation: AXES });

/** A state of every kind of host, with all that it can show. */
function states(component: ComponentRecord): Record<string, Partial<HostState>> {
  const spec = { ...state().spec, title: component.name, components: [component] };
  const failed = [{ place: [1, 2], reason: component.name }];
  return {
    parameter: { spec },
    component: { spec },
    model: { spec: onMap(spec), pixel: [1, 2], run: aRun({ failures: 1, failed }) },
    form: {
      spec,
      form: {
        questions: [
          {
            name: "a",
            label: component.name,
            units: "kV",
            doc: component.name,
            needed: true,
            value: null,
          },
        ],
        call: component.name,
      },
    },
    image: {
      spec: onMap(spec),
      pixel: [1, 2],
      x: bytes([0, 1, 2, 3]),
      y: bytes([0, 1]),
      data: bytes([0, 1, 2, 3, 4, 5, 6, 7]),
      image: {
        x: { ...state().spec.signal, name: component.name, size: 4 } as never,
        y: { ...state().spec.signal, size: 2 } as never,
        quantity: component.name,
        square: true,
        handles: { g: { position: [1, 2], widths: [], reach: [], angle: null, pivot: [] } },
        labels: true,
        outlines: true,
      },
      ...MAP,
    },
    run: { spec: onMap(spec), pixel: [1, 2], run: aRun({ failures: 1, failed }), ...MAP },
    samfire: {
      spec: onMap(spec),
      pixel: [1, 2],
      run: aRun(),
      samfire: {
        done: 1,
        left: 2,
        strategies: [{ name: component.name, active: true, done: 1 }],
        title: component.name,
        history: [component.name],
        summary: [component.name],
        histograms: [{ name: component.name, heights: [1], edges: [0, 1] }],
      },
      ...MAP,
    },
    recipe: {
      spec: onMap(spec),
      page: {
        rows: ["locked", "slider", "free"].map((touch, slot) => ({
          slot,
          label: component.name,
          group: component.name,
          doc: component.name,
          units: "eV",
          touch,
        })),
        verdicts: [{ level: "good", text: component.name }],
      },
    },
  };
}

const KINDS = Object.keys(states(gaussian("g", 0))) as HostState["kind"][];
const show = (
  kind: HostState["kind"],
  component = gaussian("g", 0),
  more: Partial<HostState> = {},
) => render({ ...states(component)[kind], kind, ...more });

test.each(KINDS)(
  "every control of a %s host has a name, and keeps Jupyter's shortcuts away",
  (kind) => {
    const { el } = show(kind);
    const controls = el.querySelectorAll<HTMLElement>(
      "input, button, select, textarea, summary, [tabindex='0']:not([role=math])",
    );
    expect(controls.length + Number(kind === "form")).toBeGreaterThan(0);
    for (const one of controls) {
      if (one.closest("[hidden]") !== null) continue;
      const label = one.id === "" ? null : el.querySelector(`label[for="${one.id}"]`);
      const name = one.getAttribute("aria-label") || one.textContent || label?.textContent;
      expect(name, one.outerHTML).toBeTruthy();
      expect(one.getAttribute("data-lm-suppress-shortcuts"), one.outerHTML).toBe("true");
    }
  },
);

test.each(KINDS)("every slider of a %s host tells where it stands, between its ends", (kind) => {
  for (const one of show(kind).el.querySelectorAll("[role=slider]:not([hidden])")) {
    const at = (name: string) => Number.parseFloat(one.getAttribute(`aria-value${name}`) ?? "");
    expect(at("now")).toBeGreaterThanOrEqual(at("min"));
    expect(at("now")).toBeLessThanOrEqual(at("max"));
    expect(one.getAttribute("aria-valuetext")).toBeTruthy();
  }
});

const ODD = [
  `<img src=x onerror="globalThis.hacked = true"><script>globalThis.hacked = true</script>`,
  `"'&<>]]>--></b>`,
  "n".repeat(5000),
  "",
  "\u202e\u0000 \n\t",
];

test.each(KINDS.flatMap((kind) => ODD.map((name) => [kind, name] as const)))(
  "a %s host shows a name such as %.60j as text",
  (kind, name) => {
    const odd = { ...gaussian("g", 0), name, type: name, formula: name };
    odd.parameters = odd.parameters.map((one) => ({ ...one, doc: name, units: name }));
    const { el } = show(kind, odd);
    expect(el.querySelector("img, script, b")).toBeNull();
    expect(el.dataset.hsReady).toBe("1");
    expect("hacked" in globalThis).toBe(false);
  },
);

test.each(KINDS)(
  "a %s host whose numbers are not known, or are not there, says nothing wrong",
  (kind) => {
    for (const values of [[null, null, null], [Number.NaN, 1e308, -0], []]) {
      const { el, host } = show(kind, gaussian("g", 0), {
        values,
        std: [null, Number.POSITIVE_INFINITY, 0],
        free: [],
        active: [],
      });
      expect(el.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
      for (const field of el.querySelectorAll("input")) {
        expect(field.title, field.outerHTML).not.toMatch(/NaN|undefined/);
      }
      expect(asked(host)).toEqual([]);
    }
  },
);

test.each(KINDS)(
  "a %s host that is closed leaves no listener, on the kernel or the page",
  async (kind) => {
    const page = watchPage();
    const { host, el, stop } = show(kind);
    await settled();
    expect(host.listeners()).toBeGreaterThan(0);
    for (const one of el.querySelectorAll(".hsj-slider, .hsj-map, [role=slider]")) {
      one.dispatchEvent(new PointerEvent("pointerdown", { button: 0, buttons: 1, bubbles: true }));
    }
    for (const request of [...host.sent]) await host.answer(request);
    stop.abort();
    expect([host.listeners(), page.listeners(), el.dataset.hsReady]).toEqual([0, 0, undefined]);
    expect([...document.body.children]).toEqual([el]);
  },
);

test.each(KINDS)("a %s host shown in two places works in both, with no id twice", (kind) => {
  const one = show(kind);
  render({}, one.host);
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a host that is drawn anew in two places leaves the focus in the one that had it", () => {
  const host = fakeHost(two());
  const [one, other] = [render({}, host), render({}, host)];
  one.labelled("filter components and parameters").focus();
  host.push({ spec: { ...host.model.get("spec"), title: "another" } });
  expect(one.el.contains(document.activeElement)).toBe(true);
  expect(other.el.contains(document.activeElement)).toBe(false);
});

test("a number that is being typed stays when the structure changes; one that was taken does not", async () => {
  const host = fakeHost(two());
  const { labelled } = render({}, host);
  const field = () => labelled("Gaussian_h centre value");
  const restructure = () =>
    host.push({ spec: { ...host.model.get("spec"), title: `${host.sent.length}` } });
  field().focus();
  await write(field(), "71.");
  restructure();
  expect(document.activeElement).toBe(field());
  expect(field().value).toBe("71.");
  await write(field(), "71.5");
  press(field(), "Enter");
  expect(asked(host)).toMatchObject([{ kind: "set", slot: "h.centre", value: 71.5 }]);
  host.push({ values: [10, 50, 5, 3, 71.4, 8] });
  await host.answer(host.sent[0]);
  restructure();
  expect(document.activeElement).toBe(field());
  expect(field().value).toBe("71.4");
});

test("a button that moves a component keeps the focus, and at the end leaves it to the other", () => {
  const host = fakeHost(two());
  const { labelled } = render({}, host);
  const spec = host.model.get("spec");
  const [g, h] = spec.components as [ComponentRecord, ComponentRecord];
  const now = () => document.activeElement?.getAttribute("aria-label");
  labelled("Gaussian_g move down").focus();
  host.push({ spec: { ...spec, title: "another" } });
  expect(now()).toBe("Gaussian_g move down");
  host.push({ spec: { ...spec, components: [h, g] } });
  expect(now()).toBe("Gaussian_g move up");
});

test("where what had the focus is gone, the next in its place has it", () => {
  const host = fakeHost(two());
  const { labelled } = render({}, host);
  labelled("Gaussian_g remove").focus();
  const spec = host.model.get("spec");
  host.push({ spec: { ...spec, components: [gaussian("h", 3)] } });
  expect(document.activeElement).toBe(labelled("Gaussian_h parameters"));
});

test("a view that cannot be drawn says why, where a person reads it", async () => {
  const { el } = render({ kind: "plot", curves: { figure: "gone" } as never });
  await settled();
  expect(find(el, ".hsj-view > .hsj-problem").textContent).toContain("gone");
  expect(el.dataset.hsReady).toBeUndefined();
});
