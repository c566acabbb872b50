"""What tests share of curators and members who use the store on Slack."""

from __future__ import annotations

from dataclasses import dataclass

from bot.office import Office
from tests.adapters.slack.support import World
from tests.slack_server import Member
from tests.slack_server.model import Message, Payload, View, elements_of

__all__ = ["ODD", "Bureau", "element"]

ODD = "zebulon quartz umbrella"
"""Words that nothing in the town has."""


def element(shown: Message | View, beginning: str) -> Payload:
    """The button or select whose id begins so."""
    found = (item for block in shown.blocks for item in elements_of(block))
    return next(item for item in found if str(item.get("action_id", "")).startswith(beginning))


@dataclass
class Bureau:
    """A world with an office."""

    world: World
    office: Office

    @property
    def boss(self) -> Member:
        """An admin."""
        return self.world.boss

    async def written(self) -> None:
        """Waits until all that Herald began is done, and stands in the database."""
        await self.world.settled()
        await self.office.journal._writer.flushed()

    async def asks(self, text: str = ODD) -> Message:
        """Ada asks, and the journal has it."""
        answer = await self.world.asks(text)
        await self.written()
        return answer

    async def commands(self, text: str) -> Message:
        """What /herald shows the admin, for nobody else to see."""
        told = await self.boss.slash(self.world.general, "/herald", text).reply()
        assert told.viewer is self.boss.user
        return told

    async def presses(self, panel: Message, label: str) -> Message:
        """Presses a button that changes the panel."""
        await self.world.replaced(self.boss.clicks(panel, label))
        await self.written()
        return panel

    async def picks(self, panel: Message, beginning: str, value: str) -> Message:
        """Picks from a menu of the panel."""
        use = self.boss.selects(panel, element(panel, beginning)["action_id"], value)
        assert use
        await self.world.replaced(use)
        await self.written()
        return panel

    async def opens(self, panel: Message, label: str) -> View:
        """Presses a button that opens a form."""
        return await self.boss.clicks(panel, label).shown()

    async def sends(self, form: View) -> None:
        """Sends a form, which changes the panel that it was opened from."""
        await self.boss.submits(form).acked()
        await self.written()

    async def teaches(self) -> Message:
        """Teaches the first question of the inbox to the camera, which is found by words; the panel that says so."""
        panel = await self.group()
        form = await self.opens(panel, "Another entry …")
        self.boss.fills(form, "words", "camera")
        await self.sends(form)
        return await self.picks(panel, "s1:teach:", "camera")

    async def group(self) -> Message:
        """Opens the first question of the inbox."""
        panel = await self.commands("inbox")
        return await self.picks(panel, "s1:asked", element(panel, "s1:asked")["options"][0]["value"])
