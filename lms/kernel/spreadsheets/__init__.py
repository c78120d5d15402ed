"""Excel files in and out: a sheet is described once, written and read by that.

Describe the columns of a list::

    from lms.kernel.spreadsheets.cells import choice, day, name, text
    from lms.kernel.spreadsheets.sheets import Column, Sheet

    PUPILS = Sheet(
        title="Học sinh",
        columns=(
            Column("code", "Mã học sinh", text(40), required=True, example="7A1-001"),
            Column("full_name", "Họ và tên", name(), required=True),
            Column("birth_date", "Ngày sinh", day(), help="ngày/tháng/năm"),
            Column("gender", "Giới tính", choice({"Nam": "male", "Nữ": "female"})),
        ),
    )

``writing.template(PUPILS)`` is the empty file that people fill in, with a page of help;
``reading.read(PUPILS, file)`` gives the rows, whose ``values`` are by key and whose
``errors`` hold one reason for each bad cell, for ``wording.say``;
``writing.write(title, columns, rows)`` is any list as a file.  A file of another kind,
one with formulas and one that would swell up when opened are refused.

The way of a file through the platform (upload, preview, confirm) is
``kernel.imports``: a feature that takes in a list describes it with a ``Sheet`` and an
``Intake`` there, and needs no page of its own.

``sheets`` holds the words of a description, ``cells`` the parsers.  A parser takes what
stands in a cell (text, float, bool, date) and returns the value or raises ``BadCell``;
write your own as a function where those there do not do.
"""
