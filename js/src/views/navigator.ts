/** The map one navigates by: a picture, or a line, of a number for every pixel, with a marker. */
import { gradient, inWords, paint, rangeOf, shade } from "../colours";
import { make, ownKeys, setText } from "../dom";
import { show } from "../numbers";
import type { MapRecord } from "../schema.gen";
import type { Store } from "../state";
import { trace } from "../trace";
import { float64, hearPatches } from "../wire";
import { type Pixel, positionOf } from "./pixel";

/** Pixels of the screen that the longer side of a map has. */
const SIDE = 240;
/** … and the height of a line. */
const LOW = 90;
/** Milliseconds between two looks at the range of the colours, while patches come. */
const STEADY = 1000;
const FAILED = 0xff2828c6;
const LINE = "#2a7fc1";
const STEPS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Map, chooser and colour scale, drawn into `el`; nothing where there is no map. */
export function navigatorView(
  store: Store,
  pixel: Pixel,
  el: HTMLElement,
  say: (text: string) => void,
  signal: AbortSignal,
): void {
  const first = store.model.get("map");
  if (first === null) return;
  const canvas = make("canvas", {}, { "aria-hidden": "true" });
  const marker = make("span", { className: "hsj-marker" }, { "aria-hidden": "true" });
  const field = make(
    "div",
    { className: "hsj-map", tabIndex: 0, title: "click, drag, or use the arrow keys" },
    { role: "application", "aria-label": "map", "data-hsj-focus": "map" },
    canvas,
    marker,
  );
  ownKeys(field);
  const chooser = make(
    "select",
    { className: "hsj-choice" },
    { "aria-label": "what the map shows" },
  );
  const low = make("span");
  const high = make("span");
  const bar = make("span", { className: "hsj-bar" }, { "aria-hidden": "true" });
  bar.style.background = gradient();
  const scale = make("div", { className: "hsj-scale" }, {}, low, bar, high);
  const lost = store.model.get("kind") === "samfire" ? "no good fit" : "could not be fitted";
  const square = make("span", { className: "hsj-key hsj-square" }, { "aria-hidden": "true" });
  const key = make("div", { className: "hsj-gone", hidden: true }, {}, square, lost);
  const words = make("output", { className: "hsj-place" });
  const play = make(
    "button",
    { type: "button", className: "hsj-button", title: "go from pixel to pixel" },
    { "aria-label": "play through the pixels", "aria-pressed": "false", "data-hsj-focus": "play" },
    "▶",
  );
  const box = { className: "hsj-navigator" };
  el.append(
    make(
      "div",
      box,
      {},
      make("div", { className: "hsj-chooser" }, {}, chooser, play),
      field,
      scale,
      key,
      words,
    ),
  );
  playView(play, pixel, signal);

  let image: ImageData | null = null;
  let range: [number, number] | null = null;
  let ranged = 0;
  let shown: Shown = {
    record: first,
    numbers: new Float64Array(),
  };
  const isLine = () => (shown.record.shape[1] ?? 1) === 1;
  const size = (): readonly [number, number] => [
    shown.record.shape[0] ?? 1,
    shown.record.shape[1] ?? 1,
  ];

  const read = (x: number, y: number): string => {
    const [nX] = size();
    const at = [x, y].slice(0, pixel.axes.length).map((index, a) => {
      const axis = pixel.axes[a];
      return axis
        ? `${axis.name || `axis ${a}`} = ${show(positionOf(axis, index), 5)} ${axis.units}`.trim()
        : "";
    });
    const number = tell(shown.record, shown.numbers[y * nX + x] ?? Number.NaN);
    const failed = shown.record.failed.includes(y * nX + x) ? ` · ${lost}` : "";
    return `${at.join(", ")}: ${number}${failed}`;
  };
  const mark = () => {
    const [nX, nY] = size();
    const [x = 0, y = 0] = pixel.here();
    const row = isLine() ? 0 : y;
    Object.assign(marker.style, {
      left: `${(100 * x) / nX}%`,
      top: `${(100 * row) / nY}%`,
      width: `${100 / nX}%`,
      height: `${100 / nY}%`,
    });
    setText(words, read(x, row));
    field.setAttribute("aria-description", words.textContent ?? "");
  };
  const draw = () => {
    const record = store.model.get("map");
    if (record === null) return;
    shown = { record, numbers: float64(store.model.get("map_values")) };
    const [nX, nY] = size();
    const { ends } = record;
    range = ends ? [ends.low, ends.high] : rangeOf(shown.numbers);
    ranged = performance.now();
    field.classList.toggle("hsj-line-map", isLine());
    key.hidden = record.failed.length === 0;
    const [from, to] = range ? wordsOf(shown, range, isLine()) : ["", "nothing is known yet"];
    setText(low, from);
    setText(high, to);
    scale.classList.toggle("hsj-plain", isLine() || range === null);
    if (isLine()) drawLine(canvas, shown.numbers, range, record.failed);
    else {
      const zoom = SIDE / Math.max(nX, nY);
      canvas.style.width = `${Math.max(40, nX * zoom)}px`;
      canvas.style.height = `${Math.max(40, nY * zoom)}px`;
      image = drawImage(canvas, shown.numbers, [nX, nY], range, record.failed);
    }
    mark();
  };
  const patch = (which: Uint32Array, values: Float64Array) => {
    if (isLine() || image === null || performance.now() - ranged > STEADY) {
      draw();
      return;
    }
    const [nX, nY] = size();
    const words = new Uint32Array(image.data.buffer);
    const word = shade(range);
    let top = nY;
    let end = 0;
    which.forEach((place, k) => {
      shown.numbers[place] = values[k] ?? Number.NaN;
      words[place] = word(values[k] ?? Number.NaN);
      const row = Math.floor(place / nX);
      top = Math.min(top, row);
      end = Math.max(end, row + 1);
    });
    // Only the rows that changed go to the screen.
    if (top < end) canvas.getContext("2d")?.putImageData(image, 0, 0, 0, top, nX, end - top);
    mark();
  };
  const choose = () => {
    const record = store.model.get("map");
    if (record === null) return;
    const options = record.choices.map(({ id, name }) => make("option", { value: id }, {}, name));
    const same =
      options.length === chooser.options.length &&
      options.every(
        (option, k) =>
          option.value === chooser.options[k]?.value && option.text === chooser.options[k]?.text,
      );
    if (!same) chooser.replaceChildren(...options);
    if (!store.requests.flying("map")) chooser.value = record.choice;
  };
  chooser.addEventListener(
    "change",
    async () => {
      const message = { kind: "map", choice: chooser.value };
      say((await store.requests.askNewest("map", message)).error);
      choose();
    },
    { signal },
  );

  const at = (event: PointerEvent): readonly [number, number] => {
    const box = field.getBoundingClientRect();
    const [nX, nY] = size();
    const index = (part: number, n: number) => Math.min(n - 1, Math.max(0, Math.floor(part * n)));
    return [
      index((event.clientX - box.left) / box.width, nX),
      isLine() ? 0 : index((event.clientY - box.top) / box.height, nY),
    ];
  };
  const go = (x: number, y: number) => {
    const rest = pixel.here().slice(isLine() ? 1 : 2);
    void pixel.go(isLine() ? [x, ...rest] : [x, y, ...rest]);
  };
  let held = false;
  field.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      held = true;
      field.setPointerCapture?.(event.pointerId);
      go(...at(event));
    },
    { signal },
  );
  field.addEventListener(
    "pointermove",
    (event) => {
      if (held) go(...at(event));
      else setText(words, read(...at(event)));
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    field.addEventListener(
      end,
      () => {
        if (end !== "pointerleave") held = false;
        mark();
      },
      { signal },
    );
  }
  field.addEventListener(
    "keydown",
    (event) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const [x = 0, y = 0] = pixel.here();
      const many = event.shiftKey ? 10 : 1;
      go(x + many * step[0], y + many * step[1]);
    },
    { signal },
  );
  pixel.watch(mark);
  hearPatches(store.model, "map_values", patch, signal);
  store.watch(["map", "map_values"], draw, signal);
  store.watch(["map"], choose, signal);
  choose();
  draw();
}

/** A number in words; one that is a kind by its name. */
function tell({ ends, units }: MapRecord, number: number): string {
  if (!ends || Number.isNaN(number)) return inWords(number, units);
  return number <= ends.low ? ends.below : number >= ends.high ? ends.above : ends.between;
}

type Shown = { record: MapRecord; numbers: Float64Array };

/** What stands at the ends of the colours; a line has its numbers from below to above. */
function wordsOf(
  { record, numbers }: Shown,
  [low, high]: readonly [number, number],
  line: boolean,
): readonly [string, string] {
  const { ends, units } = record;
  if (ends) return [ends.below, ends.above];
  const [from, to] = [show(low, 5), `${show(high, 5)} ${units}`.trim()];
  if (line) return [`from ${from}`, `to ${to}`];
  // The outermost numbers have the colour of the end that they lie beyond.
  const beyond = numbers.some((number) => number < low);
  return [beyond ? `≤ ${from}` : from, numbers.some((number) => number > high) ? `≥ ${to}` : to];
}

/** Milliseconds between two pixels, at least: the kernel's answer is waited for. */
const BEAT = 120;

/** Let a button walk through all pixels, the first axis fastest, round and round. */
function playView(button: HTMLButtonElement, pixel: Pixel, signal: AbortSignal): void {
  let going: AbortController | null = null;
  const walk = async (until: AbortSignal) => {
    while (!until.aborted) {
      const indices = pixel.here();
      for (let a = 0; a < pixel.axes.length; a += 1) {
        indices[a] = ((indices[a] ?? 0) + 1) % (pixel.axes[a]?.size ?? 1);
        if (indices[a] !== 0) break;
      }
      await Promise.all([pixel.go(indices), new Promise((go) => setTimeout(go, BEAT))]);
    }
  };
  button.addEventListener(
    "click",
    () => {
      // Of a walk that was ended the last step may be under way: another one is not the same.
      if (going === null) {
        going = new AbortController();
        void walk(AbortSignal.any([going.signal, signal]));
      } else {
        going.abort();
        going = null;
      }
      setText(button, going ? "⏸" : "▶");
      button.setAttribute("aria-pressed", String(going !== null));
    },
    { signal },
  );
}

function drawImage(
  canvas: HTMLCanvasElement,
  numbers: Float64Array,
  [nX, nY]: readonly [number, number],
  range: [number, number] | null,
  failed: readonly number[],
): ImageData | null {
  if (canvas.width !== nX) canvas.width = nX;
  if (canvas.height !== nY) canvas.height = nY;
  const context = canvas.getContext("2d");
  if (context === null) return null;
  const image = context.createImageData(nX, nY);
  image.data.set(paint(numbers, range));
  // What could not be fitted is not merely empty.
  const words = new Uint32Array(image.data.buffer);
  for (const k of failed) words[k] = FAILED;
  context.putImageData(image, 0, 0);
  return image;
}

function drawLine(
  canvas: HTMLCanvasElement,
  numbers: Float64Array,
  range: [number, number] | null,
  failed: readonly number[],
): void {
  const [wide, high] = [2 * SIDE, LOW];
  canvas.width = 2 * wide;
  canvas.height = 2 * high;
  Object.assign(canvas.style, { width: "100%", height: `${high}px` });
  const context = canvas.getContext("2d");
  if (context === null || range === null) return;
  const [low, top] = range;
  const toX = (k: number) => ((k + 0.5) / numbers.length) * 2 * wide;
  const toY = (value: number) => 2 * high * (0.92 - (0.84 * (value - low)) / (top - low || 1));
  // Fits light and dark: a canvas that is not yet on the page has no colour of its style.
  context.strokeStyle = LINE;
  context.lineWidth = 3;
  context.beginPath();
  trace(Float64Array.from(numbers.keys()), numbers, toX, toY, context);
  context.stroke();
  context.fillStyle = "#c62828";
  for (const k of failed) context.fillRect(toX(k) - 4, 2 * high - 10, 8, 10);
}
