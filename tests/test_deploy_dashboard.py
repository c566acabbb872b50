"""The dashboard in ``deploy/``: it shows figures that Herald has, in forms that they have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from adapters.watching import watched
from bot.host import Host
from bot.office import open_office
from bot.settings import Settings
from tests.test_deploy import DEPLOY
from tests.test_host import host, service

__all__ = ["host", "service"]


class TestDashboard:
    BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))

    async def test_it_shows_only_figures_that_there_are(self, host: Host, tmp_path: Path) -> None:
        """Each in a form that its kind has, and by labels that it has."""
        watched(host, Settings(), ["Discord"])
        open_office(Settings(data_dir=tmp_path), host)
        types = dict(re.findall(r"^# TYPE (\S+) (\w+)$", host.figures.written().decode(), re.M))
        series = {
            f"{name}{end}"
            for name, kind in types.items()
            if kind == "histogram"
            for end in ("_bucket", "_sum", "_count")
        }
        series |= {name for name, kind in types.items() if kind != "histogram"}
        shown = {name for query in self.queries() for name in re.findall(r"\b(?:herald|process)_\w+", query)}
        assert shown - series == set()
        assert {
            name for name in series if name.startswith("herald_") and name.endswith(("_total", "_bucket"))
        } - shown == {"herald_reload_seconds_bucket"}

    def test_counters_are_shown_as_rates(self) -> None:
        """A sum since the start says nothing."""
        bare = [
            query
            for query in self.queries()
            if re.search(r"_(total|bucket)\b", query) and not re.search(r"(rate|increase)\(", query)
        ]
        assert bare == []

    def test_panels_have_a_place_of_their_own(self) -> None:
        """None lies over another, and each has an id."""
        panels = self.BOARD["panels"]
        taken = [
            (x, y)
            for panel in panels
            for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
        ]
        assert len(taken) == len(set(taken))
        assert max(x for x, _ in taken) < 24
        assert len({panel["id"] for panel in panels}) == len(panels)

    def queries(self) -> list[str]:
        return [target["expr"] for panel in self.BOARD["panels"] for target in panel["targets"]]
