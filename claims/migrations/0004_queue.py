"""The queue: who has a review and until when, its due time, its place; people's own views of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = (
    "claim_opened",
    "claim_edited",
    "claim_closed",
    "claim_reopened",
    "claim_linked",
    "opened",
    "hidden",
    "appearance_added",
    "article_added",
    "origin_added",
    "origin_edited",
    "source_added",
    "source_edited",
    "evidence_added",
    "evidence_edited",
    "evidence_withdrawn",
    "evidence_attested",
    "quote_state_changed",
    "link_state_changed",
    "snapshot_taken",
    "looked_by_hand",
    "flag_raised",
    "review_opened",
    "review_assigned",
    "review_due_set",
    "review_stands",
    "review_ended",
    "status_changed",
    "ground_changed",
    "basis_changed",
    "proposed",
    "proposal_voided",
    "proposal_withdrawn",
    "signed_off",
    "redacted",
    "desk_added",
    "person_added",
    "person_ended",
    "membership_set",
    "token_issued",
    "token_revoked",
)

# Every change of a claim ends by raising its revision: then its review's place is reckoned anew,
# by whoever next looks at the queue. Unconditional, so that it waits for one who is reckoning it.
PLACE = """
CREATE FUNCTION review_place_anew() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.claims_review SET counts_from_at = NULL
        WHERE claim_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER review_place_anew AFTER UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.revision <> NEW.revision) EXECUTE FUNCTION review_place_anew();
"""
NO_PLACE = "DROP TRIGGER review_place_anew ON claims_claim; DROP FUNCTION review_place_anew();"


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_archive_and_pace")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_reviews",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="counts_from_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(taken_until_at__isnull=True) | models.Q(taken_by__isnull=False),
                name="review_taken_by_somebody",
            ),
        ),
        migrations.RemoveIndex(model_name="review", name="review_open"),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["counts_from_at", "id"],
                name="review_open_in_order",
                condition=models.Q(ended_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["due_at"],
                name="review_open_due",
                condition=models.Q(ended_at__isnull=True, due_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="flag", index=models.Index(fields=["cause"], name="flag_by_cause")
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[(kind, kind) for kind in KINDS], default="claim_opened", max_length=32
            ),
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, default="", max_length=300)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(removed_at__isnull=True),
                        fields=("user", "name"),
                        name="savedview_name_once",
                    )
                ]
            },
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("decided_at__isnull", True)),
                fields=["desk", "id"],
                name="claim_never_decided",
            ),
        ),
        migrations.RunSQL(PLACE, NO_PLACE),
    ]
