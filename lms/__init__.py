"""The institution: its people, units and records, and the kernel that all stand on."""
