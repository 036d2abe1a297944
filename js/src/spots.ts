/** Handles on images: of every position, and of the chosen component its lengths and its angle. */
import { type Axes, type Ground, makeGround } from "./ground";
import { HALF, type Hand } from "./hand";
import { knobsOf, pointOf, ringOf } from "./knobs";
import { keepNamesApart } from "./nametags";
import { shape } from "./overlay";
import { makePicker, type Pressed } from "./picker";
import type { Window } from "./raster";
import type { ImageRecord } from "./schema.gen";
import { makeSpot, type Spot } from "./spot";
import type { Store } from "./state";

export type Spots = {
  /** Put every handle where it belongs now. */
  place(): void;
  /** What a person holds, in words; empty for nothing. */
  held(): string;
};

type Given = {
  store: Store;
  record: ImageRecord;
  axes: Axes;
  /** The part of the image that is shown. */
  part: () => Window;
  say: (text: string) => void;
};

/** The handles over one panel. */
type Panel = {
  ground: Ground;
  svg: SVGSVGElement;
  hands: HTMLElement;
  points: Hand[];
  knobs: Hand[];
  of: string | null;
  /** Reached by the keyboard. */
  first: boolean;
};

/** Pixels that a name is high, and that it keeps from handles. */
const [NAME, GAP] = [16, 10];

/** The component that was chosen last, which it is still when the plot is built anew. */
const chosen = new WeakMap<Store, string | null>();

/** Draw handles over every plane; those of the first are reached by the keyboard. */
export function makeSpots(
  given: Given,
  planes: readonly HTMLElement[],
  signal: AbortSignal,
): Spots {
  const { store, record, axes, part, say } = given;
  const picker = makePicker(say, chosen.get(store));
  picker.watch(() => chosen.set(store, picker.chosen()), signal);
  const spots = store.model.get("spec").components.flatMap((component) => {
    const handles = record.handles[component.id];
    return handles === undefined ? [] : [makeSpot(store, component, handles, axes)];
  });
  const choose = (id: string) => picker.choose(id);
  const panels = planes.map((plane, k): Panel => {
    const ground = makeGround(plane, axes, part);
    const svg = shape("svg", { class: "hsj-axes-drawn", "aria-hidden": "true" });
    const hands = document.createElement("div");
    hands.className = "hsj-hands";
    plane.append(svg, hands);
    const first = k === 0;
    const points = spots.map((spot) => {
      const label = first && record.labels ? spot.component.name : "";
      return reached(pointOf(spot, ground, label, choose, signal), first);
    });
    hands.append(...points.map(({ el }) => el));
    const panel: Panel = { ground, svg, hands, points, knobs: [], of: null, first };
    const pressed: Pressed = { figure: plane, svg, place: ground.place };
    picker.listen(pressed, () => [...panel.knobs, ...points], signal);
    return panel;
  });
  const placeIn = (panel: Panel) => {
    const { ground, svg, points } = panel;
    ground.measure();
    svg.classList.toggle("hsj-armed", store.model.get("span") !== null);
    const spot = spots.find(({ component }) => component.id === picker.chosen());
    const now = spot?.active() ? spot : undefined;
    if (panel.of !== (now?.component.id ?? null)) {
      for (const { el } of panel.knobs) el.remove();
      panel.of = now?.component.id ?? null;
      const knobs = now === undefined ? [] : knobsOf(now, ground, signal);
      panel.knobs = knobs.map((hand) => reached(hand, panel.first));
      points.find(({ id }) => id === panel.of)?.el.after(...panel.knobs.map(({ el }) => el));
    }
    for (const hand of [...points, ...panel.knobs]) {
      hand.place();
      hand.el.classList.toggle("hsj-chosen", hand.id === panel.of);
    }
    drawAxes(panel, now);
    if (!panel.first) return;
    keepNamesApart(ground.size()[0], points, panel.of);
    for (const point of points) clearName(point, panel);
  };
  const place = () => {
    for (const panel of panels) placeIn(panel);
  };
  picker.watch(place, signal);
  store.watch(["linked", "span"], place, signal);
  signal.addEventListener("abort", () => {
    for (const { svg, hands } of panels) for (const one of [svg, hands]) one.remove();
  });
  return {
    place,
    held() {
      const hands = panels.flatMap(({ points, knobs }) => [...points, ...knobs]);
      const el = hands.find((hand) => hand.held())?.el;
      return el === undefined
        ? ""
        : `${el.getAttribute("aria-label")}: ${el.getAttribute("aria-valuetext")}`;
    },
  };
}

/** A handle that the keyboard finds, also after the plot was built anew, or does not. */
function reached(hand: Hand, first: boolean): Hand {
  hand.el.tabIndex = first ? 0 : -1;
  if (first) hand.el.dataset.hsjFocus = hand.el.getAttribute("aria-label")?.replaceAll('"', "'");
  return hand;
}

/** Draw how the chosen spot lies: the line around its lengths, and the stem of what turns it. */
function drawAxes({ ground, svg, knobs }: Panel, spot: Spot | undefined): void {
  const place = (el: Element, d: string) => el.setAttribute("d", d);
  if (svg.childElementCount === 0) {
    svg.append(shape("path", { class: "hsj-ring" }), shape("path", { class: "hsj-stem" }));
  }
  const [ring, stem] = svg.children;
  if (ring === undefined || stem === undefined) return;
  const knob = knobs.find(({ el }) => el.classList.contains("hsj-hand-rotation"))?.at() ?? null;
  if (spot === undefined) for (const el of [ring, stem]) place(el, "");
  else {
    place(ring, ringOf(spot, ground));
    const [x, y] = ground.toPixel(spot.centre());
    place(
      stem,
      knob === null
        ? ""
        : `M${x.toFixed(1)},${y.toFixed(1)}L${knob.map((n) => n.toFixed(1)).join()}`,
    );
  }
}

/** Write the name of the chosen spot below its handles, or above where there is no room. */
function clearName(point: Hand, { ground, knobs, of }: Panel): void {
  const name = point.el.querySelector<HTMLElement>(".hsj-hand-name");
  const [, middle] = point.at() ?? [0, 0];
  const heights = knobs.flatMap((knob) => knob.at()?.[1] ?? []);
  const wanted = point.id === of && heights.length > 0;
  name?.classList.toggle("hsj-clear", wanted);
  if (!wanted) {
    name?.style.removeProperty("top");
    return;
  }
  const below = Math.max(middle, ...heights) + NAME < ground.size()[1];
  const far = below ? Math.max(...heights) - middle : Math.min(...heights) - middle - NAME;
  name?.style.setProperty("top", `${(HALF + far + (below ? GAP : -GAP)).toFixed(0)}px`);
}
