"""Run several management commands in one process: Django takes a second to start each time.

Called as ``python -m chedai.config.launch.first_steps '["migrate", "--verbosity=0"]' …``.
A command that this installation does not have is passed over. A line with `RECORD_END` closes
what each command said.
"""

from __future__ import annotations

import json
import os
import sys

import django
from django.core.management import call_command, get_commands

from chedai.config.launch.speech import RECORD_END, say


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chedai.config.settings")
    django.setup()
    for argument in arguments:
        name, *words = json.loads(argument)
        if name in get_commands():
            call_command(name, *words)
        say(RECORD_END)


if __name__ == "__main__":
    main(sys.argv[1:])
