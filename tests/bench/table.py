"""The measurements as a table that says what was promised (performance.md §5) and whether it was kept."""

from statistics import median

from tests.bench.targets import SIZES

THROUGHPUT, MEMORY, LINEAR = 0.40, 220, 11  # G8 times the floor's, G9 in MiB, G11 for ten times the rows
NAME = 32  # characters


def text(sizes, rounds, efforts, through, memory, crowd) -> str:
    lines = [
        *_against_floor(rounds, efforts, sizes[-1]),
        *_growth(rounds, sizes),
        *_whole(through, memory),
        *_crowd(crowd),
    ]
    return "\n".join(line.rstrip() for line in lines)


def imports(found) -> str:
    """Each against the first, for as many times its rows."""
    first, *others = found
    lines = [f"\nG11 {first.rows:,} rows imported in {first.seconds:.1f} s"]
    for one in others:
        times, rows = one.seconds / first.seconds, one.rows / first.rows
        most = LINEAR * rows / 10
        lines.append(
            f"G11 {one.rows:,} in {one.seconds:.1f} s: {times:.1f} times. {promised([('times', times, most)])}"
        )
    return "\n".join(lines)


def promised(asked) -> str:
    """ "CPU ≤ 2, SQL ≤ 8: kept", or which of them was not. `asked` are (what, is, at most), None for no promise."""
    asked = [(what, is_, most) for what, is_, most in asked if most is not None]
    broken = [what for what, is_, most in asked if is_ > most]
    words = ", ".join(f"{what} ≤ {most:g}" for what, _, most in asked)
    kept = "NOT KEPT, " + ", ".join(broken) if broken else "kept"
    return words and f"{words}: {kept}"


def _against_floor(rounds, efforts, size):
    yield f"\nAt {size:,} opportunities. CPU and p50 are times the floor’s: medians of {len(rounds)} rounds’ own ratios"
    heads = f"{'CPU':>6}{'p50':>6}{'floor':>9}{'CPU ms':>8}{'kB':>7}{'SQL':>5}{'rows':>5}{'WAL kB':>8}"
    yield f"{'':{NAME}}{heads}  promised"
    floors = {target.name: target for target in rounds[0] if target.site == "floor"}
    for target in rounds[0]:
        if target.size == size:
            yield _line(target, rounds, floors[target.floor], efforts.get((target.name, size)))


def _line(target, rounds, base, effort):
    goal = target.goal
    cpu, p50 = (_ratio(rounds, target, base, what) for what in ("cpu", "p50"))
    spent, reply = (_median(rounds, target, what) for what in ("cpu", "bytes"))
    line = f"{goal.name:4}{target.name:{NAME - 4}}{cpu:6.2f}{p50:6.2f}{target.floor:>9}"
    line += f"{spent * 1000:8.2f}{reply / 1000:7.1f}"
    if effort is None:
        return line
    asked = [("CPU", cpu, goal.cpu), ("p50", p50, goal.p50), ("SQL", effort.statements, goal.statements)]
    asked += [("rows", effort.rows, goal.rows), ("WAL kB", effort.wal / 1000, _thousand(goal.wal))]
    asked += [("kB", reply / 1000, _thousand(goal.reply))]
    return f"{line}{effort.statements:5}{effort.rows:5}{effort.wal / 1000:8.1f}  {promised(asked)}"


def _thousand(most):
    return most and most / 1000


def _growth(rounds, sizes):
    first, *larger = sizes
    if not larger:
        return
    yield f"\nGrowth: CPU at each size, times the same page’s at {first:,}"
    yield f"{'':{NAME}}" + "".join(f"{size:>11,}" for size in larger) + "  promised"
    found = {(target.name, target.size): target for target in rounds[0] if target.site == "product"}
    for (name, size), target in found.items():
        if size == first and target.goal.growth:
            ratios = {one: _ratio(rounds, found[name, one], target, "cpu") for one in larger}
            most = dict(zip(SIZES, target.goal.growth, strict=True))
            line = f"{'':4}{name:{NAME - 4}}" + "".join(f"{ratio:11.2f}" for ratio in ratios.values())
            yield f"{line}  {promised([(f'{one:,}', ratio, most.get(one)) for one, ratio in ratios.items()])}"


def _whole(through, memory):
    rate = median(product / floor for product, floor in through)
    kept = "kept" if rate >= THROUGHPUT else "NOT KEPT"
    yield f"\nG8  first page over two connections: {rate:.2f} of the floor’s answers a second. ≥ {THROUGHPUT:g}: {kept}"
    product, floor = memory["product"], memory["floor"]
    kept = promised([("MiB", product, MEMORY)])
    yield f"G9  the web server and its two workers hold {product:.0f} MiB (PSS); the floor {floor:.0f}. {kept}"


def _crowd(waited):
    if waited:
        middle, last = median(waited), max(waited)
        yield f"{len(waited)} people who open the playback at once wait {middle:.1f} s (median), the last {last:.1f} s"


def _ratio(rounds, target, base, what):
    return median(getattr(one[target], what) / getattr(one[base], what) for one in rounds)


def _median(rounds, target, what):
    return median(getattr(one[target], what) for one in rounds)
