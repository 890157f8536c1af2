"""Sources are found by the words of title and address, as claims are by theirs."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Concat

import claims.models.search


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_doors")]

    operations = [
        migrations.AddIndex(
            model_name="source",
            index=django.contrib.postgres.indexes.GinIndex(
                claims.models.search.FoundBy(Concat("title", models.Value(" "), "url")),
                gin_pending_list_limit=256,
                name="source_words",
            ),
        ),
    ]
