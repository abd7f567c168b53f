"""The incidents of one company: each decision is written before it is said, and said once.

A decision is one file, the incident's, with the number of its newest message; the messages are
files of the outbox, under names that follow from it. Whoever is ended in between is finished for by
whoever comes next: what is numbered and not in the outbox is put there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from trueup.alerts import incident_files, late, lifecycle, outage, silent
from trueup.alerts.channels import Rules
from trueup.alerts.groups import Group
from trueup.alerts.incidents import Incident, Kind, Notice
from trueup.alerts.lifecycle import Change
from trueup.alerts.outbox import Outbox
from trueup.company.workspace import StateFolder

#: For so long the end of an incident is sent again: a receiver that forgets may have missed it.
OVER_LATELY = timedelta(minutes=15)
GROUPS = (outage.GROUP, late.GROUP)


@dataclass(frozen=True)
class IncidentBook:
    state: StateFolder
    rules: Rules

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.state.outbox)

    def all_open(self) -> list[Incident]:
        """What is open, longest first."""
        return incident_files.all_open(self.state.incidents)

    def of(self, gate: str, *kinds: Kind) -> list[Incident]:
        """Open incidents of a gate or DAG."""
        return [
            incident
            for incident in self.all_open()
            if incident.notice.gate == gate and incident.notice.kind in kinds
        ]

    def is_open(self, cause: str) -> bool:
        return incident_files.read(self.state.incidents, cause) is not None

    def to_remind(self) -> list[Incident]:
        """What is open, and what was over lately."""
        since = datetime.now(UTC) - OVER_LATELY
        over = incident_files.closed(self.state.incidents, 50)
        lately = [one for one in over if one.resolved_at and one.resolved_at >= since]
        return [*self.all_open(), *lately]

    def meet(self, notices: Iterable[Notice]) -> None:
        """One more run has met these causes."""
        if not (found := list(notices)):
            return
        folder = self.state.incidents
        with incident_files.one_at_a_time(folder):
            known = {incident.notice.cause: incident for incident in self.all_open()}
            over = [one for one in known.values() if one.resolved_at]
            self._settle(over)  # nobody came to close them
            for incident in over:
                del known[incident.notice.cause]
            for notice in found:
                met = lifecycle.met(known.get(notice.cause), notice, datetime.now(UTC))
                known[notice.cause] = met
            self._settle([known[cause] for cause in {notice.cause: None for notice in found}])

    def end(self, causes: Iterable[str], run: str = "") -> list[Incident]:
        """Those of the causes that were open, as they are now. With `run`, the build that was
        judged without them, some wait for another one; without it all are over."""

        def ended(incident: Incident, at: datetime) -> Incident:
            return lifecycle.not_met(incident, run, at) if run else lifecycle.over(incident, at)

        ended_now = self.change(causes, ended)
        ended_groups = {incident.notice.group for incident in ended_now}
        for group in GROUPS:
            if group.cause in ended_groups:
                self.tell_group(group)
        return ended_now

    def change(self, causes: Iterable[str], made: Change) -> list[Incident]:
        """What `made` made of the open incidents of these causes."""
        wanted = set(causes)
        return self._decide(made, lambda incident: incident.notice.cause in wanted)

    def speak(self) -> None:
        """Say what a mute that is over kept back."""
        self._decide(lifecycle.spoken)

    def tell_group(self, group: Group) -> None:
        """Say how many there are of a group, as far as it is news."""
        folder = self.state.incidents
        with incident_files.one_at_a_time(folder):
            members = [one for one in self.all_open() if one.notice.group == group.cause]
            known = incident_files.read(folder, group.cause)
            if now := group.after(known, members, datetime.now(UTC)):
                self._settle([now])

    def watch(self, receivers: Iterable[str]) -> bool:
        """Whether there is news of receivers that do not hear."""
        wrong = silent.notices(self.state.outbox, receivers, datetime.now(UTC))
        known = {incident.notice.cause: incident for incident in self.of(silent.GATE, "failed")}
        causes = {notice.cause for notice in wrong}
        news = [one for one in wrong if one.cause not in known]
        self.meet(news)
        return bool(self.end(set(known) - causes)) or bool(news)

    def recover(self) -> None:
        """Finish what a process that was ended had decided."""
        if any(_is_unfinished(incident) for incident in self.all_open()):
            self._decide(lambda incident, _: incident, _is_unfinished)

    def _decide(
        self, made: Change, concerns: Callable[[Incident], bool] = lambda _: True
    ) -> list[Incident]:
        folder, now = self.state.incidents, datetime.now(UTC)
        with incident_files.one_at_a_time(folder):
            changed = [made(one, now) for one in self.all_open() if concerns(one)]
            self._settle(changed)
        return changed

    def _settle(self, incidents: Sequence[Incident]) -> None:
        """Write the incidents, put their newest messages into the outbox, and close those that are
        over: in this order, so that any end of it is taken up again."""
        folder = self.state.incidents
        paths = {one.opening: incident_files.write(folder, one) for one in incidents}
        news = [one for one in incidents if one.queued < one.number]
        if news:
            incident_files.sync(paths[one.opening] for one in news)
            to_say = [(one, self.rules.routed(one)) for one in news]
            self.outbox.queue(to_say, datetime.now(UTC))
            for one in news:
                incident_files.write(folder, replace(one, queued=one.number))
        if over := [one for one in incidents if one.resolved_at]:
            incident_files.archive(folder, [replace(one, queued=one.number) for one in over])


def _is_unfinished(incident: Incident) -> bool:
    return incident.queued < incident.number or incident.resolved_at is not None
