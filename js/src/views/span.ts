/** A span, or a rectangle, that a person drags over a plot, with its ends in fields and a button. */
import { type FigureView, isFigure } from "../canvas";
import { make, ownKeys, setText } from "../dom";
import { isMarkView, type Mark, type MarkView, viewsOf } from "../marks";
import { show } from "../numbers";
import { followPress } from "../press";
import type { Store } from "../state";
import { makeNumberField } from "./field";

/** Where a span is drawn: a place on the page, and its axes, x and perhaps y. */
export type Frame = {
  /** The elements over which it is drawn, one for each place where the plot is shown. */
  places(): HTMLElement[];
  /** Names of the axes with their units. */
  names: readonly string[];
  /** The part of the place, from the left or the top, of a value. */
  toPart(axis: number, value: number): number;
  /** … and the value of a part. */
  fromPart(axis: number, part: number): number;
  /** The ends of an axis. */
  limits(axis: number): readonly [number, number];
};

/** Over the plot area of a bqplot figure, the one of a mark. */
export function figureFrame(store: Store, mark: Mark, signal: AbortSignal): Frame {
  const made = new Map<FigureView, HTMLElement>();
  let scale: MarkView["scales"]["x"]["scale"] | null = null;
  let wide = 1;
  let frame = 0;
  const clear = () => {
    for (const place of made.values()) place.remove();
    made.clear();
  };
  const look = async () => {
    const views = await viewsOf(mark);
    if (signal.aborted || store.model.get("span") === null) return clear();
    for (const view of views) {
      if (!isMarkView(view) || !isFigure(view.parent)) continue;
      const { el, margin, plotareaWidth, plotareaHeight } = view.parent;
      // Two views of one plot share it.
      const place =
        el.querySelector<HTMLElement>(":scope > .hsj-over") ??
        make("div", { className: "hsj-over" });
      if (place.parentElement !== el) el.append(place);
      made.set(view.parent, place);
      scale = view.scales.x.scale;
      wide = plotareaWidth;
      Object.assign(place.style, {
        left: `${margin.left}px`,
        top: `${margin.top}px`,
        width: `${wide}px`,
        height: `${plotareaHeight}px`,
      });
    }
    // bqplot tells nobody when it has laid a figure out anew.
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      void look();
    });
  };
  store.watch(["span"], () => void look(), signal);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    clear();
  });
  void look();
  const [left = 0, right = 1] = store.model.get("limits");
  return {
    places: () => [...made.values()],
    names: ["from", "to"],
    toPart: (_, value) => (scale === null ? (value - left) / (right - left) : scale(value) / wide),
    fromPart: (_, part) => scale?.invert?.(part * wide) ?? left + part * (right - left),
    limits: () => [Math.min(left, right), Math.max(left, right)],
  };
}

/** The ends that every view of a plot shows, as long as the kernel asks for this span. */
const shared = new WeakMap<object, number[]>();

/** The smallest width of a span, a part of its axis. */
const LEAST = 1e-3;

/** The span that the kernel asks for, with its bar in `el`; nothing while it asks for none. */
export function spanView(store: Store, frame: Frame, el: HTMLElement, signal: AbortSignal): void {
  let shown = new AbortController();
  const draw = () => {
    shown.abort();
    shown = new AbortController();
    const record = store.model.get("span");
    if (record === null) return;
    const ends = shared.get(record) ?? [...record.ends];
    shared.set(record, ends);
    drawSpan(store, frame, ends, el, shown.signal);
  };
  signal.addEventListener("abort", () => shown.abort());
  store.watch(["span"], draw, signal);
  draw();
}

function drawSpan(
  store: Store,
  frame: Frame,
  ends: number[],
  el: HTMLElement,
  signal: AbortSignal,
): void {
  const record = store.model.get("span");
  if (record === null) return;
  const problem = make("p", { className: "hsj-problem", hidden: true }, { role: "alert" });
  const say = (text: string) => {
    setText(problem, text);
    problem.hidden = text === "";
  };
  const boxes = new Map<HTMLElement, () => void>();
  const set = (k: number, value: number) => {
    const axis = k >> 1;
    const [low, high] = frame.limits(axis);
    const least = LEAST * (high - low);
    const other = ends[k ^ 1] ?? 0;
    const inside = Math.min(high, Math.max(low, value));
    ends[k] = k % 2 === 0 ? Math.min(inside, other - least) : Math.max(inside, other + least);
    update();
  };
  const shift = (axis: number, by: number) => {
    const [low, high] = frame.limits(axis);
    const [a = 0, b = 0] = [ends[2 * axis], ends[2 * axis + 1]];
    const kept = Math.min(high - b, Math.max(low - a, by));
    ends[2 * axis] = a + kept;
    ends[2 * axis + 1] = b + kept;
    update();
  };

  const fields = ends.map((_, k) =>
    makeNumberField(
      {
        className: "hsj-field hsj-end",
        placeholder: "",
        empty: false,
        commit: (value) => set(k, value ?? 0),
        complain: say,
      },
      signal,
    ),
  );
  const button = make("button", { type: "button", className: "hsj-button" }, {}, record.button);
  const cancel = make("button", { type: "button", className: "hsj-button" }, {}, "Cancel");
  const bar = make(
    "div",
    { className: "hsj-spanbar" },
    { role: "group", "aria-label": record.title },
    make("span", {}, {}, record.title),
    ...fields.flatMap((field, k) => [frame.names[k] ?? "to", field.el]),
    button,
    cancel,
  );
  el.prepend(bar, problem);
  const press = async () => {
    say("");
    button.disabled = true;
    const reply = await store.ask({ kind: "span", ends: [...ends] });
    button.disabled = false;
    say(reply.error);
  };
  button.addEventListener("click", () => void press(), { signal });
  cancel.addEventListener("click", async () => say((await store.ask({ kind: "nospan" })).error), {
    signal,
  });

  const update = () => {
    for (const place of frame.places()) {
      const taken = place.querySelector(":scope > .hsj-span") !== null;
      if (!taken) boxes.set(place, makeBox(frame, place, ends, set, shift, signal));
    }
    for (const move of boxes.values()) move();
    fields.forEach((field, k) => {
      const value = ends[k] ?? 0;
      field.draw(show(value, 5), String(value), END_NAMES[k] ?? "end", false);
    });
  };
  let frameId = 0;
  // The plot below may be zoomed, moved, laid out anew, or be shown once more.
  const follow = () => {
    update();
    frameId = requestAnimationFrame(follow);
  };
  follow();
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frameId);
    bar.remove();
    problem.remove();
  });
}

const END_NAMES = [
  "start of the range",
  "end of the range",
  "top of the range",
  "bottom of the range",
];
const KEYS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** The box over one place, with a grip at each end; gives what moves it to the ends. */
function makeBox(
  frame: Frame,
  place: HTMLElement,
  ends: readonly number[],
  set: (k: number, value: number) => void,
  shift: (axis: number, by: number) => void,
  signal: AbortSignal,
): () => void {
  const box = make("div", { className: "hsj-span", title: "drag it, or one of its ends" });
  const two = ends.length > 2;
  const drag = (el: HTMLElement, moves: readonly number[]) => {
    el.addEventListener(
      "pointerdown",
      (down) => {
        if (down.button !== 0) return;
        down.preventDefault();
        down.stopPropagation();
        el.focus();
        const start = [...ends];
        const size = place.getBoundingClientRect();
        const by = (axis: number, event: PointerEvent) =>
          axis === 0
            ? (event.clientX - down.clientX) / size.width
            : (event.clientY - down.clientY) / size.height;
        const to = (k: number, event: PointerEvent) =>
          frame.fromPart(k >> 1, frame.toPart(k >> 1, start[k] ?? 0) + by(k >> 1, event));
        const move = (event: PointerEvent) => {
          for (const k of moves) set(k, to(k, event));
          if (moves.length > 0) return;
          for (let k = 0; k < start.length; k += 2) shift(k >> 1, to(k, event) - (ends[k] ?? 0));
        };
        followPress(down, { move }, signal);
      },
      { signal },
    );
  };
  drag(box, []);
  const sides = two ? ["left", "right", "top", "bottom"] : ["left", "right"];
  sides.forEach((side, k) => {
    const grip = make(
      "span",
      { className: `hsj-grip hsj-${side}`, tabIndex: 0 },
      { role: "slider", "aria-label": `${END_NAMES[k]}, in the plot` },
    );
    ownKeys(grip);
    drag(grip, [k]);
    grip.addEventListener(
      "keydown",
      (event) => {
        const step = KEYS[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const part = frame.toPart(k >> 1, ends[k] ?? 0) + (step * (event.shiftKey ? 10 : 1)) / 200;
        set(k, frame.fromPart(k >> 1, part));
      },
      { signal },
    );
    box.append(grip);
  });
  if (two) {
    for (const [k, l] of [
      [0, 2],
      [1, 2],
      [0, 3],
      [1, 3],
    ] as const) {
      const corner = make("span", { className: `hsj-grip hsj-${sides[k]} hsj-${sides[l]}` });
      drag(corner, [k, l]);
      box.append(corner);
    }
  }
  place.append(box);
  signal.addEventListener("abort", () => box.remove());
  return () => {
    const part = (k: number) => 100 * frame.toPart(k >> 1, ends[k] ?? 0);
    const [a, b] = [part(0), part(1)];
    // An axis may fall.
    Object.assign(box.style, { left: `${Math.min(a, b)}%`, width: `${Math.abs(b - a)}%` });
    box.classList.toggle("hsj-turned", b < a);
    if (two) {
      const [c, d] = [part(2), part(3)];
      Object.assign(box.style, { top: `${Math.min(c, d)}%`, height: `${Math.abs(d - c)}%` });
    }
    box.querySelectorAll("[role=slider]").forEach((grip, k) => {
      const [low, high] = frame.limits(k >> 1);
      grip.setAttribute("aria-valuemin", String(low));
      grip.setAttribute("aria-valuemax", String(high));
      grip.setAttribute("aria-valuenow", String(ends[k] ?? 0));
      grip.setAttribute("aria-valuetext", show(ends[k] ?? 0, 5));
    });
  };
}
