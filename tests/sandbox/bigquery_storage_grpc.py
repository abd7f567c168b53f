"""BigQuery's Storage Read API over gRPC: sessions and streams of Arrow batches of the export.

It speaks our own copy of the messages; that these are Google's is checked against Google's client
where that is installed (tests/contract/test_ga4_storage.py). Faults are ordered under `ga4`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import jwt
import pyarrow as pa

from sandbox import keys
from sandbox.desk import Desk
from sandbox.vendors.bigquery import DATASET, PROJECT
from sandbox.vendors.bigquery_schema import choose
from sandbox.vendors.bigquery_tables import day_tables, read_arrow
from trueup.sources.ga4 import storage_messages as messages

#: Faults that refuse a call, and the code they refuse it with.
FAULTS = {
    "storage_denied": grpc.StatusCode.PERMISSION_DENIED,
    "storage_quota": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "storage_down": grpc.StatusCode.UNAVAILABLE,
    "storage_odd": grpc.StatusCode.DATA_LOSS,
}
#: Google's own answers hold about a megabyte.
BATCH_ROWS = 2_000


@contextmanager
def serve(desk: Desk, batch_rows: int = BATCH_ROWS, port: int = 0) -> Iterator[str]:
    """Run the server on a port, by default any that is free; gives its address."""
    answers: dict[str, tuple[pa.Table, str | None]] = {}
    server = grpc.server(ThreadPoolExecutor(2))
    handlers = {
        "CreateReadSession": grpc.unary_unary_rpc_method_handler(
            lambda request, context: _session(desk, answers, request, context),
            messages.CreateReadSessionRequest.FromString,
            messages.ReadSession.SerializeToString,
        ),
        "ReadRows": grpc.unary_stream_rpc_method_handler(
            lambda request, context: _rows(desk, answers, batch_rows, request, context),
            messages.ReadRowsRequest.FromString,
            messages.ReadRowsResponse.SerializeToString,
        ),
    }
    service = messages.SERVICE.strip("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0)


def _check(desk: Desk, context: grpc.ServicerContext) -> None:
    for fault, code in FAULTS.items():
        if desk.takes_fault("ga4", fault):
            context.abort(code, f"{fault}, ordered")
    sent = dict(context.invocation_metadata())
    bearer = str(sent.get("authorization", "")).removeprefix("Bearer ")
    try:
        jwt.decode(bearer, keys.read(desk.state)[0]["private_key_id"], algorithms=["HS256"])
    except jwt.PyJWTError:
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "invalid authentication credentials")
    if "x-goog-request-params" not in sent:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no routing header")
    desk.calls["bigquery_storage"] += 1


def _session(desk: Desk, answers: dict[str, Any], request: Any, context: Any) -> Any:
    _check(desk, context)
    asked = request.read_session
    folder, _, name = asked.table.rpartition("/")
    table = day_tables(desk).get(name)
    if folder != f"projects/{PROJECT}/datasets/{DATASET}/tables" or table is None:
        context.abort(grpc.StatusCode.NOT_FOUND, f"Not found: Table {asked.table}")
    nodes = choose(table.nodes, list(asked.read_options.selected_fields))
    rows = read_arrow(desk, table, nodes)
    session = f"projects/{PROJECT}/locations/eu/sessions/{len(answers)}"
    stream = f"{session}/streams/0"
    asked_codec = asked.read_options.arrow_serialization_options.buffer_compression
    answers[stream] = rows, "lz4" if asked_codec == messages.LZ4_FRAME else None
    return messages.ReadSession(
        name=session, data_format=messages.ARROW, table=asked.table,
        arrow_schema={"serialized_schema": rows.schema.serialize().to_pybytes()},
        streams=[{"name": stream}] if rows.num_rows else [],
    )  # fmt: skip


def _rows(
    desk: Desk, answers: dict[str, Any], batch_rows: int, request: Any, context: Any
) -> Iterator[Any]:
    _check(desk, context)
    table, codec = answers[request.read_stream]
    rows = table.slice(request.offset)
    for number, batch in enumerate(rows.to_batches(max_chunksize=batch_rows)):
        if number == 1 and desk.takes_fault("ga4", "storage_breaks_off"):
            context.abort(grpc.StatusCode.UNAVAILABLE, "broken off, ordered")
        if desk.takes_fault("ga4", "storage_loses_a_batch"):
            continue
        serialized = _serialized(batch, codec)
        yield messages.ReadRowsResponse(
            arrow_record_batch={"serialized_record_batch": serialized}, row_count=batch.num_rows
        )


def _serialized(batch: pa.RecordBatch, codec: str | None) -> bytes:
    """The batch as one message, its buffers compressed: only a stream can write it so, behind the
    message of its schema."""
    stream = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.ipc.new_stream(stream, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    read = pa.ipc.MessageReader.open_stream(stream.getvalue())
    read.read_next_message()
    content: bytes = read.read_next_message().serialize().to_pybytes()
    return content
