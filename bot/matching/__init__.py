"""A question to ranked candidates to a decision."""
