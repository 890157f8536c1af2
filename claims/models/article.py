"""Texts in which claims appear, and where in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from claims.models.claim import Claim
from claims.models.desk import Desk
from claims.models.fields import reference_field


class Article(models.Model):
    """A text in which claims appear: ours or external."""

    reference = reference_field("AR")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="articles")
    title = models.CharField(max_length=500)
    text = models.TextField()
    language = models.CharField(max_length=16, default="en")
    url = models.URLField(max_length=2048, blank=True, default="")
    external_id = models.CharField(max_length=200, blank=True, default="")
    is_ours = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "external_id"],
                condition=~models.Q(external_id=""),
                name="article_external_id_once",
            )
        ]
        indexes = [
            # what a publishing system has in hand
            models.Index(fields=["url"], name="article_by_url", condition=~models.Q(url=""))
        ]

    @override
    def __str__(self) -> str:
        return self.title


class Appearance(models.Model):
    """A claim's place in an article; `start` and `end` are code-point offsets."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="appearances")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="appearances")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    cue = models.CharField(max_length=200, blank=True, default="")
    hedges = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "article", "start", "end"], name="appearance_once"
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="appearance_not_empty"
            ),
        ]
