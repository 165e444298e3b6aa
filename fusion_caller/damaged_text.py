"""What the decoder and the decompressor raise, as errors that a person can act on."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

# No text holds these, but for text of two bytes a character, which says so in its first bytes.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what the decoder and the decompressor raise into an `InputError`."""
    again = "copy or make it again"
    try:
        yield
    except EOFError:
        raise InputError(
            "the gzip stream ends early, the file is truncated", file=name, remedy=again
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"the gzip stream is damaged ({error})", file=name, remedy=again) from None
    except UnicodeDecodeError as error:
        if _CONTROL.search(error.object) and not error.object.startswith(_UTF_16):
            raise InputError(
                "expected a text table, found a binary file",
                file=name,
                remedy="give the table as CSV or tab-separated text",
            ) from None
        raise InputError(
            f"expected UTF-8 text, found the byte 0x{error.object[error.start]:02x}",
            file=name,
            remedy="save it as UTF-8",
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({cause(error)})", file=name, error=error
        ) from None


def cause(error: Exception) -> str:
    """What the system says, without the path that it repeats."""
    return getattr(error, "strerror", None) or str(error)
