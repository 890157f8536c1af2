from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_desk_at_scale")]

    operations = [
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(fields=["host", "due_at"], name="watch_by_host"),
        ),
        # An index of hosts alone holds long lists, and each look took one apart.
        migrations.AlterField(
            model_name="watch",
            name="host",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="claims.host",
            ),
        ),
    ]
