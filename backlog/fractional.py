"""Keys that sort between any two others, so that a move writes one row.

A key is a fraction in base 62 without its "0.": "V" is the middle, and between "V" and "W" lies "VV". The order is
that of the bytes, which is why the column is collated "C". A key never ends in the lowest digit, so there is always
room before it.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST = 50  # a longer key asks for its neighbourhood to be spread out again


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


def spread(count: int, low: str | None = None, high: str | None = None) -> list[str]:
    """`count` keys between two others, about evenly apart, so that the first moves stay short."""
    if count == 0:
        return []
    middle = between(low, high)
    before = count // 2
    return [*spread(before, low, middle), middle, *spread(count - before - 1, middle, high)]


def _shared_prefix(low, high) -> int:
    """How many leading digits are the same, `low` being followed by zeros for ever."""
    shared = 0
    while high is not None and shared < len(high) and (low[shared : shared + 1] or DIGITS[0]) == high[shared]:
        shared += 1
    return shared
