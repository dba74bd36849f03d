"""Files that forms bring: kept in memory, never on the disk, and refused unread when they are too large."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class FileTooLarge(RequestDataTooBig):
    """A form that brings a file, and more than any may have."""


class InMemory(MemoryFileUploadHandler):
    """Django's own would put a large file into the folder of temporary files."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:
        if content_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise FileTooLarge("a file that is too large")
        self.activated = True
