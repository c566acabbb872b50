"""YAML files to one immutable knowledge base."""

from bot.knowledge.loader import load
from bot.knowledge.model import KnowledgeBase

__all__ = ["KnowledgeBase", "load"]
