from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_ledger_chain")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="elapsed_ms",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="may_archive",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["sha256", "id"], name="snapshot_by_body"),
        ),
        migrations.RemoveIndex(model_name="watch", name="watch_due"),
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at", "host"],
                name="watch_due",
            ),
        ),
        # Two updates a recheck: room on each page lets the lease's stay there, indexes untouched.
        migrations.RunSQL(
            "ALTER TABLE claims_watch SET (fillfactor = 60)",
            "ALTER TABLE claims_watch RESET (fillfactor)",
        ),
    ]
