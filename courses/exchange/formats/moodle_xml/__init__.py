"""Moodle XML: ``<quiz>`` with one ``<question>`` after the other, files inside."""
