from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "chedai.demo"
    verbose_name = "演示"
