"""A job as its owner sees it: how far it is, what came out, why it failed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BackgroundJob(models.Model):
    """One job. done of total: steps, in the job's own unit. result: name of a file in the folder of results."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("名称"), max_length=200)
    arguments = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    result = models.CharField(max_length=80, blank=True)
    result_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        indexes = [models.Index(fields=["user", "-created_at"], name="job_user_created")]
        constraints = [
            models.CheckConstraint(condition=Q(done__gte=0, total__gte=0), name="job_steps_not_negative"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(state__in=["done", "failed"]),
                name="job_finished_is_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done__gte=F("total")), name="job_done_has_all_steps"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (self.State.DONE, self.State.FAILED)
