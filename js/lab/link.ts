/**
 * The way to one kernel. It says by itself what changed; it is asked whether it knows hsjupyter once
 * after every cell that a person ran, until it does, and never while it is busy.
 */
import { hurryAll } from "../src/bus";
import { type Message as Ask, makeRequests, type Reply } from "../src/requests";
import type { KernelRecord } from "../src/schema.gen";
import type { Comm, Kernel, SessionContext } from "./lab";

const TARGET = "hsjupyter.sidebar";
/** Imports nothing into a kernel that has not imported hsjupyter itself. */
const KNOWS_US =
  "'hsjupyter.core.model' in __import__('sys').modules and " +
  "__import__('importlib').import_module('hsjupyter.gui.sidebar').link()";
const OVER = new Set(["restarting", "autorestarting", "terminating", "dead"]);
const GONE = "the kernel was restarted or ended; run the notebook again";

export type Link = {
  context: SessionContext;
  /** What lives in the kernel; null until it said so. */
  record(): KernelRecord | null;
  ask(message: Ask): Promise<Reply>;
  /** How many requests have no answer yet. */
  waiting(): number;
  /** Look for models now, such as when the panel comes to show this kernel. */
  look(): void;
};

/** A link that lives as long as its session context; `changed` is called on every change. */
export function makeLink(context: SessionContext, changed: () => void): Link {
  let comm: Comm | null = null;
  let record: KernelRecord | null = null;
  let asked: Kernel | null = null;
  const open = new Set<string>();
  const ran = new Set<string>();
  const requests = makeRequests(
    (content) => {
      open.add(content.id);
      if (comm === null) answerAll();
      else comm.send(content);
    },
    changed,
    undefined,
    hurryAll,
  );

  function answerAll(): void {
    // Not at once: whoever asks has to hold the promise first.
    queueMicrotask(() => {
      for (const id of [...open]) hear({ id, ok: false, error: GONE, text: "" });
    });
  }

  function hear(content: unknown): void {
    if (typeof content !== "object" || content === null) return;
    const { kind, id } = content as { kind?: unknown; id?: unknown };
    if (kind === "kernel") {
      record = content as KernelRecord;
      changed();
      return;
    }
    if (typeof id === "string") open.delete(id);
    requests.hear(content);
  }

  function drop(): void {
    comm = null;
    record = null;
    asked = null;
    ran.clear();
    answerAll();
    changed();
  }

  async function connect(): Promise<void> {
    const kernel = context.session?.kernel ?? null;
    if (kernel === null || comm !== null || asked === kernel) return;
    asked = kernel;
    try {
      const info = await kernel.info;
      if (info.language_info.name !== "python") return;
      const request = kernel.requestExecute({
        code: "",
        silent: true,
        store_history: false,
        user_expressions: { linked: KNOWS_US },
      });
      const { content } = await request.done;
      const told = content.user_expressions?.linked;
      if (told?.evalue)
        console.warn(`hsjupyter: the kernel has no models to tell of: ${told.evalue}`);
      if (told?.data?.["text/plain"] !== "True" || asked !== kernel) return;
      const made = kernel.createComm(TARGET);
      made.onMsg = (message) => {
        if (made === comm) hear(message.content.data);
      };
      made.onClose = () => {
        if (made === comm) drop();
      };
      comm = made;
      made.open({});
    } catch {
      // The kernel went meanwhile; its next one is asked again.
    } finally {
      if (asked === kernel) asked = null;
    }
  }

  context.kernelChanged.connect(() => {
    drop();
    void connect();
  });
  context.statusChanged.connect((_context, status) => {
    if (OVER.has(status)) drop();
  });
  context.iopubMessage.connect((_context, message) => {
    const parent = message.parent_header.msg_id ?? "";
    if (message.header.msg_type === "execute_input") ran.add(parent);
    const idle = message.header.msg_type === "status" && message.content.execution_state === "idle";
    if (idle && ran.delete(parent)) void connect();
  });
  void context.ready.then(connect, () => {});

  return {
    context,
    record: () => record,
    ask: requests.ask,
    waiting: requests.count,
    look: () => void connect(),
  };
}
