"""The second factor of a local sign-in: a code from an app, or one kept for need.

A password alone opens nothing for staff.  Until the code is right nobody is signed in:
the browser only carries a signed note of whose password was right, for ten minutes.
"""
