"""Who sat down: a card read at a registered station, judged here, kept as a record.

An exam says whom it expects; this feature says whether the card was theirs.  A person
still looks at the face: nothing here lets anybody in.
"""
