from __future__ import annotations

from django.urls import path

from chedai.catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("products/", views.product_list, name="product_list"),
    path("products/new/", views.product_new, name="product_new"),
    path("products/<str:code>/", views.product, name="product"),
    path("products/<str:code>/versions/new/", views.version_new, name="version_new"),
    path("products/<str:code>/versions/", views.product_versions, name="product_versions"),
    path("products/<str:code>/withdrawal/", views.product_withdrawal, name="product_withdrawal"),
    path("lenders/<str:code>/products/", views.lender_products, name="lender_products"),
    path("lenders/<str:code>/pack/", views.lender_pack, name="lender_pack"),
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/draft/", views.version_draft, name="version_draft"),
    path(
        "versions/<int:version_id>/submission/", views.version_submission, name="version_submission"
    ),
    path("versions/<int:version_id>/review/", views.version_review, name="version_review"),
    path(
        "versions/<int:version_id>/publication/",
        views.version_publication,
        name="version_publication",
    ),
    path("versions/<int:version_id>/rejection/", views.version_rejection, name="version_rejection"),
    path("draft-rows/<str:list_name>/", views.draft_row, name="draft_row"),
    path("draft-preview/<str:lender_code>/", views.draft_preview, name="draft_preview"),
    path("packs/", views.pack_import, name="pack_import"),
    path("packs/imports/", views.pack_imports, name="pack_imports"),
    path("vehicles/", views.vehicle_list, name="vehicle_list"),
]
