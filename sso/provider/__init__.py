"""The VNeID mimic: an OpenID Provider of its own, for development, demos and tests."""
