from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "chedai.privacy"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "隐私保护"
