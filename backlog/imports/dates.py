"""Cells that hold a day or a time: a number whose style says so (ECMA-376 part 1, §18.8.30 and §18.17.4)."""

import datetime as dt
import re

BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NOT_SAID = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')  # words, colours and conditions in a format
DAY_ZERO = dt.datetime(1899, 12, 30)  # so that every day since March 1900 is right, as in every spreadsheet
DAY_ZERO_1904 = dt.datetime(1904, 1, 1)


class Styles:
    """xl/styles.xml: which styles show a number as a day or a time."""

    def __init__(self):
        self.formats = BUILT_IN.copy()
        self.dated = set()  # places in the list of styles, as a cell names its own
        self.count, self.counting = 0, False

    def start(self, tag, attributes):
        if tag == "numFmt" and _is_dated(attributes.get("formatCode", "")):
            self.formats.add(_number(attributes.get("numFmtId")))
        elif tag == "cellXfs":
            self.counting = True
        elif tag == "xf" and self.counting:
            if _number(attributes.get("numFmtId")) in self.formats:
                self.dated.add(str(self.count))
            self.count += 1

    def end(self, tag):
        if tag == "cellXfs":
            self.counting = False

    def said(self, words):
        pass


def _is_dated(code) -> bool:
    return bool(re.search("[dmyhs]", NOT_SAID.sub("", code.lower())))


def _number(digits):
    return int(digits) if digits and digits.isascii() and digits.isdigit() and len(digits) < 9 else None


def said_as_date(number: str, zero: dt.datetime) -> str:
    """ "12 March 2026", "12 March 2026, 2:30pm" or "2:30pm" for a number of days; any other text as it is."""
    try:
        days, minutes = divmod(round(float(number) * 24 * 60), 24 * 60)
        when = zero + dt.timedelta(days=days, minutes=minutes)
    except (ValueError, OverflowError):
        return number
    if days < 0:
        return number
    clock = f"{when.hour % 12 or 12}:{when.minute:02}{'am' if when.hour < 12 else 'pm'}"
    day = f"{when.day} {when:%B %Y}"
    return ", ".join([day] * bool(days) + [clock] * bool(minutes or not days))
