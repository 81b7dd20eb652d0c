"""A workbook as what it is outside: a zip of XML parts. Both can be bombs.

The zip's directory is judged before anything is unpacked, a document type (the only way to declare entities) is
refused, and no tree is built, so that memory stays level whatever the file says. openpyxl builds trees of styles and
rows, so the tests use it and strangers' files do not reach it.
"""

import re
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from django.core.exceptions import ValidationError

from .limits import MAX_PARTS, MAX_RATIO, MAX_UNPACKED

KNOWN_PART = re.compile(r"\[Content_Types\]\.xml|(_rels|docProps|xl|customXml|docMetadata)/[^\\]+")
NESTED = re.compile(r"\.(zip|xlsx|xlsm|xlsb|xls|docx?|pptx?|7z|rar|gz|jar)$|(^|/)embeddings/", re.IGNORECASE)
SMALL = 1024 * 1024  # no need to look at the ratio of a part below it
ALONE = "Save the table alone as .xlsx or CSV and try again"
DAMAGED = "The workbook is damaged. Open it, save it again and try again"
SIGNS_OF_DAMAGE = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive, once its directory has been judged. What a part claims as its size is all that is ever unpacked."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except SIGNS_OF_DAMAGE:
        raise ValidationError(DAMAGED) from None
    parts = archive.infolist()
    names = {part.filename for part in parts}
    for is_wrong, sentence in REFUSALS:
        if is_wrong(parts, names):
            raise ValidationError(sentence)
    return archive


REFUSALS = [
    (
        lambda parts, names: "mimetype" in names,
        "This is an OpenDocument file. Save it as .xlsx or CSV and try again",
    ),
    (
        lambda parts, names: any(part.flag_bits & 1 for part in parts),
        "The file is protected by a password. Remove the password, save it and try again",
    ),
    (
        lambda parts, names: "xl/workbook.xml" not in names,
        "This is a zip file, not a workbook. Save the table as .xlsx or CSV and try again",
    ),
    (
        lambda parts, names: len(parts) > MAX_PARTS or len(names) < len(parts),
        f"The workbook has too many parts. {ALONE}",
    ),
    (
        lambda parts, names: sum(part.file_size for part in parts) > MAX_UNPACKED or any(map(_is_swollen, parts)),
        "The workbook unpacks to far more than its size. Save the table alone as CSV and try again",
    ),
    (
        lambda parts, names: any(map(NESTED.search, names)),
        f"The workbook holds other files. {ALONE}",
    ),
    (
        lambda parts, names: not all(name.endswith("/") or _is_known(name) for name in names),
        f"The workbook holds unknown parts. {ALONE}",
    ),
]


def _is_swollen(part):
    return part.file_size > SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _is_known(name):
    return KNOWN_PART.fullmatch(name) and ".." not in name.split("/")


def walk(archive, part, reader):
    """Feed a part to `reader.start(tag, attributes)`, `.end(tag)` and `.said(text)`; yields after each piece."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda tag, attributes: reader.start(local(tag), attributes)
    parser.EndElementHandler = lambda tag: reader.end(local(tag))
    parser.CharacterDataHandler = reader.said
    try:
        with archive.open(part) as stream:
            while piece := stream.read(65_536):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
            yield
    except SIGNS_OF_DAMAGE:
        raise ValidationError(DAMAGED) from None


def local(name):
    """The name without its namespace: two of them are in use for workbooks."""
    return name.rpartition(" ")[2]


def _refuse_document_type(*_):
    raise ValidationError(
        "The workbook declares entities, which no spreadsheet does. Save the table as CSV and try again"
    )
