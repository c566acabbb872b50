"""Tests of matching: mirrors bot/matching."""
