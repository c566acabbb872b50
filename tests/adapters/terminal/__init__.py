"""Tests of the terminal: mirrors adapters/terminal."""
