"""The mouse in a person's hand."""

from playwright.sync_api import Locator

STEPS = 12


def drag(what: Locator, across: float) -> None:
    """Press on the middle of something, move sideways so many pixels, and let go."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = what.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + across, y, steps=STEPS)
    mouse.up()


def slide(slider: Locator, to: float) -> None:
    """Drag the thumb of a slider from where it is to a share of its width."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    low, high, now = (
        float(slider.evaluate(f"(one) => Number(one.{name})")) for name in ("min", "max", "value")
    )
    y = box["y"] + box["height"] / 2
    mouse = slider.page.mouse
    mouse.move(box["x"] + (now - low) / (high - low) * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + to * box["width"], y, steps=STEPS)
    mouse.up()
