"""Figures kept beside the record in the entry's own transaction."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_uses_and_keys")]

    operations: list[Operation] = []
