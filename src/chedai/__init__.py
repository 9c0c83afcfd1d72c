"""Chedai 车贷: the workbench of the auto-finance advisor 汽车金融顾问."""

__version__ = "0.1.0"
