/** What a component has beside its parameters: switches, a window of the data, and its own fit. */
import { hear, post } from "../bus";
import { make } from "../dom";
import { show } from "../numbers";
import type { Message } from "../requests";
import type { ComponentRecord } from "../schema.gen";
import type { Store } from "../state";
import { makeNumberField } from "./field";

/** Extras, estimate and fit of a component, folded below its rows in `el`. */
export function moreView(
  store: Store,
  component: ComponentRecord,
  open: Set<string>,
  say: (text: string) => void,
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const { model } = store;
  const { id, name, dimensions, in_model: inModel } = component;
  if (!inModel && component.extras.length === 0) return;
  const ask = async (message: Message) => say((await store.ask(message)).error);
  const summary = make("summary", {}, {}, "more");
  const box = make("details", { className: "hsj-more", open: open.has(id) }, {}, summary);
  box.addEventListener(
    "toggle",
    () => {
      if (box.open) open.add(id);
      else open.delete(id);
    },
    { signal },
  );
  const line = (...parts: (Node | string)[]) =>
    box.append(make("div", { className: "hsj-buttons" }, {}, ...parts));

  for (const extra of component.extras) {
    const set = async (value: unknown) => {
      await ask({ kind: "extra", component: id, name: extra.name, value });
      write();
    };
    let write = () => {};
    const words = make("span", { className: "hsj-quality" }, {}, extra.doc);
    if (typeof extra.value === "boolean") {
      const label = { "aria-label": `${name} ${extra.name}` };
      const on = make("input", { type: "checkbox" }, label);
      write = () => {
        on.checked = extra.value === true;
      };
      write();
      on.addEventListener("change", () => void set(on.checked), { signal });
      line(make("label", { className: "hsj-free" }, {}, on, extra.name), words);
      continue;
    }
    const field = makeNumberField(
      {
        className: "hsj-field hsj-short",
        placeholder: "none",
        empty: extra.empty,
        commit: (value) => void set(value),
        complain: say,
      },
      signal,
    );
    const { value } = extra;
    write = () => field.draw(show(value), exactly(value), `${name} ${extra.name}`, false);
    write();
    line(make("span", { className: "hsj-name" }, {}, extra.name), field.el, words);
  }
  if (inModel) {
    perPixel();
    window_();
  }
  el.append(box);

  function perPixel(): void {
    const place = model.get("spec").components.findIndex((one) => one.id === id);
    const on = make("input", { type: "checkbox" }, { "aria-label": `${name} active per pixel` });
    on.addEventListener(
      "change",
      async () => {
        await ask({ kind: "per_pixel", component: id, value: on.checked });
        draw();
      },
      { signal },
    );
    line(
      make(
        "label",
        { className: "hsj-free", title: "switch it at every pixel by itself" },
        {},
        on,
        "active is kept for each pixel",
      ),
    );
    const draw = () => {
      on.checked = model.get("per_pixel")[place] ?? false;
    };
    store.watch(["per_pixel"], draw, signal);
    draw();
  }

  function window_(): void {
    let ends: [number | null, number | null] = [null, null];
    const fields = ([0, 1] as const).map((end) =>
      makeNumberField(
        {
          className: "hsj-field hsj-short",
          placeholder: end === 0 ? "from" : "to",
          empty: true,
          commit: (value) => {
            ends[end] = value;
            draw();
          },
          complain: say,
        },
        signal,
      ),
    );
    const draw = () =>
      fields.forEach((field, end) => {
        const value = ends[end] ?? null;
        field.draw(
          show(value),
          exactly(value),
          `${name} ${end === 0 ? "window from" : "window to"}`,
          false,
        );
      });
    const button = (text: string, title: string, press: () => void) => {
      const attributes = { "aria-label": `${text}: ${name}` };
      const made = make(
        "button",
        { type: "button", className: "hsj-button", title },
        attributes,
        text,
      );
      made.addEventListener("click", press, { signal });
      return made;
    };
    const send = (kind: string) => () => {
      const [low, high] = ends;
      void ask({ kind, component: id, low, high });
    };
    const guess = button("Estimate", "start values from the data in the window", send("estimate"));
    const fit = button(
      "Fit this",
      "fit it alone, in the window; the others stay",
      send("fit_component"),
    );
    // A part of an image would have four ends: there all of it counts, as far as fits look.
    if (dimensions > 1) {
      guess.title = "start values from the image";
      fit.title = "fit it alone; the others stay";
      line(guess, fit);
      return;
    }
    line(
      make("span", { className: "hsj-name" }, {}, "window"),
      ...fields.map((field) => field.el),
      button("Drag", "drag the window over the plot", () => {
        const nobody = post("wanted", { key: model.get("key"), component: id, name });
        say(nobody ? "no plot of this model is on the page; show it with m.plot()" : "");
      }),
      guess,
      fit,
    );
    hear(
      "span",
      (span) => {
        if (span.key !== model.get("key") || span.component !== id) return;
        ends = [span.low, span.high];
        draw();
      },
      signal,
    );
    draw();
  }
}

/** All digits of a number, which its field rounds. */
function exactly(value: number | null): string {
  return value === null ? "none" : String(value);
}
