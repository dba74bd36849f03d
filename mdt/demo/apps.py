from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mdt.demo"
    label = "demo"
