"""Which roles exclude each other, to begin with; an administrator may add more."""

from django.db import migrations

PAIRS = (
    ("accountant", "approver", "审批与付款分开 / approval and payment are kept apart"),
    ("accountant", "reviewer", "审核与付款分开 / review and payment are kept apart"),
    ("administrator", "approver", "管理帐号的不审批 / who makes accounts does not approve"),
    ("administrator", "accountant", "管理帐号的不付款 / who makes accounts does not pay"),
    ("administrator", "reviewer", "管理帐号的不审核 / who makes accounts does not review"),
    ("auditor", "clerk", "审计只读 / the auditor changes nothing"),
    ("auditor", "reviewer", "审计只读 / the auditor changes nothing"),
    ("auditor", "approver", "审计只读 / the auditor changes nothing"),
    ("auditor", "accountant", "审计只读 / the auditor changes nothing"),
    ("auditor", "policy", "审计只读 / the auditor changes nothing"),
    ("auditor", "administrator", "审计只读 / the auditor changes nothing"),
)


def fill(apps, schema_editor):
    """Add the pairs."""
    model = apps.get_model("accounts", "IncompatibleRoles")
    model.objects.bulk_create(model(first=a, second=b, reason=why) for a, b, why in PAIRS)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
