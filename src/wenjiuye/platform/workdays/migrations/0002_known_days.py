"""The holidays that are known when the system is set up."""

from django.db import migrations


def fill(apps, schema_editor):
    """Seed the table."""
    from wenjiuye.platform.workdays.seed import seed

    seed()


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
