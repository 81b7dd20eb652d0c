from django.conf import settings
from django.db import migrations, models

from sprints.burndown import Step, ledger


def reckon(apps, schema_editor):
    """From the records there are."""
    for sprint in apps.get_model("sprints", "Sprint").objects.exclude(record=None).iterator():
        lines = ledger(Step.from_json(step) for step in sprint.record["steps"])
        sprint.points_done = lines[-1].done if lines else 0
        sprint.save(update_fields=["points_done"])


class Migration(migrations.Migration):
    dependencies = [
        ("sprints", "0008_boards_count_nothing"),
        ("teams", "0007_letters_of_due_escalations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="sprint",
            name="points_done",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(reckon, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="sprint",
            constraint=models.CheckConstraint(
                condition=models.Q(("points_done", None), ("record", None))
                | models.Q(("points_done__isnull", False), ("record__isnull", False)),
                name="a_record_says_how_much_was_done",
            ),
        ),
    ]
