/** The names beside handles: none lies upon another, nor upon a handle. */
import type { Hand } from "./hand";

/** Pixels from a middle to its name and to its rim, of a letter, and of a line of letters. */
const [BESIDE, RIM, LETTER, LINE] = [12, 8, 7, 15];

/** Hide the names that would lie upon others or on a handle, but never the chosen one's. */
export function keepNamesApart(
  width: number,
  points: readonly Hand[],
  chosen: string | null,
): void {
  const taken = points.flatMap(({ id, at }) => {
    const [x, y] = at() ?? [Number.NaN, 0];
    return Number.isFinite(x) ? [{ id, left: x - RIM, right: x + RIM, y }] : [];
  });
  const inOrder = [...points].sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen));
  for (const { id, el, at } of inOrder) {
    const [place, name] = [at(), el.querySelector<HTMLElement>(".hsj-hand-name")];
    if (place === null || name === null) continue;
    const [x, y] = place;
    const long = LETTER * (name.textContent ?? "").length;
    // At the right end of the plot it stands on the other side.
    const turned = x + BESIDE + long > width;
    const left = turned ? x - BESIDE - long : x + BESIDE;
    const meets = taken.some(
      (one) =>
        one.id !== id && left < one.right && one.left < left + long && Math.abs(y - one.y) < LINE,
    );
    name.classList.toggle("hsj-turned", turned);
    name.classList.toggle("hsj-crowded", meets && id !== chosen);
    if (!meets || id === chosen) taken.push({ id, left, right: left + long, y });
  }
}
