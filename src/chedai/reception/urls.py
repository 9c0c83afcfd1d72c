from __future__ import annotations

from django.urls import path

from chedai.reception import views

app_name = "reception"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("visits/new/", views.visit_new, name="visit_new"),
    path("visits/", views.visits, name="visits"),
    path("deals/", views.deal_list, name="deal_list"),
    path("deals/<str:deal_number>/need/", views.need, name="need"),
    path("deals/<str:deal_number>/need/sentences/", views.need_sentences, name="need_sentences"),
    path("deals/<str:deal_number>/need/answers/", views.need_answers, name="need_answers"),
    path("deals/<str:deal_number>/need/chips/", views.need_chips, name="need_chips"),
    path(
        "deals/<str:deal_number>/need/confirmation/",
        views.need_confirmation,
        name="need_confirmation",
    ),
    path("deals/<str:deal_number>/need/versions/", views.need_versions, name="need_versions"),
]
