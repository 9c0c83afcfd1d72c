from django.urls import path

from chedai.staff import views

app_name = "staff"
urlpatterns = [
    path("users/", views.user_list, name="user_list"),
    path("users/new/", views.user_new, name="user_new"),
    path("users/<str:username>/place/", views.user_place, name="user_place"),
    path("users/<str:username>/closing/", views.user_closing, name="user_closing"),
    path("users/<str:username>/reset/", views.user_reset, name="user_reset"),
]
