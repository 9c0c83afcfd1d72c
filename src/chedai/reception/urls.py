from __future__ import annotations

from django.urls import path

from chedai.reception.views import day, floor, needs, visits, voices

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
    path("day/", day.day, name="day"),
    path("day/state/", day.day_state, name="day_state"),
    path("day/plans/", day.day_plans, name="day_plans"),
    path("day/jobs/<str:job_key>/lock/", day.day_lock, name="day_lock"),
    path("day/jobs/<str:job_key>/release/", day.day_release, name="day_release"),
    path("day/jobs/<str:job_key>/room/", day.day_room, name="day_room"),
    path("day/tasks/", day.day_tasks, name="day_tasks"),
    path("day/tasks/<int:task_id>/done/", day.day_task_done, name="day_task_done"),
    path("day/tasks/<int:task_id>/later/", day.day_task_later, name="day_task_later"),
    path("floor/", floor.floor, name="floor"),
    path("team/", floor.team, name="team"),
    path("team/<str:username>/profile/", floor.team_profile, name="team_profile"),
    path("team/<str:username>/absences/", floor.team_absences, name="team_absences"),
]
