"""From settings to a running Herald: knowledge base, encoder, compiled index (cached), quotes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from bot.bases import Bases
from bot.errors import EncoderError
from bot.herald import Herald, Snapshot
from bot.knowledge import load
from bot.knowledge.model import KnowledgeBase
from bot.matching import cache, files, quotes, semantic
from bot.matching.compiled import Compiled, Progress, compile_knowledge
from bot.matching.cores import cores
from bot.matching.graft import graft, graftable
from bot.matching.matcher import Matcher
from bot.matching.semantic import Encoder
from bot.matching.signals import Encode
from bot.matching.vectors import Recent, VectorCache
from bot.settings import Settings

__all__ = ["Service", "open_service"]


def _silent(what: str, done: float) -> None:
    del what, done


@dataclass(frozen=True)
class Service:
    """Builds snapshots for one set of settings.

    Attributes:
        encoder: None where Herald runs on the lexical half alone; ``note`` then says why.
        note: one line for the operator, or empty.
    """

    settings: Settings
    encoder: Encoder | None
    note: str
    _bases: Bases = field(default_factory=Bases, init=False, repr=False, compare=False)

    def herald(self, progress: Progress = _silent) -> Herald:
        """Herald over the knowledge base of the settings.

        Raises:
            KnowledgeError: the knowledge base has problems.
        """
        return Herald(self.snapshot(load(self.settings.knowledge_folder), progress))

    def snapshot(self, knowledge: KnowledgeBase, progress: Progress = _silent) -> Snapshot:
        """A knowledge base made ready: by :meth:`ready` where that can be, else by :meth:`whole`."""
        return self.ready(knowledge) or self.whole(knowledge, progress)

    def ready(self, knowledge: KnowledgeBase) -> Snapshot | None:
        """A knowledge base made ready in less than a second, or None where it has to be compiled whole.

        From the cache where it was compiled before; else grafted onto one that was: by this service, or that
        :meth:`remember` names, and that differs in no more than a few hundred phrasings. A graft answers about as well
        (:attr:`Snapshot.whole` tells it); it is to be compiled whole later and aside (see :mod:`bot.settling`).
        """
        found = cache.load(self.settings.cache_folder, self.cache_key(knowledge))
        return self._grafted(knowledge) if found is None else self._made(knowledge, found)

    def whole(self, knowledge: KnowledgeBase, progress: Progress = _silent) -> Snapshot:
        """A knowledge base compiled whole, which takes long where it isn't in the cache."""
        return self._made(knowledge, self.compiled(knowledge, progress))

    def remember(self, knowledge: KnowledgeBase) -> None:
        """Tells of a knowledge base that may be in the cache, for :meth:`ready` to graft others onto."""
        name = self.cache_key(knowledge)
        self._bases.add(knowledge, None, lambda: cache.load(self.settings.cache_folder, name))

    def compiled(self, knowledge: KnowledgeBase, progress: Progress = _silent) -> Compiled:
        """The knowledge base compiled whole; ``progress`` is told only where it isn't in the cache."""
        name = self.cache_key(knowledge)
        found = cache.load(self.settings.cache_folder, name)
        if found is None:
            found = compile_knowledge(knowledge, self._vectors(), self.settings.precision, progress)
            cache.save(found, self.settings.cache_folder, name)
        return found

    def _made(self, knowledge: KnowledgeBase, compiled: Compiled) -> Snapshot:
        """The snapshot of what was compiled whole, which is remembered."""
        name = self.cache_key(knowledge)
        held = None if cache.holds(self.settings.cache_folder, name) else compiled  # for good, as nothing can read it
        found = quotes.build(knowledge, compiled.index.lexicon, self.encoder, compiled.quotes)
        self._bases.add(knowledge, compiled, lambda: held or cache.load(self.settings.cache_folder, name), found)
        return Snapshot(knowledge, Matcher(compiled, self.encoder), found)

    def _grafted(self, knowledge: KnowledgeBase) -> Snapshot | None:
        """The snapshot of a graft onto one of the last ones compiled whole."""
        for base in self._bases:
            compiled = base.compiled if graftable(base.knowledge, knowledge) else None  # reading it takes long
            found = graft(compiled, base.knowledge, knowledge, self._encode) if compiled else None
            if found:
                lexicon = found.index.lexicon
                said = base.quotes or quotes.build(base.knowledge, lexicon, self.encoder, found.quotes)
                return Snapshot(knowledge, Matcher(found, self.encoder), said.beside(knowledge, lexicon))
        return None

    @cached_property
    def _encode(self) -> Encode | None:
        """Encodes texts, the same ones again for nothing: what was taught is grafted with each further change."""
        return Recent(self.encoder.encode).encode if self.encoder else None

    def is_compiled(self, knowledge: KnowledgeBase) -> bool:
        """Whether making it ready takes no more than reading it from the cache."""
        return cache.holds(self.settings.cache_folder, self.cache_key(knowledge))

    def cache_key(self, knowledge: KnowledgeBase) -> str:
        """What the compiled knowledge base is called in the cache."""
        return cache.key(knowledge.version, self.encoder.digest if self.encoder else "lexical", self.settings.precision)

    def _vectors(self) -> VectorCache | None:
        if self.encoder is None:
            return None
        return VectorCache([self.encoder, *_more(self.settings)], self.settings.cache_folder)


def _more(settings: Settings) -> list[Encoder]:
    """Further encoders to work beside the first, one for each other core, four in all at most."""
    return [semantic.open_encoder(settings.encoder_dir, settings.cache_folder) for _ in range(cores() - 1)]


def open_service(settings: Settings, tell: Callable[[str], None] = lambda _: None) -> Service:
    """Opens the encoder, or goes on without it, and without a cache that can be written, too.

    Args:
        tell: gets one line that says so, for each.
    """
    if why := files.unwritable(settings.cache_folder):
        tell(
            f"The cache folder {settings.cache_folder} can't be written ({why}): each start compiles what isn't in it. "
            "Set HERALD_CACHE_DIR to another."
        )
    encoder, note = None, "HERALD_ENCODER is off: answering on the lexical half alone."
    if settings.encoder:
        try:
            encoder, note = semantic.open_encoder(settings.encoder_dir, settings.cache_folder), ""
        except EncoderError as error:
            note = f"No encoder: {error}. Answering on the lexical half alone."
    if note:
        tell(note)
    return Service(settings, encoder, note)
