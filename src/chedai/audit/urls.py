from django.urls import path

from chedai.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("verification/", views.verification, name="verification"),
]
