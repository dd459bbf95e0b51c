"""How many approvals a sum needs and which share is sampled, to begin with; an administrator may set them otherwise."""

import secrets

from django.db import migrations

BANDS = ((0, 1), (10_000_00, 2), (100_000_00, 3))
PER_MILLE = 20


def fill(apps, schema_editor):
    """Add the rows."""
    band, rate = apps.get_model("claims", "ApprovalBand"), apps.get_model("claims", "SamplingRate")
    band.objects.bulk_create(band(from_fen=fen, approvals=number) for fen, number in BANDS)
    rate.objects.create(starts_on="2020-01-01", per_mille=PER_MILLE, seed=secrets.token_hex(16))


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
