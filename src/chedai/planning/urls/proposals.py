from __future__ import annotations

from django.urls import path

from chedai.planning.views import customer, proposal_making, proposals

urlpatterns = [
    path("deals/<str:deal_number>/proposals/", proposal_making.proposals, name="proposals"),
    path("proposals/<str:number>.pdf", proposals.proposal_pdf, name="proposal_pdf"),
    path("proposals/<str:number>/", proposals.proposal, name="proposal"),
    path("proposals/<str:number>/links/", proposals.proposal_links, name="proposal_links"),
    path(
        "proposals/<str:number>/links/<int:link_id>/revocation/",
        proposals.proposal_link_revocation,
        name="proposal_link_revocation",
    ),
    path("p/<str:token>/", customer.customer_proposal, name="customer_proposal"),
    path(
        "p/<str:token>/proposal.pdf", customer.customer_proposal_pdf, name="customer_proposal_pdf"
    ),
    path("verify/", customer.verify, name="verify"),
    path("verify/<str:code>/", customer.verify_code, name="verify_code"),
]
