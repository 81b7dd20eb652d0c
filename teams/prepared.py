"""A question that many pages ask, put into SQL once in each process.

Django puts a queryset together and into SQL anew for each request, which on the page of one thing was half of the work.
The SQL depends on the code alone, so what is kept here never goes stale; only the values differ. The rows are those of
the queryset: models, dictionaries or tuples.
"""

import datetime as dt
from copy import copy
from functools import wraps

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.transaction import TransactionManagementError

MARKS = {
    int: lambda turn, place: 30_000 + turn * 1000 + place,
    str: lambda turn, place: f" §Word {turn} {place} ",
    list: lambda turn, place: [30_000 + turn * 1000 + place],  # a PostgreSQL array
}


def prepared(question):
    """Makes a function that gives a queryset for numbers, words and lists of them into one that gives its rows.

    The function is only asked for its SQL, twice for each kind of values. It may look at nothing but them, not at the
    clock either, and must hand each to the database as it is, a list as one array.
    """
    made = {}

    @wraps(question)
    def ask(*values) -> list:
        kinds = tuple(map(_kind, values))
        if kinds not in made:
            made[kinds] = _Prepared(question, kinds)
        return made[kinds].rows(values)

    return ask


def _kind(value) -> type:
    for kind in MARKS:
        if isinstance(value, kind):
            return kind
    raise TypeError(f"Only whole numbers, words and lists can be left open in a prepared question, not {value!r}")


class _Prepared:
    """The SQL of a question. What differs when it is asked with other marks is where the values go."""

    def __init__(self, question, kinds):
        marks, others = ([MARKS[kind](turn, place) for place, kind in enumerate(kinds)] for turn in range(2))
        self.queryset = question(*marks)
        self.compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = self.compiler.as_sql()
        same, params = question(*others).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        pairs = [*zip(marks, others, strict=True)]
        differ = [(at, pair) for at, pair in enumerate(zip(self.params, params, strict=True)) if pair[0] != pair[1]]
        self.open = [(at, type(pair[0]), pairs.index(pair)) for at, pair in differ if pair in pairs]
        handed_on = {mark for _, _, mark in self.open} == {*range(len(kinds))} and len(self.open) == len(differ)
        if same != self.sql or not handed_on or any(isinstance(param, dt.date) for param in params):
            raise ValueError("A prepared question hands on its values as they are, and looks at nothing else")

    def rows(self, values) -> list:
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        if self.queryset.query.select_for_update and compiler.connection.get_autocommit():
            raise TransactionManagementError("What is locked outside of a transaction is free again at once")
        params = [*self.params]
        for at, kind, place in self.open:
            params[at] = kind(values[place])
        compiler.as_sql = lambda: (self.sql, tuple(params))
        asked = self.queryset.all()
        asked.query.get_compiler = lambda using: compiler
        return list(asked)
