/**
 * Requests to the kernel. Every one has an id and gets an answer. Of those with the same key one is
 * in flight and the newest waits: a drag sends as fast as the kernel answers, and no faster. What
 * waits leaves at once when something else is asked for, or it would come after it and undo it.
 */

import type { Answer } from "./schema.gen";

/** What the kernel said; `superseded` when a newer request with the same key took its place. */
export type Reply = { ok: boolean; error: string; text: string; superseded: boolean };

export type Message = { kind: string; [field: string]: unknown };

type Waiting = { message: Message; reply: (reply: Reply) => void };

export type Requests = {
  /** Ask once. */
  ask(message: Message): Promise<Reply>;
  /** Ask, the newest of this key wins. */
  askNewest(key: string, message: Message): Promise<Reply>;
  /** Send what waits, now. */
  hurry(): void;
  /** Whether something of this key is under way. */
  flying(key: string): boolean;
  /** How many requests have no answer yet. */
  count(): number;
  /** Take a message of the kernel; others than answers are left alone. */
  hear(content: unknown): void;
};

/** Requests that leave through `send`; `changed` is called when one leaves or is answered. */
export function makeRequests(
  send: (content: Message & { id: string }) => void,
  changed: () => void,
  // Not crypto.randomUUID: browsers keep it from pages without https.
  prefix: string = Math.random().toString(36).slice(2),
  // Called before anything is asked: other views of the page may have something waiting.
  first?: () => void,
): Requests {
  let last = 0;
  const open = new Map<string, (reply: Reply) => void>();
  const busy = new Map<string, number>();
  const next = new Map<string, Waiting>();

  function ask(message: Message): Promise<Reply> {
    (first ?? hurry)();
    return leave(message);
  }

  function hurry(): void {
    for (const [key, waiting] of [...next]) {
      next.delete(key);
      void fly(key, waiting);
    }
  }

  function leave(message: Message): Promise<Reply> {
    last += 1;
    const id = `${prefix}:${last}`;
    return new Promise((resolve) => {
      open.set(id, resolve);
      send({ id, ...message });
      changed();
    });
  }

  async function fly(key: string, { message, reply }: Waiting): Promise<void> {
    busy.set(key, (busy.get(key) ?? 0) + 1);
    const answer = await leave(message);
    const others = (busy.get(key) ?? 1) - 1;
    const newer = others === 0 ? next.get(key) : undefined;
    if (newer !== undefined) next.delete(key);
    if (others === 0 && newer === undefined) busy.delete(key);
    else busy.set(key, others);
    reply(answer);
    if (newer !== undefined) void fly(key, newer);
    changed();
  }

  function askNewest(key: string, message: Message): Promise<Reply> {
    return new Promise((resolve) => {
      const waiting = { message, reply: resolve };
      if (!busy.has(key)) {
        (first ?? hurry)();
        void fly(key, waiting);
        return;
      }
      next.get(key)?.reply({ ok: true, error: "", text: "", superseded: true });
      next.delete(key); // What is wished last waits last.
      next.set(key, waiting);
    });
  }

  function hear(content: unknown): void {
    if (!isAnswer(content)) return;
    const resolve = open.get(content.id);
    if (resolve === undefined) return;
    open.delete(content.id);
    const { ok, error, text } = content;
    resolve({ ok, error, text, superseded: false });
    changed();
  }

  return { ask, askNewest, hurry, flying: (key) => busy.has(key), count: () => open.size, hear };
}

function isAnswer(content: unknown): content is Answer {
  if (typeof content !== "object" || content === null) return false;
  const { id, ok, error, text } = content as Record<string, unknown>;
  return typeof ok === "boolean" && [id, error, text].every((one) => typeof one === "string");
}
