"""Commands about exams."""

import json
import sys

import click
from flask.cli import AppGroup

from courses.exams.models.plan import Exam
from courses.exams.services.marking import audit_exam
from lms.kernel.db import db

exams = AppGroup("exams", help="Supervised exams.")


@exams.command("audit")
@click.argument("exam_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def audit(exam_id: int, as_json: bool) -> None:
    """Check every answer, receipt, seal, state and mark of exam EXAM_ID.

    Ends with status 0 if all are whole, 1 if not, 2 if there is no such exam.
    """
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        click.echo(f"Không có kỳ thi số {exam_id}.", err=True)
        sys.exit(2)
    checked, faults = 0, []
    for audited in audit_exam(exam):
        checked += 1
        faults += [
            {
                "sitting": audited.sitting.id,
                "candidate": audited.sitting.candidate.code,
                "fault": str(finding.fault),
                "where": finding.where,
            }
            for finding in audited.findings
        ]
    if as_json:
        click.echo(json.dumps({"sittings": checked, "faults": faults}))
    else:
        for fault in faults:
            click.echo("SBD {candidate}: {fault} {where}".format(**fault))
        click.echo(f"{checked} lượt thi đã kiểm tra, {len(faults)} chỗ sai.")
    sys.exit(1 if faults else 0)
