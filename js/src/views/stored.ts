/** The models that the signal keeps: store this one, restore another, see how they differ. */
import { make, setText } from "../dom";
import type { Store } from "../state";

/** A folded list, drawn into `el`; it is asked for when it is opened. */
export function storedView(
  store: Store,
  open: Set<string>,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const HERE = "stored models";
  const list = make("div", { className: "hsj-stored" });
  const name = make(
    "input",
    { type: "text", className: "hsj-field hsj-short", placeholder: "name", spellcheck: false },
    { "aria-label": "name of the stored model" },
  );
  const button = (text: string, label: string, press: () => Promise<void>) => {
    const made = make(
      "button",
      { type: "button", className: "hsj-button" },
      { "aria-label": label },
      text,
    );
    made.addEventListener("click", () => void press(), { signal });
    return made;
  };
  const keep = async () => {
    const reply = await store.ask({ kind: "keep", name: name.value });
    say(reply.error);
    if (!reply.ok) return;
    name.value = "";
    await fill();
  };
  name.addEventListener("keydown", (event) => event.key === "Enter" && void keep(), { signal });
  const box = make(
    "details",
    { className: "hsj-more", open: open.has(HERE) },
    {},
    make("summary", {}, {}, HERE),
    make(
      "div",
      { className: "hsj-buttons" },
      {},
      name,
      button("Store as", "store the model", keep),
    ),
    list,
  );
  let listed: string | null = null;
  const fill = async () => {
    const reply = await store.ask({ kind: "stored" });
    if (signal.aborted) return;
    if (!reply.ok) return say(reply.error);
    hideDifferences();
    if (reply.text === listed) return;
    listed = reply.text;
    const focused = list.contains(document.activeElement);
    const names = reply.text.split("\n").filter((one) => one !== "");
    list.replaceChildren(...names.map(entry));
    if (names.length === 0) setText(list, "none yet");
    if (focused) name.focus();
  };
  const entry = (one: string) => {
    const told = make("div", { className: "hsj-scroll", hidden: true });
    return make(
      "div",
      {},
      {},
      make(
        "div",
        { className: "hsj-buttons" },
        {},
        make("strong", { className: "hsj-name" }, {}, one),
        button("Restore", `restore ${one}`, async () => {
          say((await store.ask({ kind: "restore", name: one })).error);
        }),
        button("Differences", `differences to ${one}`, async () => {
          const reply = await store.ask({ kind: "differences", name: one });
          say(reply.error);
          told.hidden = !reply.ok;
          told.replaceChildren(differences(reply.text));
        }),
        button("Forget", `forget ${one}`, async () => {
          const { error } = await store.ask({ kind: "forget", name: one });
          if (error === "") await fill();
          else say(error);
        }),
      ),
      told,
    );
  };
  box.addEventListener(
    "toggle",
    () => {
      if (box.open) open.add(HERE);
      else open.delete(HERE);
      if (box.open) void fill();
    },
    { signal },
  );
  // They were told of other numbers.
  const hideDifferences = () => {
    for (const told of list.querySelectorAll<HTMLElement>(".hsj-scroll")) told.hidden = true;
  };
  store.watchValues(hideDifferences, signal);
  store.watch(["pixel"], hideDifferences, signal);
  // Undo may bring one back.
  store.watch(["history"], () => box.open && void fill(), signal);
  if (box.open) void fill();
  el.append(box);
}

function differences(text: string): HTMLElement {
  if (text === "") return make("p", { className: "hsj-empty" }, {}, "no difference at this pixel");
  const cells = (tag: "td" | "th", words: readonly string[]) =>
    make("tr", {}, {}, ...words.map((word) => make(tag, {}, {}, word)));
  const rows = text.split("\n").map((line) => cells("td", line.split("\t")));
  return make("table", { className: "hsj-table" }, {}, cells("th", ["", "stored", "now"]), ...rows);
}
