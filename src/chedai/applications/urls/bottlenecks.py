from __future__ import annotations

from django.urls import path

from chedai.applications.views import bottlenecks

urlpatterns = [
    path("bottlenecks/", bottlenecks.bottlenecks, name="bottlenecks"),
    path("bottlenecks/deals/", bottlenecks.bottleneck_deals, name="bottleneck_deals"),
]
