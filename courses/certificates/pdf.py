"""The certificate as a PDF: the only place that knows Typst.

What people wrote enters as data (JSON in ``sys_inputs``), never as Typst source; the
compiler sees an empty folder, our own fonts, and no packages.  The same certificate
gives the same bytes, so that a copy can be compared with the original.
"""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import segno

import lms
from courses.certificates.models import Certificate
from courses.certificates.rules import official_day
from courses.certificates.wording import LABELS

TEMPLATE = Path(__file__).with_name("certificate.typ")
FONTS = Path(lms.__file__).parent / "static" / "fonts" / "pdf"


def render(certificate: Certificate, verify_address: str) -> bytes:
    """Return the paper, in Vietnamese whatever the reader's language."""
    import typst  # 80 MB that only the first download of a process needs

    source: Any = TEMPLATE.read_bytes()
    with tempfile.TemporaryDirectory() as nothing:
        made: bytes = typst.compile(
            source,
            root=nothing,
            format="pdf",
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            package_path=nothing,
            package_cache_path=nothing,
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(certificate.issued_at.timestamp()),
            sys_inputs={"paper": json.dumps(printed(certificate, verify_address))},
        )
    return made


def printed(certificate: Certificate, verify_address: str) -> dict[str, Any]:
    """Return everything that the paper says about this one certificate."""
    return {
        "issuer": certificate.issuer_name,
        "number": certificate.number,
        "holder": certificate.holder_name,
        "course": certificate.course_title,
        "minutes": certificate.minutes,
        "result": LABELS[certificate.band],
        "completed": official_day(certificate.completed_on),
        "issued": f"{certificate.issuer_place}, {official_day(certificate.issued_on)}",
        "code": certificate.printed_code,
        "address": verify_address,
        "qr": _qr(verify_address),
    }


def _qr(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(
        drawing, kind="svg", border=0, svgclass=None, lineclass=None
    )
    return drawing.getvalue().decode()
