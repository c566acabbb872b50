"""Tests of the knowledge base: mirrors bot/knowledge."""
