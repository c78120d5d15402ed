"""Word (.docx) as Vietnamese teachers write their papers."""
