/**
 * What a view shows: the kernel's columns, and over them the edits that are on their way.
 * While an edit of a slot is in flight the kernel's older value is not shown; with the answer the
 * kernel's value counts again, be it clamped or untouched.
 */
import { hear, hurryAll, listen, tell } from "./bus";
import { type Message, makeRequests, type Reply, type Requests } from "./requests";
import { type HostModel, hearMessages, type Name, watch } from "./wire";

export type Field = "value" | "free" | "bmin" | "bmax";

export type Store = {
  model: HostModel;
  requests: Requests;
  /** The number shown in a slot: an edit on its way, else the kernel's; NaN where not known. */
  value(slot: number): number;
  /** Whether an edit of any view of the page is on its way. */
  previewing(): boolean;
  /** The numbers of many slots. */
  row(slots: readonly number[]): number[];
  /** Show a value at once, in every view of the page, and ask the kernel for it. */
  setValue(slot: number, value: number): Promise<Reply>;
  /** Ask for another field of a slot. */
  setField(slot: number, field: Exclude<Field, "value">, value: unknown): Promise<Reply>;
  /** Ask for anything else. */
  ask(message: Message): Promise<Reply>;
  /** Call `draw` when one of the traits changed. */
  watch(names: readonly Name[], draw: () => void, signal: AbortSignal): void;
  /** Call `draw` when a number of `value` may be another. */
  watchValues(draw: () => void, signal: AbortSignal): void;
  /** Call `draw` when requests leave or are answered. */
  watchRequests(draw: () => void, signal: AbortSignal): void;
};

/** The state of one view; everything it hears ends with `signal`. */
export function makeStore(model: HostModel, signal: AbortSignal): Store {
  const previews = new Map<string, { value: number; from: string }>();
  const onValues = new Set<() => void>();
  const onRequests = new Set<() => void>();
  const me = Math.random().toString(36).slice(2);
  const call = (all: Set<() => void>) => {
    for (const draw of [...all]) draw();
  };
  const requests = makeRequests(
    (content) => model.send(content),
    () => call(onRequests),
    me,
    hurryAll,
  );
  hear("hurry", requests.hurry, signal);

  hearMessages(model, requests.hear, signal);
  watch(model, ["values", "spec"], () => call(onValues), signal);
  listen(({ key, slot, value, from }) => {
    if (key !== model.get("key")) return;
    // The end of another one's edit must not end a newer one.
    if (value !== null) previews.set(slot, { value, from });
    else if (previews.get(slot)?.from === from) previews.delete(slot);
    else return;
    call(onValues);
  }, signal);
  // What this view still has under way, others must not wait for.
  signal.addEventListener("abort", () => {
    for (const [slot, preview] of [...previews]) if (preview.from === me) settle(slot);
  });

  const nameOf = (slot: number) => model.get("spec").slots[slot] ?? "";
  const settle = (slot: string) => tell({ key: model.get("key"), slot, value: null, from: me });
  const value = (slot: number) =>
    previews.get(nameOf(slot))?.value ?? model.get("values")[slot] ?? Number.NaN;

  async function setValue(slot: number, to: number): Promise<Reply> {
    const name = nameOf(slot);
    const key = `${name} value`;
    tell({ key: model.get("key"), slot: name, value: to, from: me });
    const reply = await requests.askNewest(key, {
      kind: "set",
      slot: name,
      field: "value",
      value: to,
    });
    if (!reply.superseded && !requests.flying(key)) settle(name);
    return reply;
  }

  return {
    model,
    requests,
    value,
    previewing: () => previews.size > 0,
    row: (slots) => slots.map(value),
    setValue,
    setField: (slot, field, to) => {
      const name = nameOf(slot);
      return requests.askNewest(`${name} ${field}`, { kind: "set", slot: name, field, value: to });
    },
    ask: (message) => requests.ask(message),
    watch: (names, draw, until) => watch(model, names, draw, until),
    watchValues: (draw, until) => subscribe(onValues, draw, until),
    watchRequests: (draw, until) => subscribe(onRequests, draw, until),
  };
}

function subscribe(all: Set<() => void>, draw: () => void, until: AbortSignal): void {
  all.add(draw);
  until.addEventListener("abort", () => all.delete(draw), { once: true });
}
