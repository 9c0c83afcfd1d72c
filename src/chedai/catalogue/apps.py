from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "chedai.catalogue"
    verbose_name = "产品库"
    default_auto_field = "django.db.models.BigAutoField"
