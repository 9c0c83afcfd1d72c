from __future__ import annotations

from django.urls import path

from chedai.reception.views import needs, visits, voices

app_name = "reception"

urlpatterns = [
    path("today/", visits.today, name="today"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/", visits.visits, name="visits"),
    path("deals/", visits.deal_list, name="deal_list"),
    path("deals/<str:deal_number>/need/", needs.need, name="need"),
    path("deals/<str:deal_number>/need/sentences/", needs.need_sentences, name="need_sentences"),
    path("deals/<str:deal_number>/need/answers/", needs.need_answers, name="need_answers"),
    path("deals/<str:deal_number>/need/chips/", needs.need_chips, name="need_chips"),
    path(
        "deals/<str:deal_number>/need/confirmation/",
        needs.need_confirmation,
        name="need_confirmation",
    ),
    path("deals/<str:deal_number>/need/versions/", needs.need_versions, name="need_versions"),
    path("deals/<str:deal_number>/need/voices/", voices.need_voices, name="need_voices"),
    path(
        "deals/<str:deal_number>/need/voices/choice/",
        voices.need_voice_choice,
        name="need_voice_choice",
    ),
]
