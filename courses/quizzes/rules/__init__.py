"""What may be asked, answered, marked and mended: pure, one module for each thought."""
