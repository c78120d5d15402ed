"""What lies in a container, read from its table of contents and never unpacked."""

import zipfile
from typing import IO

from lms.kernel.errors import Refused
from media.rules.refusals import MediaRefusal

OFFICE = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
OPENXML = "application/vnd.openxmlformats-officedocument"
OPENXML_TYPES = {
    "docx": f"{OPENXML}.wordprocessingml.document",
    "xlsx": f"{OPENXML}.spreadsheetml.sheet",
    "pptx": f"{OPENXML}.presentationml.presentation",
}
OPENDOCUMENT_TYPES = {
    f"application/vnd.oasis.opendocument.{what}"
    for what in ("text", "spreadsheet", "presentation")
}
END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
END_RECORD_REACH = END_RECORD_BYTES + 65535
LARGEST_DIRECTORY_BYTES = 2 * 1024 * 1024
MOST_ENTRIES = 20_000
LONGEST_TYPE = 200


def office_type(file: IO[bytes]) -> str:
    """Return which office document a ZIP file is, or raise Refused: a plain archive,
    a document with macros, or one whose table of contents cannot be read."""
    _refuse_large_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _office_type(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        raise Refused(MediaRefusal.TYPE_MISMATCH) from None


def _refuse_large_directory(file: IO[bytes]) -> None:
    """A directory is held in memory once opened, so its size is looked at first."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_RECORD_REACH))
    tail = file.read(END_RECORD_REACH)
    at = tail.rfind(END_RECORD)
    record = tail[at : at + END_RECORD_BYTES] if at >= 0 else b""
    if len(record) < END_RECORD_BYTES:
        raise Refused(MediaRefusal.TYPE_MISMATCH)
    entries = int.from_bytes(record[10:12], "little")
    directory_bytes = int.from_bytes(record[12:16], "little")
    if entries > MOST_ENTRIES or directory_bytes > LARGEST_DIRECTORY_BYTES:
        raise Refused(MediaRefusal.TYPE_NOT_ALLOWED)


def _office_type(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(MediaRefusal.TYPE_NOT_ALLOWED)
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            type_ = entry.read(LONGEST_TYPE).decode("ascii", "replace").strip()
        if type_ in OPENDOCUMENT_TYPES:
            return type_
    for part, ending in OFFICE.items():
        if part in names and "[Content_Types].xml" in names:
            return OPENXML_TYPES[ending]
    raise Refused(MediaRefusal.TYPE_NOT_ALLOWED)
