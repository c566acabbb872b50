"""Speed and memory of Herald over the shipped knowledge base: ``python -m benchmarks``."""
