def drag(page, what, where, *, above=False, below=False, held_at=20):
    """As a hand does: begin, see that it is held, go on, see that it is in the place, `above` it or `below` it, let
    go."""
    start, end = what.bounding_box(), where.bounding_box()
    page.mouse.move(start["x"] + held_at, start["y"] + 12)
    page.mouse.down()
    wander(page, start["x"] + held_at + 20, start["y"] + 20, page.locator(".sortable-ghost"))
    place = where.locator(".sortable-ghost")
    if above or below:
        there = f"#{where.get_attribute('id')}"
        place = page.locator(f".sortable-ghost + {there}" if above else f"{there} + .sortable-ghost")
    wander(page, end["x"] + 40, end["y"] + (5 if above else end["height"] - 5 if below else 20), place)
    page.mouse.up()


def wander(page, x, y, until, tries=100):
    """Move about there until the browser has noticed: it tells pages of a drag in its own time."""
    for turn in range(tries):
        page.mouse.move(x + turn % 3, y + turn % 2, steps=4)
        if until.count():
            return
    raise AssertionError(f"Nothing happened at {x}, {y}")
