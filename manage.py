#!/usr/bin/env python
"""Django's commands. Addresses and keys come from the environment; ``chedai manage`` fills it."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Hand the words of the command line to Django."""
    sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chedai.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
