"""A portal's pipelines and their stages as the rows that land."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources.contract import Page, SetAside
from trueup.sources.hubspot.records import OddRecord, Record, flag


def rows(pipelines: list[Any]) -> Iterator[Page]:
    """One row per stage; a pipeline or a stage that is none is set aside."""
    found: list[Record] = []
    for place, pipeline in enumerate(pipelines, 1):
        name = f"pipeline {_name(pipeline, place)}"
        if not isinstance(pipeline, dict) or not isinstance(pipeline.get("stages"), list):
            yield SetAside(name, "it has no list of stages", name)
            continue
        for number, stage in enumerate(pipeline["stages"], 1):
            try:
                found.append(_row(pipeline, stage))
            except OddRecord as problem:
                label = f"stage {_name(stage, number)} of {name}"
                yield SetAside(label, str(problem), label)
    yield found


def _row(pipeline: Record, stage: Any) -> Record:
    if not isinstance(stage, dict):
        raise OddRecord("it is no object")
    meta = stage.get("metadata") or {}
    if not isinstance(meta, dict):
        raise OddRecord("its metadata is no object")
    return {
        "pipeline": pipeline.get("id"),
        "stage": stage.get("id"),
        "is_closed": flag(meta.get("isClosed")),
        "win_probability": meta.get("probability"),
        "pipeline_name": pipeline.get("label"),
        "stage_name": stage.get("label"),
        "stage_order": stage.get("displayOrder"),
    }


def _name(found: Any, place: int) -> Any:
    """Its id; of what has none the place in its list."""
    return found.get("id") if isinstance(found, dict) else f"number {place}"
