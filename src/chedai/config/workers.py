"""What a worker process runs: ``manage.py procrastinate worker`` reads the same queue."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chedai.config.settings")
django.setup()

from procrastinate.contrib.django import app  # noqa: E402 - needs the settings first

__all__ = ["app"]
