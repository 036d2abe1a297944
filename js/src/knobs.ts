/** The handles of one spot: of its position, of its lengths along its own axes, and of its angle. */
import type { Ground } from "./ground";
import { DOT, type Hand, inUnits, makeHand } from "./hand";
import { show } from "./numbers";
import type { Spot } from "./spot";
import { along, angleOf, between, from, type Point, roomFor } from "./turned";

/** Seen to point also where it is turned, unlike a triangle of equal sides. */
const DART = "M9,0L-5,-6L-2,0L-5,6Z";
/** A circle round which an arrow goes. */
const DISC = "M9,0A9,9 0 1 1 -9,0A9,9 0 1 1 9,0Z";
const ROUND = "M3.8,-2.2A4.4,4.4 0 1 0 4.4,0.9M4.9,-5.2L4.1,-1.9L0.8,-2.6";
/** Pixels from the middle to a handle of a length, at least. */
const APART = 15;
/** Pixels from there to the handle of the angle, and from the middle at least. */
const [BEYOND, FAR] = [26, 46];
/** Pixels from the rim of the picture that a handle of the angle keeps. */
const MARGIN = 12;
/** What a key turns, of the thousand steps of a slider: half a turn in all. */
const STEP = Math.PI / 1000;

const isIn = ([x, y]: Point, [width, height]: Point) =>
  x >= 0 && y >= 0 && x <= width && y <= height;

/** The handle of a position. */
export function pointOf(
  spot: Spot,
  ground: Ground,
  label: string,
  choose: (id: string) => void,
  signal: AbortSignal,
): Hand {
  const { store, component, record } = spot;
  const [x = 0, y = 0] = record.position;
  const by = (start: Point, dx: number, dy: number) => {
    const [px, py] = ground.toPixel(start);
    spot.moveTo(ground.toData([px + dx, py + dy]), [dx !== 0, dy !== 0]);
  };
  const acts = {
    where() {
      const at = ground.toPixel(spot.centre());
      const tied = !spot.loose(x) && !spot.loose(y);
      return tied || !spot.active() || !isIn(at, ground.size()) ? null : at;
    },
    drag() {
      const start = spot.centre();
      return (dx: number, dy: number) => by(start, dx, dy);
    },
    step(steps: number, key: string) {
      // Half a pixel of the image a step; up is up, as seen.
      const [wide, tall] = ground.pixel();
      const aside = key === "ArrowLeft" || key === "ArrowRight";
      by(spot.centre(), aside ? (steps * wide) / 2 : 0, aside ? 0 : (-steps * tall) / 2);
    },
    released() {},
    focused: () => choose(component.id),
    words() {
      const [atX, atY] = spot.centre();
      return `x ${show(atX, 5)}, y ${show(atY, 5)}`;
    },
  };
  const title = `${component.name}: drag it; a click shows what else can be dragged`;
  const what = { store, component, slot: x, what: "position", path: DOT, label, title };
  return makeHand(what, null, acts, signal);
}

/** The handles of what a component has beside its position. */
export function knobsOf(spot: Spot, ground: Ground, signal: AbortSignal): Hand[] {
  const { record } = spot;
  const widths = record.widths.flatMap((slot, a) =>
    ([1, -1] as const).map((side) => widthOf(spot, ground, { slot, a, side }, signal)),
  );
  return record.angle === null
    ? widths
    : [angleHand(spot, ground, record.angle, signal), ...widths];
}

/** The length of a spot along one of its axes, and to which side its handle is. */
type Length = { slot: number; a: number; side: 1 | -1 };

const directionOf = (spot: Spot, { a, side }: Pick<Length, "a" | "side">): Point => {
  const [x, y] = spot.axes()[a === 0 ? 0 : 1];
  return [side * x, side * y];
};

/** Where a length ends, in data. */
function tipOf(spot: Spot, { slot, a, side }: Length): Point {
  const [[x, y], [dx, dy]] = [spot.centre(), directionOf(spot, { a, side })];
  const far = (spot.record.reach[a] ?? 1) * spot.store.value(slot);
  return [x + far * dx, y + far * dy];
}

function widthOf(spot: Spot, ground: Ground, length: Length, signal: AbortSignal): Hand {
  const { store, component, record } = spot;
  const { slot, a, side } = length;
  const reach = record.reach[a] ?? 1;
  const ray = () => ground.ray(spot.centre(), directionOf(spot, length));
  const acts = {
    where() {
      if (!spot.loose(slot)) return null;
      const middle = ground.toPixel(spot.centre());
      const tip = ground.toPixel(tipOf(spot, length));
      const far = Math.hypot(...from(middle, tip));
      // Those of a small spot lie beside it, where each can be taken.
      const at = far >= APART ? tip : further(middle, ray(), APART);
      return isIn(middle, ground.size()) && isIn(at, ground.size()) ? at : null;
    },
    drag() {
      const [centre, way] = [spot.centre(), directionOf(spot, length)];
      const [value, tip] = [store.value(slot), ground.toPixel(tipOf(spot, length))];
      return (dx: number, dy: number) => {
        const far = along(from(centre, ground.toData([tip[0] + dx, tip[1] + dy])), way);
        spot.set(slot, Math.max(far / reach, Math.abs(value) / 1e3));
      };
    },
    step: (steps: number) => spot.set(slot, store.value(slot) * 1.01 ** steps),
    released() {},
  };
  const name = component.parameters.find(({ slots }) => slots.includes(slot))?.name ?? "";
  const what = `width, ${name}${side < 0 ? ", other side" : ""}`;
  const title = `${component.name} ${name}: drag it along its axis`;
  const hand = makeHand({ store, component, slot, what, path: DART, title }, null, acts, signal);
  return following(hand, ray, WIDENING);
}

/** What turns a spot, on its first axis. */
function angleHand(spot: Spot, ground: Ground, slot: number, signal: AbortSignal): Hand {
  const { store, component, record } = spot;
  let side: 1 | -1 = 1;
  const [first] = record.widths;
  const ray = (which: 1 | -1) =>
    ground.ray(spot.centre(), directionOf(spot, { a: 0, side: which }));
  const acts = {
    where() {
      const middle = ground.toPixel(spot.centre());
      if (!spot.loose(slot) || !isIn(middle, ground.size())) return null;
      const tip =
        first === undefined ? middle : ground.toPixel(tipOf(spot, { slot: first, a: 0, side: 1 }));
      const far = Math.max(Math.hypot(...from(middle, tip)) + BEYOND, FAR);
      const room = (which: 1 | -1) => roomFor(middle, ray(which), ground.size(), MARGIN);
      // Near the rim it is on the other side; while it is held it does not jump there.
      if (!hand.held()) side = room(1) < FAR && room(-1) > room(1) ? -1 : 1;
      return further(middle, ray(side), Math.min(far, room(side)));
    },
    drag() {
      const [pivot, start] = [spot.pivot(), hand.at() ?? ground.toPixel(spot.centre())];
      const value = store.value(slot);
      const angleAt = (at: Point) => angleOf(from(pivot, ground.toData(at)));
      let [last, turned] = [angleAt(start), 0];
      return (dx: number, dy: number) => {
        const now = angleAt([start[0] + dx, start[1] + dy]);
        // Over half a turn, and over a whole one, it goes on.
        turned += between(last, now);
        last = now;
        spot.set(slot, value + turned);
      };
    },
    step: (steps: number) => spot.set(slot, store.value(slot) + steps * STEP),
    released() {},
    words() {
      const value = store.value(slot);
      return `${inUnits(component, slot, value)} (${show((180 / Math.PI) * value, 4)}°)`;
    },
  };
  const title = `${component.name}: drag it around to turn`;
  const what = { store, component, slot, what: "rotation", path: DISC, sign: ROUND, title };
  const hand = makeHand(what, null, acts, signal);
  return hand;
}

const further = ([x, y]: Point, [dx, dy]: Point, far: number): Point => [
  x + far * dx,
  y + far * dy,
];

/** Cursors of what is drawn apart along a direction: each serves an eighth of a turn. */
const WIDENING = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

/** A handle that points where it is drawn to. */
function following(hand: Hand, ray: () => Point, cursors: readonly string[]): Hand {
  const drawn = hand.el.querySelector("svg");
  return {
    ...hand,
    place() {
      hand.place();
      const [dx, dy] = ray();
      const angle = Math.atan2(dy, dx);
      if (drawn !== null) drawn.style.transform = `rotate(${angle.toFixed(3)}rad)`;
      const eighth = Math.round((4 * angle) / Math.PI);
      hand.el.style.cursor = cursors[((eighth % 4) + 4) % 4] ?? "move";
    },
  };
}

const CORNERS = 48;

/** The ellipse through the ends of a spot's lengths; empty where it has none. */
export function ringOf(spot: Spot, ground: Ground): string {
  const { store, record } = spot;
  const [one, other = one] = record.widths;
  if (one === undefined || other === undefined) return "";
  const [x, y] = spot.centre();
  const [[ax, ay], [bx, by]] = spot.axes();
  const far = [one, other].map(
    (slot, a) => (record.reach[a] ?? record.reach[0] ?? 1) * store.value(slot),
  );
  const corners = Array.from({ length: CORNERS }, (_, k) => {
    const turn = (2 * Math.PI * k) / CORNERS;
    const [u, v] = [Math.cos(turn) * (far[0] ?? 0), Math.sin(turn) * (far[1] ?? 0)];
    const at = ground.toPixel([x + u * ax + v * bx, y + u * ay + v * by]);
    return at.map((n) => n.toFixed(1)).join();
  });
  return `M${corners.join("L")}Z`;
}
