from __future__ import annotations

from django.urls import path

from chedai.applications.views import callbacks, connections, lending

DEAL = "deals/<str:deal_number>/lenders/"
SUBMISSION = "submissions/<str:reference>/"

urlpatterns = [
    path(DEAL, lending.lenders, name="lenders"),
    path(f"{DEAL}sheet/", lending.applicant_sheet, name="applicant_sheet"),
    path(f"{DEAL}files/", lending.deal_files, name="deal_files"),
    path(f"{DEAL}needs/", lending.lender_needs, name="lender_needs"),
    path(f"{DEAL}consents/", lending.lender_consents, name="lender_consents"),
    path(
        f"{DEAL}consents/<int:consent_id>/withdrawal/",
        lending.consent_withdrawal,
        name="consent_withdrawal",
    ),
    path(f"{DEAL}submissions/", lending.submission_list, name="submissions"),
    path(f"{SUBMISSION}step/", lending.submission_step, name="submission_step"),
    path(f"{SUBMISSION}answer/", lending.stipulation_answer, name="stipulation_answer"),
    path("lenders/connections/", connections.connections, name="connections"),
    path("lenders/outbox/", lending.outbox, name="outbox"),
    path("lenders/outbox/<int:message_id>/retry/", lending.outbox_retry, name="outbox_retry"),
    path("lender-callbacks/<slug:lender>/", callbacks.lender_callback, name="lender_callback"),
]
