"""Questions in and out: what teachers already have, brought into the bank and back."""
