"""Django's own commands, for those who develop: `python -m wenjiuye.platform makemigrations`."""

import os
import sys

from django.core.management import execute_from_command_line

from wenjiuye.platform.config.environment import read_environment
from wenjiuye.platform.database.opening import opened

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenjiuye.platform.config.settings")
with opened(read_environment()) as addresses:
    # Migrations are made and tried as the owner of the tables.
    os.environ["DATABASE_URL"] = addresses.owner
    execute_from_command_line(["wenjiuye", *sys.argv[1:]])
