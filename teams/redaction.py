"""Taking somebody's words out of whatever kept them (domain.md §5): titles, comments, history, letters, undo, drafts.

Every text column of our own apps is searched, those of models written tomorrow too; what may keep words for ever is
listed with a reason. Words are matched as they were written. Very short ones are left: “Yes” is everybody's.
"""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

OURS = ["teams", "backlog", "sprints", "research", "config"]
SHORTEST = 12  # letters
AT_ONCE = 50  # words looked for in one statement
LONGEST_SEARCH = "60s"  # more than a page may take: a promise is being kept

KEEPS = {  # app.Model.field → why nobody's words are in it
    "research.Observation.text": "the row itself is deleted; other people may have said the same",
    "research.Session.code": "the code is what a tombstone keeps",
}


def take_out(words, instead):
    """Put `instead` wherever these words stand. Call it in the transaction that deletes their source."""
    wanted = sorted({one for one in words if len(one) >= SHORTEST}, key=len, reverse=True)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_SEARCH}'")
        cursor.execute("SET LOCAL throughline.takes_words_out = 'yes'")  # rows that never change give way to this alone
        for start in range(0, len(wanted), AT_ONCE):
            for model, fields in columns().items():
                _take_out_of(cursor, model, fields, wanted[start : start + AT_ONCE], instead)
        cursor.execute("SET LOCAL throughline.takes_words_out = 'no'")


def columns() -> dict:
    """Each of our models with the columns in which words may stand."""
    found = {}
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        fields = [field for field in model._meta.concrete_fields if _may_hold_words(model, field)]
        if fields:
            found[model] = fields
    return found


def _may_hold_words(model, field) -> bool:
    if f"{model._meta.label}.{field.name}" in KEEPS or isinstance(field, models.GeneratedField):
        return False
    if isinstance(field, ArrayField):
        return _is_free_text(field.base_field)
    return isinstance(field, models.JSONField) or _is_free_text(field)


def _is_free_text(field) -> bool:
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
    return text and not field.choices and (field.max_length or 10_000) >= SHORTEST and not field.unique


def _take_out_of(cursor, model, fields, words, instead):
    table = connection.ops.quote_name(model._meta.db_table)
    changes, tests, sent, asked = [], [], [], []
    for field in fields:
        column, kind = connection.ops.quote_name(field.column), field.db_type(connection)
        is_json = isinstance(field, models.JSONField)
        spelled = [_as_json(one) for one in words] if is_json else words
        inside = f"{column}::text"
        for one in spelled:
            inside = f"replace({inside}, %s, %s)"
            sent += [one, instead]
        limit = getattr(field, "max_length", None)
        changes.append(f"{column} = ({f'left({inside}, {limit})' if limit else inside})::{kind}")
        tests.append(f"{column}::text LIKE ANY(%s)")
        asked.append([f"%{_as_pattern(one)}%" for one in spelled])
    cursor.execute(f"UPDATE {table} SET {', '.join(changes)} WHERE {' OR '.join(tests)}", [*sent, *asked])


def _as_json(text: str) -> str:
    """As it stands inside a jsonb value once that is written as text."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _as_pattern(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
