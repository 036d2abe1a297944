// A view that takes long to draw lets the other outputs of the page find their models first.
import { afterEach, expect, test, vi } from "vitest";
import { afterOthers } from "../src/others";

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

/** What ipywidgets has on the page: outputs of cells, with these words in them. */
function outputs(...words: string[]): void {
  for (const text of words) {
    const output = document.createElement("div");
    output.className = "jp-OutputArea-output";
    output.textContent = text;
    document.body.append(output);
  }
}

test("it is done at once where only its own output has no view yet", () => {
  outputs("Loading widget...", "a number");
  const draw = vi.fn();
  afterOthers(draw, new AbortController().signal);
  expect(draw).toHaveBeenCalledOnce();
});

test("others look for their models ten times a second, and have looked before it is done", () => {
  vi.useFakeTimers();
  outputs("Loading widget...", "Loading widget...");
  const draw = vi.fn();
  afterOthers(draw, new AbortController().signal);
  vi.advanceTimersByTime(100);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(draw).toHaveBeenCalledOnce();
});

test("a view that is closed meanwhile does nothing", () => {
  vi.useFakeTimers();
  outputs("Loading widget...", "Loading widget...");
  const draw = vi.fn();
  const closed = new AbortController();
  afterOthers(draw, closed.signal);
  closed.abort();
  vi.runAllTimers();
  expect(draw).not.toHaveBeenCalled();
});
