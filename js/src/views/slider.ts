/** A slider whose range follows the value, and that moves by keys from where the value stands. */
import { make } from "../dom";
import {
  chooseScale,
  fromStep,
  type Room,
  type Scale,
  STEPS,
  serves,
  show,
  stepsOf,
  toStep,
} from "../numbers";
import { followPress } from "../press";

export type Slider = {
  el: HTMLElement;
  /** Show a value. */
  draw(room: Room, label: string, off: boolean): void;
};

/** A slider of a number in `units`; `move` is called with every value on the way. */
export function makeSlider(
  move: (value: number) => void,
  units: string,
  signal: AbortSignal,
): Slider {
  const input = make(
    "input",
    { type: "range", className: "hsj-slider" },
    { min: "0", max: String(STEPS), step: "any" },
  );
  const low = make("span", { className: "hsj-end" }, { "aria-hidden": "true" });
  const high = make("span", { className: "hsj-end" }, { "aria-hidden": "true" });
  const ends = make("div", { className: "hsj-ends" }, {}, low, high);
  const el = make("div", { className: "hsj-range" }, {}, input, ends);
  let scale: Scale | null = null;
  let room: Room = { value: 0, bmin: null, bmax: null, hint: null };
  let holding = false;

  const redraw = () => {
    const ideal = chooseScale(room);
    const { value } = room;
    if (scale === null || (!holding && !serves(scale, ideal, value))) scale = ideal;
    // While it is held the range only grows: under the mouse nothing may jump.
    if (value < scale.low) scale = { ...scale, low: value };
    if (value > scale.high) scale = { ...scale, high: value };
    input.value = String(toStep(scale, value));
    low.textContent = show(scale.low, 4);
    high.textContent = show(scale.high, 4);
    el.classList.toggle("hsj-log", scale.log);
  };
  const release = () => {
    holding = false;
    scale = null;
    redraw();
  };

  // A press that moves nothing makes no `change`.
  const end = () => {
    holding = false;
  };
  input.addEventListener(
    "pointerdown",
    (down) => {
      holding = true;
      followPress(down, { end }, signal);
    },
    { signal },
  );
  input.addEventListener("input", () => scale && move(fromStep(scale, Number(input.value))), {
    signal,
  });
  input.addEventListener("change", release, { signal });
  input.addEventListener("pointercancel", release, { signal });
  input.addEventListener(
    "keydown",
    (event) => {
      const steps = stepsOf(event.key, event.shiftKey, event.altKey);
      if (steps === null || scale === null || input.disabled) return;
      event.preventDefault();
      move(fromStep(scale, toStep(scale, room.value) + steps));
    },
    { signal },
  );

  return {
    el,
    draw(next, label, off) {
      const fresh = room.bmin !== next.bmin || room.bmax !== next.bmax || room.log !== next.log;
      room = next;
      if (fresh && !holding) scale = null;
      redraw();
      input.disabled = off || !(scale !== null && scale.high > scale.low);
      input.setAttribute("aria-label", `${label} slider`);
      const words = show(next.value) || "not known";
      input.setAttribute("aria-valuetext", `${words} ${units}`.trim());
    },
  };
}
