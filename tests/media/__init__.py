"""Tests of the media layer; a package, so that they share the clips they make."""
