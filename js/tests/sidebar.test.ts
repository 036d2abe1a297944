// The sidebar: the list follows the kernel's record, the form makes models, the link asks once.
import { expect, test, vi } from "vitest";
import type { Kernel, Message, SessionContext } from "../lab/lab";
import { makeLink } from "../lab/link";
import { describeState, makeForm, makeList } from "../lab/list";
import type { KernelRecord, ModelLine } from "../src/schema.gen";
import { aRun } from "./fake";

const LINE: ModelLine = {
  key: "k1",
  name: "m",
  title: "one line",
  signal: "s",
  dimensions: "(4, 3|128)",
  mapped: true,
  components: ["line", "Offset"],
  busy: "",
  run: null,
};
const RECORD: KernelRecord = {
  models: [LINE, { ...LINE, key: "k2", name: "fits[0]", components: [] }],
  signals: [{ name: "s", title: "one line", addable: ["Gaussian", "Offset"] }],
};

test("the state of a run is told in words", () => {
  const run = aRun({ done: 5, total: 12, seconds: 1 });
  expect(describeState(LINE)).toBe("");
  expect(describeState({ ...LINE, busy: "fit" })).toBe("fit is running");
  expect(describeState({ ...LINE, busy: "multifit", run })).toBe("fitting the map: 41 %");
  expect(describeState({ ...LINE, run: { ...run, state: "done", done: 12, failures: 2 } })).toBe(
    "map done: 12 of 12 pixels, 2 failed",
  );
});

test("a row is kept while its model lives, and goes with it", () => {
  const el = document.createElement("ul");
  const choose = vi.fn();
  const list = makeList(el, choose, () => true);
  list.draw(RECORD, "k2");
  const [first, second] = [...el.querySelectorAll("button")];
  expect(first?.getAttribute("aria-pressed")).toBe("false");
  expect(second?.getAttribute("aria-pressed")).toBe("true");
  expect(second?.textContent).toContain("no component yet");
  second?.click();
  expect(choose).toHaveBeenCalledWith("k2");
  list.draw({ ...RECORD, models: [{ ...LINE, key: "k2", name: "kept" }] }, "k2");
  expect([...el.querySelectorAll("button")]).toEqual([second]);
  expect(second?.textContent).toContain("kept");
  list.draw(null, null);
  expect(el.children.length).toBe(0);
});

test("the form offers the components of the signal that is chosen", () => {
  const form = makeForm(async () => true);
  form.draw({ models: [], signals: [] });
  expect(form.el.querySelector("form")?.hidden).toBe(true);
  form.draw(RECORD);
  const [signal, first] = [...form.el.querySelectorAll("select")];
  expect(signal?.value).toBe("s");
  expect([...(first?.options ?? [])].map((one) => one.value)).toEqual(["Gaussian", "Offset"]);
});

test("the form suggests a name that is free, until a person writes another", () => {
  const form = makeForm(async () => true);
  const name = form.el.querySelector("input") as HTMLInputElement;
  form.draw({ models: [], signals: RECORD.signals });
  expect(name.value).toBe("m");
  form.draw({ ...RECORD, signals: [...RECORD.signals, { name: "m2", title: "", addable: [] }] });
  expect(name.value).toBe("m3");
  name.value = "mine";
  form.draw(RECORD);
  expect(name.value).toBe("mine");
});

type Slot<A> = (sender: unknown, args: A) => void;

function hub<A>() {
  const slots: Slot<A>[] = [];
  return {
    connect: (slot: Slot<A>) => slots.push(slot) > 0,
    emit: (args: A) => {
      for (const slot of slots) slot(null, args);
    },
  };
}

/** A session whose kernel knows us or not, and counts how often it is asked. */
function fakeSession() {
  const world = { knows: "False", asked: 0, sent: [] as unknown[] };
  const comm = {
    open: vi.fn(),
    send: (data: unknown) => world.sent.push(data),
    onMsg: (_message: { content: { data: unknown } }) => {},
    onClose: () => {},
  };
  const kernel: Kernel = {
    id: "one",
    info: Promise.resolve({ language_info: { name: "python" } }),
    requestExecute: () => {
      world.asked += 1;
      const linked = { data: { "text/plain": world.knows } };
      return { done: Promise.resolve({ content: { user_expressions: { linked } } }) };
    },
    createComm: () => comm,
  };
  const [kernelChanged, statusChanged, iopubMessage] = [
    hub<unknown>(),
    hub<string>(),
    hub<Message>(),
  ];
  const context: SessionContext = {
    path: "a.ipynb",
    name: "a.ipynb",
    session: { kernel },
    ready: Promise.resolve(),
    kernelChanged,
    statusChanged,
    iopubMessage,
  };
  const runCell = (id: string) => {
    const parent_header = { msg_id: id };
    iopubMessage.emit({ header: { msg_type: "execute_input" }, parent_header, content: {} });
    const content = { execution_state: "idle" };
    iopubMessage.emit({ header: { msg_type: "status" }, parent_header, content });
  };
  return { world, comm, context, statusChanged, runCell };
}

const settled = () => new Promise((go) => queueMicrotask(() => setTimeout(go)));

test("a kernel is asked once after every cell, until it knows us, and then no more", async () => {
  const { world, comm, context, runCell } = fakeSession();
  const link = makeLink(context, () => {});
  await settled();
  expect(world.asked).toBe(1);
  world.knows = "True";
  runCell("c1");
  await settled();
  expect(world.asked).toBe(2);
  expect(comm.open).toHaveBeenCalledOnce();
  comm.onMsg({ content: { data: { kind: "kernel", ...RECORD } } });
  expect(link.record()?.models.length).toBe(2);
  runCell("c2");
  await settled();
  expect(world.asked).toBe(2);
});

test("what waits for a kernel that restarts is answered, and its models are gone", async () => {
  const { world, comm, context, statusChanged } = fakeSession();
  world.knows = "True";
  const link = makeLink(context, () => {});
  await settled();
  comm.onMsg({ content: { data: { kind: "kernel", ...RECORD } } });
  const asked = link.ask({ kind: "fit", model: "k1" });
  expect(link.waiting()).toBe(1);
  statusChanged.emit("restarting");
  const reply = await asked;
  expect(reply.ok).toBe(false);
  expect(reply.error).toContain("restarted or ended");
  expect(link.record()).toBeNull();
  expect(link.waiting()).toBe(0);
});
