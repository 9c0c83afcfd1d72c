"""Chedai 车贷: the workbench of the auto-finance advisor 汽车金融顾问."""
