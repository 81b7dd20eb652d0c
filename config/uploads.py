from django.core.files.uploadhandler import FileUploadHandler, SkipFile

LARGEST = 5 * 1024 * 1024 + 1  # one byte more than is taken, so that exactly 5 MB passes


class Cut(FileUploadHandler):
    """Stops writing a file down once it is too large, before it fills a disk. The rest of the form still arrives, so
    that the page can say what was wrong."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.request.upload_was_cut = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None  # the next handler keeps it
