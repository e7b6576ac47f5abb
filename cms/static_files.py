"""Static files with hashed names, compressed once at a strength that a first start can afford."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class QuickCompressor(Compressor):
    """Brotli at 6 of 11: a fiftieth of the time, for files that are nine per cent larger."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=6))


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with the quicker compressor."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return QuickCompressor(**kwargs)
