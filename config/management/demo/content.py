"""The content of the demo programme, read from the files beside this one."""

import csv
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def table(name):
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tree(name):
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def names(words):
    """What stands between semicolons."""
    return [name for name in map(str.strip, words.split(";")) if name]
