"""Where things are on a page, to press and drag them as a person does: once they stand still."""

from playwright.sync_api import FloatRect, Locator

STEPS = 12
# What is scrolled into sight is laid out in the frame after, and may move what lies below.
STANDS_STILL = """(el) => new Promise((done) => {
  let [last, still] = ["", 0];
  const look = () => {
    el.scrollIntoView({ block: "nearest", inline: "nearest" });
    const now = JSON.stringify(el.getBoundingClientRect());
    still = now === last ? still + 1 : 0;
    last = now;
    if (still < 4) requestAnimationFrame(look);
    else done();
  };
  look();
})"""


TRIES = 20


def box_of(of: Locator) -> FloatRect:
    """Where it is, in sight and in some frames at the same place."""
    for _ in range(TRIES):
        of.evaluate(STANDS_STILL)
        box = of.bounding_box()
        if box is not None:
            return box
        # A view that is built anew has another one in its place.
        of.wait_for()
    raise AssertionError(f"{of} does not stay on the page")


def middle_of(of: Locator) -> tuple[float, float]:
    """Where its middle is, in sight and in some frames at the same place."""
    box = box_of(of)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(what: Locator, across: float) -> None:
    """Press on the middle of something, move sideways so many pixels, and let go."""
    x, y = middle_of(what)
    mouse = what.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + across, y, steps=STEPS)
    mouse.up()


def slide(slider: Locator, to: float) -> None:
    """Drag the thumb of a slider from where it is to a share of its width."""
    box = box_of(slider)
    low, high, now = (
        float(slider.evaluate(f"(one) => Number(one.{name})")) for name in ("min", "max", "value")
    )
    y = box["y"] + box["height"] / 2
    mouse = slider.page.mouse
    mouse.move(box["x"] + (now - low) / (high - low) * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + to * box["width"], y, steps=STEPS)
    mouse.up()
