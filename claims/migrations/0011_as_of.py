"""What finds an object's entries in the ledger."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_tallies")]

    operations: list[Operation] = []
