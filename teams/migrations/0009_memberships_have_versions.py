from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0008_reminders_of_playbacks")]

    operations = [
        migrations.AddField("membership", "version", models.PositiveIntegerField(default=1, editable=False)),
    ]
