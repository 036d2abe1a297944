/** A host without a kernel: what is sent is kept, what the kernel would say is said by the test. */
import type { ComponentRecord, HostState, ParameterRecord, RunRecord } from "../src/schema.gen";
import type { HostModel } from "../src/wire";

export type Sent = { id: string; kind: string; [field: string]: unknown };

type Call = (...given: unknown[]) => void;

export type FakeHost = {
  model: HostModel;
  /** What the browser sent, oldest first. */
  sent: Sent[];
  /** Change traits as one message of the kernel does: all are set before any is told. */
  push(state: Partial<HostState>): void;
  /** Answer a request; with a text, refuse it. */
  answer(request: Sent | undefined, error?: string, text?: string): Promise<void>;
  /** Send a message of the kernel that nobody asked for. */
  say(content: unknown, buffers: DataView[]): void;
  /** How often the kernel was interrupted. */
  interrupts(): number;
  /** How many listeners the views have. */
  listeners(): number;
};

export function parameter(name: string, slot: number, more: Partial<ParameterRecord> = {}) {
  const record: ParameterRecord = {
    name,
    doc: "",
    units: "",
    vector: false,
    slots: [slot],
    elements: [name],
    default: [1],
    hint: null,
    ...more,
  };
  return record;
}

export function gaussian(id: string, start: number): ComponentRecord {
  return {
    id,
    name: `Gaussian_${id}`,
    type: "Gaussian",
    in_model: true,
    dimensions: 1,
    colour: "#2a7fc1",
    formula: "A * exp(-(x - centre)**2 / (2 * sigma**2))",
    js: "for (let i = 0; i < n; i++) { const u = (coords[0][i] - p[1]) / p[2]; out[i] = p[0] * Math.exp(-u * u / 2); }",
    position: start + 1,
    height: start,
    width: start + 2,
    reach: 1,
    extras: [],
    parameters: [
      parameter("A", start, { units: "counts", doc: "height" }),
      parameter("centre", start + 1, { units: "eV", hint: [0, 100] }),
      parameter("sigma", start + 2),
    ],
  };
}

/** A run that is under way; it is as fast as `done` in `seconds` makes it. */
export function aRun(more: Partial<RunRecord> = {}): RunRecord {
  const { done = 64, total = 256, seconds = 2 } = more;
  const rate = done > 0 ? done / seconds : null;
  return {
    state: "running",
    done,
    total,
    failures: 0,
    seconds,
    rate,
    eta: rate === null ? null : (total - done) / rate,
    awaited: false,
    note: "",
    failed: [],
    ...more,
  };
}

/** The state of a host of one Gaussian over 101 channels. */
export function state(more: Partial<HostState> = {}): HostState {
  const empty = new DataView(new ArrayBuffer(0));
  const x = Float64Array.from({ length: 101 }, (_, k) => k);
  return {
    kind: "model",
    key: "k1",
    spec: {
      title: "a map",
      slots: ["g.A", "g.centre", "g.sigma"],
      components: [gaussian("g", 0)],
      addable: ["Gaussian", "Lorentzian"],
      peaks: ["Gaussian", "Lorentzian"],
      signal: { name: "Energy", units: "eV", size: 101, scale: 1, offset: 0, positions: null },
      navigation: [],
    },
    values: [10, 50, 5],
    std: [null, 0.0123, null],
    free: [true, true, false],
    bmin: [null, 0, 0.1],
    bmax: [null, 100, null],
    linked: [null, null, null],
    active: [true],
    per_pixel: [false],
    pixel: [],
    quality: null,
    busy: "",
    run: null,
    page: null,
    samfire: null,
    curves: null,
    history: { undo: "", redo: "" },
    problem: "",
    data: empty,
    form: null,
    image: null,
    inside: empty,
    span: null,
    y: empty,
    limits: [0, 100, 0, 10],
    map: null,
    map_values: empty,
    pushed: {},
    uncertainty: empty,
    widths: empty,
    x: new DataView(x.buffer),
    ...more,
  };
}

export function fakeHost(
  more: Partial<HostState> = {},
  others: Record<string, unknown> = {},
): FakeHost {
  const now = state(more);
  const calls = new Map<string, Set<Call>>();
  const sent: Sent[] = [];
  let interrupts = 0;
  const fire = (event: string, ...given: unknown[]) => {
    for (const call of [...(calls.get(event) ?? [])]) call(...given);
  };
  const model = {
    get: (name: keyof HostState) => now[name],
    set: () => {
      throw new Error("a browser writes no trait");
    },
    save_changes: () => {
      throw new Error("a browser writes no trait");
    },
    on: (event: string, call: Call) => {
      calls.set(event, (calls.get(event) ?? new Set()).add(call));
    },
    off: (event: string, call: Call) => void calls.get(event)?.delete(call),
    send: (content: Sent) => void sent.push(structuredClone(content)),
    widget_manager: {
      get_model: (id: string) =>
        id in others ? Promise.resolve(others[id]) : Promise.reject(new Error(`no ${id}`)),
      kernel: {
        interrupt: async () => {
          interrupts += 1;
        },
      },
    },
  };
  return {
    model: model as unknown as HostModel,
    sent,
    push(update) {
      Object.assign(now, update);
      for (const name of Object.keys(update)) fire(`change:${name}`);
    },
    async answer(request, error = "", text = "") {
      if (request === undefined) throw new Error("no such request");
      fire("msg:custom", { id: request.id, ok: error === "", error, text });
      await settled();
    },
    say: (content, buffers) => fire("msg:custom", content, buffers),
    interrupts: () => interrupts,
    listeners: () => [...calls.values()].reduce((sum, all) => sum + all.size, 0),
  };
}

/** After everything that waits for a promise. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** The one element of a selector, or an error that names it. */
export function find<E extends Element = HTMLElement>(root: ParentNode, selector: string): E {
  const found = root.querySelectorAll<E>(selector);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} elements of ${selector}`);
  }
  return only;
}

/** Type into a field and press Enter. */
export function type(input: HTMLInputElement, text: string): void {
  input.focus();
  input.value = text;
  press(input, "Enter");
}

export function press(el: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  el.dispatchEvent(event);
  return event;
}

/** Draw with a controller that ends it. */
export function stage(): { el: HTMLElement; stop: AbortController } {
  const el = document.createElement("div");
  document.body.append(el);
  return { el, stop: new AbortController() };
}
