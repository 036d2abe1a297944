/** A press of a mouse, a pen or a finger, followed until it is over. */

export type Press = {
  move?(event: PointerEvent): void;
  /** It is over; `kept` is false where the page took it away, or nobody saw its end. */
  end?(event: PointerEvent, kept: boolean): void;
};

/** Follow the pointer of `down`, and no other, wherever on the page it goes. */
export function followPress(down: PointerEvent, { move, end }: Press, signal: AbortSignal): void {
  const ended = new AbortController();
  const until = { capture: true, signal: AbortSignal.any([ended.signal, signal]) };
  const over = (kept: boolean) => (event: PointerEvent) => {
    if (event.pointerId !== down.pointerId) return;
    ended.abort();
    end?.(event, kept);
  };
  const lose = over(false);
  window.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== down.pointerId) return;
      // Let go where no event tells of it, such as over a menu of the browser.
      if (event.buttons === 0) lose(event);
      else move?.(event);
    },
    until,
  );
  window.addEventListener("pointerup", over(true), until);
  window.addEventListener("pointercancel", lose, until);
  window.addEventListener("pointerdown", lose, until);
}
