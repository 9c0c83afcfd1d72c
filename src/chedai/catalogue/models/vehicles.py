from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chedai.catalogue.packs.records import BODY_TYPE_LABELS, POWERTRAIN_LABELS

CONDITION_LABELS = {"new": "新车", "used": "二手车"}
POWER_LABELS = {"combustion": "传统动力", "new_energy": "新能源"}


class Vehicle(models.Model):
    """A variant the group sells, or one particular used car."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    code = models.CharField("代码", max_length=60)
    brand = models.CharField("品牌", max_length=30)
    series = models.CharField("车系", max_length=40)
    variant = models.CharField("车型", max_length=80)
    model_year = models.PositiveSmallIntegerField("年款")
    condition = models.CharField("新旧", max_length=8, choices=CONDITION_LABELS.items())
    body_type = models.CharField("车身", max_length=16, choices=BODY_TYPE_LABELS.items())
    power = models.CharField("动力", max_length=12, choices=POWER_LABELS.items())
    powertrain = models.CharField("动力形式", max_length=8, choices=POWERTRAIN_LABELS.items())
    displacement_cc = models.PositiveIntegerField("排量", null=True, blank=True)
    battery_kwh = models.DecimalField("电池", max_digits=6, decimal_places=2, null=True, blank=True)
    seats = models.PositiveSmallIntegerField("座位")
    curb_weight_kg = models.PositiveIntegerField("整备质量")
    is_on_relief_catalogue = models.BooleanField("在购置税减免目录")
    insurance_first_year_fen = models.BigIntegerField("首年保险估算")
    first_registered_on = models.DateField("首次上牌", null=True, blank=True)
    mileage_km = models.PositiveIntegerField("里程", null=True, blank=True)
    # Everything a person may type to find it: words, their pinyin, its initials.
    search_text = models.CharField(max_length=400)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="vehicle_code_once"),
            models.CheckConstraint(
                condition=Q(
                    condition="new", first_registered_on__isnull=True, mileage_km__isnull=True
                )
                | Q(condition="used", first_registered_on__isnull=False, mileage_km__isnull=False),
                name="vehicle_used_has_age_and_mileage",
            ),
            models.CheckConstraint(
                condition=Q(insurance_first_year_fen__gte=0), name="vehicle_insurance_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "brand", "series", "id"], name="vehicle_by_brand")
        ]

    def __str__(self) -> str:
        return self.code


class VehiclePrice(models.Model):
    """Prices from a day on, until the next row's day."""

    organisation = models.ForeignKey("staff.Organisation", on_delete=models.PROTECT)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="prices")
    effective_from = models.DateField("生效日")
    list_price_fen = models.BigIntegerField("厂商指导价")
    dealer_discount_fen = models.BigIntegerField("常见优惠", default=0)
    asking_price_fen = models.BigIntegerField("标价", null=True, blank=True)
    appraised_price_fen = models.BigIntegerField("评估价", null=True, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "effective_from"], name="vehicle_price_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(list_price_fen__gt=0, dealer_discount_fen__gte=0)
                & Q(dealer_discount_fen__lt=F("list_price_fen")),
                name="vehicle_price_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.effective_from}"
