"""The measurements as a table that says what was promised (performance.md §5) and whether it was kept."""

from statistics import median

from tests.bench.pages import BOARD, CARD, FILTERS, ITEM, LAST, LIST, MIDDLE, MOVE, PLAYBACK, SCORE, SEARCHES, STORIES

AGAINST_FLOOR = {  # what must hold: times the floor's CPU, and its p50 where one is promised
    LIST: ("G1", 2.0, 1.9),
    MIDDLE: ("G1", 2.0, 1.9),
    LAST: ("G1", 2.0, 1.9),
    ITEM: ("G3", 1.2, None),
    SCORE: ("G4", 1.5, None),
    MOVE: ("G5", 1.7, None),
    CARD: ("G5", 1.7, None),
    BOARD: ("G2", 1.5, None),
    STORIES: ("G1", 2.0, 1.9),
}
STATEMENTS = 8  # G7, for a page
MOVED = {"rows": 3, "statements": 12, "WAL": 8192, "reply": 5000}  # G5
THROUGHPUT, MEMORY = 0.40, 220  # G8 times the floor's, G9 in MiB
SIZES = [10_000, 100_000, 1_000_000]  # the columns of GROWTH
GROWTH = {
    **dict.fromkeys((LIST, MIDDLE, LAST, ITEM, SCORE, MOVE), (1.1, 1.15, 1.25)),
    **dict.fromkeys(FILTERS, (1.2, 1.5, 2)),
    **dict.fromkeys(SEARCHES, (1.5, 2, 4)),
}


def text(sizes, rounds, efforts, through, memory) -> str:
    found = {(target.site, target.name, target.size): target for target in rounds[0]}
    return "\n".join(
        [
            *_against_floor(found, sizes[-1], rounds, efforts),
            *(_growth(found, sizes, rounds) if len(sizes) > 1 else []),
            *_whole(through, memory),
        ]
    )


def _against_floor(found, size, rounds, efforts):
    yield f"\nAgainst the floor, at {size:,} opportunities: medians of ratios within each of {len(rounds)} rounds"
    heads = f"{'CPU':>7}{'p50':>7}{'floor':>7}{'ms CPU':>8}{'KB':>7}{'SQL':>6}{'rows':>6}{'WAL KB':>8}"
    yield f"{'':32}{heads}  promised"
    for (site, name, at), target in found.items():
        if at != size:
            continue
        base = found["floor", target.floor, size]
        cpu, p50 = (_ratio(rounds, target, base, what) for what in ("cpu", "p50"))
        goal, *most = AGAINST_FLOOR.get(name, ("", None, None))
        line = f"{goal:4}{name:28}{cpu:7.2f}{p50:7.2f}{target.floor:>7}"
        line += f"{_median(rounds, target, 'cpu') * 1000:8.2f}{_median(rounds, target, 'bytes') / 1000:7.1f}"
        if site == "product":
            done = efforts[target.name, size]
            line += f"{done.statements:6}{done.rows:6}{done.wal / 1024:8.1f}  "
            line += _kept([(cpu, most[0]), (p50, most[1])], "CPU and p50 at most" if goal == "G1" else "CPU at most")
            if name == BOARD:
                line += "  " + _kept([(_median(rounds, target, "bytes"), 300_000)], "bytes at most")
            if target.floor != "(d2)" and name != PLAYBACK:
                line += "  " + _kept([(done.statements, STATEMENTS)], "statements at most")
        yield line
    move = found["product", MOVE, size]
    done = efforts[MOVE, size]
    is_ = (done.rows, done.statements, done.wal, _median(rounds, move, "bytes"))
    yield "G5  a move: " + _kept(
        list(zip(is_, MOVED.values(), strict=True)), "rows written, statements, WAL and reply at most"
    )


def _growth(found, sizes, rounds):
    first, *larger = sizes
    yield f"\nGrowth: CPU at each size against the same page's at {first:,}"
    yield f"{'':32}" + "".join(f"{size:>12,}" for size in larger) + "  promised"
    for (site, name, size), base in found.items():
        if site != "product" or size != first or name not in GROWTH:
            continue
        ratios = [_ratio(rounds, found[site, name, one], base, "cpu") for one in larger]
        most = [dict(zip(SIZES, GROWTH[name], strict=True)).get(one) for one in larger]
        yield (
            f"{'':4}{name:28}"
            + "".join(f"{ratio:12.2f}" for ratio in ratios)
            + "  "
            + _kept(list(zip(ratios, most, strict=True)), "at most")
        )


def _whole(through, memory):
    rate = median(product / floor for product, floor in through)
    yield f"\nG8  first page over two connections: {rate:.2f} of the floor's answers a second; "
    yield f"    {_kept([(-rate, -THROUGHPUT)], 'at least')}"
    product, floor = memory["product"], memory["floor"]
    yield f"G9  PSS of the web server, two workers: {product:.0f} MiB; the floor has {floor:.0f}"
    yield f"    {_kept([(product, MEMORY)], 'at most')}"


def _ratio(rounds, target, base, what):
    return median(getattr(one[target], what) / getattr(one[base], what) for one in rounds)


def _median(rounds, target, what):
    return median(getattr(one[target], what) for one in rounds)


def _kept(pairs, words) -> str:
    """ "CPU at most 2.0: kept", for the pairs (is, must not be above) that promise something."""
    promised = [(is_, most) for is_, most in pairs if most is not None]
    if not promised:
        return ""
    kept = all(is_ <= most for is_, most in promised)
    return f"{words} {', '.join(f'{abs(most):g}' for _, most in promised)}: {'kept' if kept else 'NOT KEPT'}"
