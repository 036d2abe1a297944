// Every request gets its answer, and the newest wish wins.
import { expect, test } from "vitest";
import { makeRequests } from "../src/requests";
import type { Sent } from "./fake";
import { settled } from "./fake";

function stub() {
  const sent: Sent[] = [];
  const changes: number[] = [];
  const requests = makeRequests(
    (content) => void sent.push(content as Sent),
    () => void changes.push(requests.count()),
    "v",
  );
  const answer = async (request: Sent | undefined, error = "") => {
    requests.hear({ id: request?.id, ok: error === "", error, text: "" });
    await settled();
  };
  return { requests, sent, answer, changes };
}

test("a request has an id of its own and gets its own answer", async () => {
  const { requests, sent, answer } = stub();
  const first = requests.ask({ kind: "fit" });
  const second = requests.ask({ kind: "store" });
  expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  await answer(sent[1], "no");
  await answer(sent[0]);
  expect(await first).toEqual({ ok: true, error: "", text: "", superseded: false });
  expect(await second).toEqual({ ok: false, error: "no", text: "", superseded: false });
  expect(requests.count()).toBe(0);
});

test("of one key one is in flight, and the newest follows", async () => {
  const { requests, sent, answer } = stub();
  const replies = [1, 2, 3, 4].map((value) => requests.askNewest("a", { kind: "set", value }));
  expect(sent.map(({ value }) => value)).toEqual([1]);
  expect(requests.flying("a")).toBe(true);
  await answer(sent[0]);
  expect(sent.map(({ value }) => value)).toEqual([1, 4]);
  expect(requests.flying("a")).toBe(true);
  await answer(sent[1]);
  expect(requests.flying("a")).toBe(false);
  const superseded = (await Promise.all(replies)).map((reply) => reply.superseded);
  expect(superseded).toEqual([false, true, true, false]);
});

test("a hundred moves while the kernel is busy leave as two messages", async () => {
  const { requests, sent, answer } = stub();
  for (let value = 0; value < 100; value += 1) {
    void requests.askNewest("a", { kind: "set", value });
  }
  await answer(sent[0]);
  await answer(sent[1]);
  expect(sent.map(({ value }) => value)).toEqual([0, 99]);
});

test("what waits leaves before what is asked for after it", async () => {
  const { requests, sent, answer } = stub();
  for (const value of [1, 2, 3]) void requests.askNewest("a", { kind: "set", value });
  void requests.ask({ kind: "fit" });
  expect(sent.map(({ kind, value }) => value ?? kind)).toEqual([1, 3, "fit"]);
  // Another wish waits until neither of the two is in flight.
  void requests.askNewest("a", { kind: "set", value: 4 });
  await answer(sent[0]);
  expect(sent).toHaveLength(3);
  expect(requests.flying("a")).toBe(true);
  await answer(sent[1]);
  expect(sent.at(-1)).toMatchObject({ value: 4 });
  await answer(sent[3]);
  expect(requests.flying("a")).toBe(false);
});

test("a pixel that is gone to comes after what was dragged before", async () => {
  const { requests, sent } = stub();
  for (const value of [1, 2]) void requests.askNewest("a", { kind: "set", value });
  void requests.askNewest("pixel", { kind: "pixel" });
  expect(sent.map(({ kind, value }) => value ?? kind)).toEqual([1, 2, "pixel"]);
});

test("keys do not wait for each other", () => {
  const { requests, sent } = stub();
  void requests.askNewest("a", { kind: "set" });
  void requests.askNewest("b", { kind: "set" });
  expect(sent).toHaveLength(2);
});

test("an error lets the next one through", async () => {
  const { requests, sent, answer } = stub();
  const first = requests.askNewest("a", { kind: "set", value: 1 });
  void requests.askNewest("a", { kind: "set", value: 2 });
  await answer(sent[0], "refused");
  expect((await first).error).toBe("refused");
  expect(sent).toHaveLength(2);
});

test("what is no answer, or not ours, is left alone", async () => {
  const { requests, sent } = stub();
  void requests.ask({ kind: "fit" });
  for (const content of [null, 3, "x", {}, { id: 1 }, { id: "other", ok: true, error: "" }]) {
    requests.hear(content);
  }
  requests.hear({ id: sent[0]?.id, ok: "yes", error: "" });
  expect(requests.count()).toBe(1);
});
