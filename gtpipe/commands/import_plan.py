"""What a project of another program becomes here, before anything is written. Filled step by step:
`import_coders`, `import_codings`, `import_levels`, `import_people`, `import_memos`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from gtpipe.commands.import_labels import CodeLabels
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem
from gtpipe.model.records import Interview
from gtpipe.store.layout import Snapshot


class ImportPlan:
    """A project against the study of a snapshot. `files` are path → new text; `made` how many of
    what there will be.
    """

    def __init__(
        self,
        project: Project,
        labels: CodeLabels,
        snapshot: Snapshot,
        interviews: Mapping[str, Interview],
        new: frozenset[str],
        shown: str,
    ) -> None:
        self.project, self.labels, self.snapshot, self.shown = project, labels, snapshot, shown
        self.interviews, self.new = interviews, new
        self.settings = snapshot.settings()
        self.files: dict[str, str] = {}
        self.made: dict[str, int] = defaultdict(int)
        self.losses: list[Loss] = []
        self.told: list[str] = []
        self.problems: list[Problem] = []
        self.sources = {source.id: source for source in project.sources}
        self.addresses: dict[str, list[str]] = {}  # coding or passage → its incidents
        self.coders: dict[str, str] = {}
        self.writer = ""
        self.several = self.asked = 0  # codings over several turns; at turns of the interviewer
        self.case_people: dict[str, list[str]] = {}
        self.relations: dict[str, str] = {}  # id → as it is named here
        self.written_elsewhere: set[str] = set()  # memos that are no memos here

    def lose(self, kind: str, which: str = "") -> None:
        self.losses.append(Loss(kind, one_line(which)))

    def text(self, path: str) -> str:
        return self.files.get(path, self.snapshot.text(path) or "")

    def keep(self, path: str, text: str) -> None:
        if text != (self.snapshot.text(path) or ""):
            self.files[path] = text
