"""Another snapshot swapped in, while conversations go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.conversation import Context
from bot.herald import Herald, Snapshot
from bot.knowledge import load
from bot.service import open_service
from bot.settings import Settings
from tests.support import write_knowledge
from tests.town import town


@pytest.fixture(scope="module")
def other_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The town after a reload: another moderator's answer, no quote on love, no hill."""
    folder = tmp_path_factory.mktemp("other")
    data = town()
    data["entries"] = [entry for entry in data["entries"] if not entry["id"].startswith("hill")]
    data["entries"][0]["answer"] = "Nobody moderated it."
    del data["entries"][0]["follow_ups"]
    data["quotes"] = [quote for quote in data["quotes"] if quote["id"] != "on-love"]
    data["checks"] = []
    settings = Settings(knowledge_dir=write_knowledge(folder / "kb", data), cache_dir=folder / "cache", encoder=False)
    return open_service(settings).snapshot(load(folder / "kb"))


class TestSwap:
    def test_the_next_question_gets_the_new_knowledge(
        self, lexical_snapshot: Snapshot, other_snapshot: Snapshot
    ) -> None:
        """And says whose version it is."""
        herald = Herald(lexical_snapshot)
        herald.swap(other_snapshot)
        reply = herald.ask("who moderated the harbor talk")
        assert (reply.text, reply.knowledge) == ("Nobody moderated it.", other_snapshot.knowledge.version)

    def test_a_conversation_outlives_it(self, lexical_snapshot: Snapshot, other_snapshot: Snapshot) -> None:
        """Quotes, entries and names that are gone are no errors."""
        c, d = Context(), Context()
        herald = Herald(lexical_snapshot, seed=1)
        herald.quote("mira", "love", c)
        herald.ask("who moderated the hill talk", d)
        herald.swap(other_snapshot)
        assert herald.ask("who said that?", c).kind
        assert [quote.id for quote in herald.ask("another one", c).quotes] != ["on-love"]
        assert herald.ask("and the harbor one?", d).kind
        assert herald.ask("why?", d).kind
        assert herald.entry("hill-host").kind == "rejected"

    def test_while_others_ask(self, lexical_snapshot: Snapshot, other_snapshot: Snapshot) -> None:
        """Every reply is whole: text and version of one snapshot or the other."""
        herald, contexts = Herald(lexical_snapshot), [Context() for _ in range(3)]
        texts = {lexical_snapshot.knowledge.version: "Ada Stone moderated the harbor talk.",
                 other_snapshot.knowledge.version: "Nobody moderated it."}  # fmt: skip

        def asked(number: int) -> tuple[str, str]:
            if number % 5 == 0:
                herald.swap((lexical_snapshot, other_snapshot)[number % 2])
            herald.ask("where was the hill talk", contexts[number % 3])
            reply = herald.ask("who moderated the harbor talk", contexts[number % 3])
            return reply.knowledge, reply.text

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(asked, range(200)))
        assert all(texts[version] == text for version, text in told)
        assert {version for version, _ in told} == set(texts)

    def test_a_question_under_way_ends_with_what_it_began(
        self, lexical_snapshot: Snapshot, other_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Swapped in the midst of a match: the reply is still the old snapshot's."""
        herald = Herald(lexical_snapshot)
        match = lexical_snapshot.matcher.match

        def swapping(text: str) -> object:
            herald.swap(other_snapshot)
            return match(text)

        monkeypatch.setattr(lexical_snapshot.matcher, "match", swapping)
        reply = herald.ask("who moderated the hill talk")
        assert (reply.entry, reply.knowledge) == ("hill-host", lexical_snapshot.knowledge.version)
