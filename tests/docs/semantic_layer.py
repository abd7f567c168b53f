"""dbt's metrics of the project, compiled by MetricFlow, a dependency of the tests alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class Dialect:
    """What MetricFlow wants of a database to write SQL for it; nothing is asked of one."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class SemanticLayer:
    def __init__(self, manifest: Any, file: Path) -> None:
        from dbt.contracts.graph.semantic_manifest import SemanticManifest

        SemanticManifest(manifest).write_json_to_file(str(file))
        read = parse_manifest_from_dbt_generated_manifest(file.read_text("utf-8"))
        self.metrics = {metric.name: metric.type.value for metric in read.metrics}
        self._engine = MetricFlowEngine(SemanticManifestLookup(read), Dialect())

    def sql(self, metrics: Sequence[str], by: Sequence[str]) -> str:
        """The question as SQL; its columns are what it is asked by, then the metrics."""
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=by)
        return self._engine.explain(request).sql_statement.sql
