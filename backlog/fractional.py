"""Keys that sort between any two others, so that a move writes one row.

A key is a fraction in base 62 without its "0.": "V" is the middle, and between "V" and "W" lies "VV". The order is
that of the bytes, which is why the column is collated "C". A key never ends in the lowest digit, so there is always
room before it.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
STEP = 6  # digits in which the ends of a list are counted, where halving would grow a digit every sixth time


def between(low: str | None, high: str | None) -> str:
    """A key after `low` and before `high`; None stands for the end of the list. Raises ValueError unless low < high."""
    low = low or ""
    if high is not None and low >= high:
        raise ValueError(f"{low!r} does not come before {high!r}")
    shared = _shared_prefix(low, high)
    if shared:
        return high[:shared] + between(low[shared:] or None, high[shared:])

    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high and len(high) > 1:
        return high[0]
    return DIGITS[first] + between(low[1:] or None, None)


def one_between(low: str | None, high: str | None) -> str:
    """A key between two neighbours of a list that stays short at its ends, however often something is put there."""
    if high is None:
        return after(low)
    return between(low, high) if low else before(high)


def spread(count: int, low: str | None = None, high: str | None = None) -> list[str]:
    """`count` keys between two others, about evenly apart, so that the first moves stay short."""
    if count == 0:
        return []
    middle = between(low, high)
    before = count // 2
    return [*spread(before, low, middle), middle, *spread(count - before - 1, middle, high)]


def after(low: str | None) -> str:
    """A key after `low`, the last of a list: short however often a list is added to."""
    return _counted(low, 1) or between(low, None)


def before(high: str | None) -> str:
    """A key before `high`, the first of a list: short however often something is put on top."""
    return _counted(high, -1) or between(None, high)


def _counted(key, step) -> str:
    """The key's first digits, counted one up or down; empty where that leads out of the list."""
    number = 0
    for digit in (key or between(None, None))[:STEP].ljust(STEP, DIGITS[0]):
        number = number * len(DIGITS) + DIGITS.index(digit)
    number += step if (number + step) % len(DIGITS) else 2 * step
    if not 0 < number < len(DIGITS) ** STEP:
        return ""
    digits = ""
    while len(digits) < STEP:
        number, last = divmod(number, len(DIGITS))
        digits = DIGITS[last] + digits
    return digits


def _shared_prefix(low, high) -> int:
    """How many leading digits are the same, `low` being followed by zeros for ever."""
    shared = 0
    while high is not None and shared < len(high) and (low[shared : shared + 1] or DIGITS[0]) == high[shared]:
        shared += 1
    return shared
