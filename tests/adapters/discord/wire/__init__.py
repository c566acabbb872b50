"""Tests of Herald over a real network: a process of its own against the loopback Discord."""
