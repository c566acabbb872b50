"""Tests of the adapters: mirrors adapters."""
