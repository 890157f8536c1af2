"""Uses of claims in print, topics, kept answers, checks and anchors of the ledger; links that end."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_watch_by_host"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=255)),
                ("asked", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("body", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerAnchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("place", models.CharField(max_length=300)),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("seq", models.BigIntegerField()),
                ("head", models.BinaryField(max_length=32)),
                ("entries", models.BigIntegerField()),
                ("is_whole", models.BooleanField()),
                ("finding", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        db_default=models.Func(models.Value("US"), function="claims_reference"),
                        editable=False,
                        max_length=9,
                        unique=True,
                    ),
                ),
                ("words", models.TextField()),
                ("relied_seq", models.BigIntegerField()),
                (
                    "relied_status",
                    models.CharField(
                        choices=[
                            ("reported", "reported"),
                            ("corroborated", "corroborated"),
                            ("disputed", "disputed"),
                        ],
                        default="reported",
                        max_length=32,
                    ),
                ),
                (
                    "relied_basis",
                    models.CharField(
                        choices=[
                            ("holds", "holds"),
                            ("in_question", "in_question"),
                            ("lost", "lost"),
                        ],
                        default="holds",
                        max_length=32,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("due_since_at", models.DateTimeField(blank=True, null=True)),
                ("due_reason", models.CharField(blank=True, default="", max_length=300)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("corrected", "corrected"), ("not_needed", "not_needed")],
                        default="",
                        max_length=32,
                    ),
                ),
                ("answer_url", models.URLField(blank=True, default="", max_length=2048)),
                ("answer_note", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="claimlink",
            name="claimlink_once",
        ),
        migrations.AddField(
            model_name="apitoken",
            name="networks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="topic",
            field=models.SlugField(
                blank=True, db_default="", db_index=False, default="", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="claimlink",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="claim",
            name="desk",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="claims.desk",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim_opened", "claim_opened"),
                    ("claim_edited", "claim_edited"),
                    ("claim_closed", "claim_closed"),
                    ("claim_reopened", "claim_reopened"),
                    ("claim_linked", "claim_linked"),
                    ("claim_unlinked", "claim_unlinked"),
                    ("commented", "commented"),
                    ("opened", "opened"),
                    ("hidden", "hidden"),
                    ("appearance_added", "appearance_added"),
                    ("article_added", "article_added"),
                    ("use_recorded", "use_recorded"),
                    ("use_ended", "use_ended"),
                    ("correction_due", "correction_due"),
                    ("correction_answered", "correction_answered"),
                    ("origin_added", "origin_added"),
                    ("origin_edited", "origin_edited"),
                    ("source_added", "source_added"),
                    ("source_edited", "source_edited"),
                    ("source_merged", "source_merged"),
                    ("evidence_added", "evidence_added"),
                    ("evidence_edited", "evidence_edited"),
                    ("evidence_withdrawn", "evidence_withdrawn"),
                    ("evidence_attested", "evidence_attested"),
                    ("quote_state_changed", "quote_state_changed"),
                    ("link_state_changed", "link_state_changed"),
                    ("snapshot_taken", "snapshot_taken"),
                    ("looked_by_hand", "looked_by_hand"),
                    ("flag_raised", "flag_raised"),
                    ("review_opened", "review_opened"),
                    ("review_assigned", "review_assigned"),
                    ("review_due_set", "review_due_set"),
                    ("review_stands", "review_stands"),
                    ("review_ended", "review_ended"),
                    ("status_changed", "status_changed"),
                    ("ground_changed", "ground_changed"),
                    ("basis_changed", "basis_changed"),
                    ("proposed", "proposed"),
                    ("proposal_voided", "proposal_voided"),
                    ("proposal_withdrawn", "proposal_withdrawn"),
                    ("proposal_sent_back", "proposal_sent_back"),
                    ("signed_off", "signed_off"),
                    ("redacted", "redacted"),
                    ("desk_added", "desk_added"),
                    ("person_added", "person_added"),
                    ("person_ended", "person_ended"),
                    ("membership_set", "membership_set"),
                    ("second_factor_set", "second_factor_set"),
                    ("token_issued", "token_issued"),
                    ("token_revoked", "token_revoked"),
                ],
                default="claim_opened",
                max_length=32,
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["desk", "-id", "visibility"], name="claim_desk_newest"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("topic", ""), _negated=True),
                fields=["topic", "-id", "visibility", "desk"],
                name="claim_topic_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("claim", "other", "kind"),
                name="claimlink_once",
            ),
        ),
        migrations.AddField(
            model_name="keptanswer",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ledgeranchor",
            name="noted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="ledgercheck",
            index=models.Index(fields=["-checked_at"], name="ledgercheck_newest"),
        ),
        migrations.AddField(
            model_name="use",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="use",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="claims.article",
            ),
        ),
        migrations.AddField(
            model_name="use",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="claims.claim"
            ),
        ),
        migrations.AddField(
            model_name="use",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="keptanswer",
            index=models.Index(fields=["made_at"], name="keptanswer_oldest"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.UniqueConstraint(fields=("holder", "key"), name="keptanswer_once"),
        ),
        migrations.AddIndex(
            model_name="ledgeranchor",
            index=models.Index(fields=["-noted_at"], name="ledgeranchor_newest"),
        ),
        migrations.AddIndex(
            model_name="use",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("due_since_at__isnull", False)),
                fields=["due_since_at", "id"],
                name="use_correction_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="use",
            constraint=models.CheckConstraint(
                condition=models.Q(("relied_status__in", ["reported", "corroborated", "disputed"])),
                name="use_relied_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="use",
            constraint=models.CheckConstraint(
                condition=models.Q(("relied_basis__in", ["holds", "in_question", "lost"])),
                name="use_relied_basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="use",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["corrected", "not_needed", ""])),
                name="use_answer_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="use",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("article", "claim"),
                name="use_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="use",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)
                    ),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("due_since_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="use_answered_by_somebody",
            ),
        ),
    ]
