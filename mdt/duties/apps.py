"""App configuration: collects the handlers that the other apps declare in their `duties` modules."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DutiesConfig(AppConfig):
    name = "mdt.duties"
    label = "duties"

    def ready(self) -> None:
        autodiscover_modules("duties")
