"""The way of a list into the platform: template, upload, preview, confirm.

A feature describes what it takes in by one :class:`~lms.kernel.imports.rules.Intake`
and lists it in ``INTAKES`` of ``wsgi.py``; pages, jobs and the audit log are here::

    TEACHERS = Intake(
        name="teachers",                       # /imports/teachers/7
        title=_l("Giáo viên"),
        permission=Permission.SECTION_STAFF,   # asked on the place, at every step
        place=School,                          # or None: the whole site, place_id 0
        sheet=lambda place: TEACHER_SHEET,     # may depend on the place
        plan=plan_teachers,                    # what each row would do
        apply=write_teachers,                  # do it
        rows=teachers_of,                      # optional: what the template holds
    )

    def plan_teachers(task: Task) -> None:
        known = ...                            # ONE query for all rows
        for row in task.rows:
            if row.errors:
                continue
            ...
            row.refuse("code", TeacherRefusal.ELSEWHERE)     # one bad cell, or
            task.mark(row, Change.CHANGED, changed=("title",))    # NEW, SAME

    def write_teachers(task: Task, rows: Sequence[Row]) -> None:
        ...                                    # rows that are NEW or CHANGED

``plan`` must write nothing: it runs for the preview and once more when people confirm,
and what it finds then is what is applied; if that differs from what they saw, they are
shown the new preview instead.  A row that is SAME is left alone, so that taking in a
file again changes nothing.  Both run in a job; ``task.report(done, total)`` moves the
bar in ``plan``, and commits, so that rows loaded before it are loaded anew.

Files and previews hold personal data: they are sealed, and gone after a day.
"""
