from django.db import migrations, models


class Migration(migrations.Migration):
    """Of blockers handed back before nobody knows who did it, so they stay due by their age."""

    dependencies = [("sprints", "0009_sprints_know_their_velocity")]

    operations = [
        migrations.AddField(
            model_name="blocker",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
