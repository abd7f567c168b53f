"""A day's table as Arrow, over BigQuery's Storage Read API: the way for years of events.

Its rows come in the columns they are kept in, so that nothing is spelt out as text and read again.
It asks for a right that reading a table over REST does not, `bigquery.readsessions.create`; where
the account does not have it, `NotForUs` says so and REST takes over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import grpc
import grpc.experimental
import pyarrow as pa

from trueup import settings
from trueup.errors import AccessDenied, UnknownRefusal, VendorUnavailable
from trueup.sources import bounds
from trueup.sources.ga4.storage_messages import (
    ARROW,
    LZ4_FRAME,
    SERVICE,
    CreateReadSessionRequest,
    ReadRowsRequest,
    ReadRowsResponse,
    ReadSession,
)
from trueup.sources.refusals import Place

GOOGLE_ADDRESS = "bigquerystorage.googleapis.com:443"
#: Rows put together before they are handed on: large pieces are taken apart faster than small.
PIECE_ROWS = 200_000
_CODE = grpc.StatusCode
PASSING = {_CODE.ABORTED, _CODE.CANCELLED, _CODE.DEADLINE_EXCEEDED, _CODE.INTERNAL,
           _CODE.RESOURCE_EXHAUSTED, _CODE.UNAVAILABLE, _CODE.UNKNOWN}  # fmt: skip
#: Of the session: the right to it, or the API itself, is not there.
NOT_FOR_US = {_CODE.PERMISSION_DENIED, _CODE.UNIMPLEMENTED, _CODE.FAILED_PRECONDITION}


class NotForUs(Exception):
    """The account may not read over this API; what it may read over REST is not said."""


class Reader:
    """One connection. `token` gives the bearer token of the moment."""

    def __init__(self, address: str, token: Callable[[], str], place: Place, project: str) -> None:
        self._token, self._place, self._project = token, place, project
        self._patience = settings.read()
        options = [
            ("grpc.max_receive_message_length", bounds.LARGEST_ANSWER_BYTES),
            # Without a thread that hands each answer on to ours: a quarter of what reading takes.
            (grpc.experimental.ChannelOptions.SingleThreadedUnaryStream, 1),
        ]
        host = urlsplit(f"//{address}").hostname
        # Without TLS only to this machine: nobody else is to see the token.
        self._channel = (
            grpc.insecure_channel(address, options)
            if host in ("127.0.0.1", "localhost")
            else grpc.secure_channel(address, grpc.ssl_channel_credentials(), options)
        )
        self._create = self._channel.unary_unary(
            f"{SERVICE}/CreateReadSession",
            CreateReadSessionRequest.SerializeToString,
            ReadSession.FromString,
        )
        self._rows = self._channel.unary_stream(
            f"{SERVICE}/ReadRows", ReadRowsRequest.SerializeToString, ReadRowsResponse.FromString
        )

    def close(self) -> None:
        self._channel.close()

    def tables(self, path: str, fields: list[str]) -> Iterator[pa.Table]:
        """The rows of the table at `path` (`projects/.../tables/...`) in pieces."""
        session = self._session(path, fields)
        schema = pa.ipc.read_schema(pa.py_buffer(session.arrow_schema.serialized_schema))
        held: list[pa.RecordBatch] = []
        count = 0
        for stream in session.streams:
            for batch in self._batches(stream.name, schema):
                held.append(batch)
                count += batch.num_rows
                if count >= PIECE_ROWS:
                    yield pa.Table.from_batches(held)
                    held, count = [], 0
        if held:
            yield pa.Table.from_batches(held)

    def _session(self, path: str, fields: list[str]) -> Any:
        wanted = {"table": path, "data_format": ARROW,
                  "read_options": {"selected_fields": fields,
                                   "arrow_serialization_options": {
                                       "buffer_compression": LZ4_FRAME}}}  # fmt: skip
        request = CreateReadSessionRequest(
            parent=f"projects/{self._project}", read_session=wanted, max_stream_count=1
        )
        for attempt in self._attempts():
            try:
                return self._create(request, **self._asked(f"read_session.table={path}"))
            except grpc.RpcError as error:
                if error.code() in NOT_FOR_US:
                    raise NotForUs(error.code().name) from None
                self._judge(error, attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _batches(self, stream: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Every batch of a stream; one that breaks off is taken up where it broke."""
        offset, attempts = 0, self._attempts()
        while True:
            request = ReadRowsRequest(read_stream=stream, offset=offset)
            attempt = next(attempts)
            try:
                for answer in self._rows(request, **self._asked(f"read_stream={stream}")):
                    buffer = pa.py_buffer(answer.arrow_record_batch.serialized_record_batch)
                    if not answer.row_count:
                        continue
                    batch = pa.ipc.read_record_batch(buffer, schema)
                    offset += batch.num_rows
                    attempts = self._attempts()
                    yield batch
                return
            except grpc.RpcError as error:
                self._judge(error, attempt)
            except pa.ArrowException as error:
                raise self._refusal(UnknownRefusal, type(error).__name__) from None

    def _asked(self, routing: str) -> dict[str, Any]:
        metadata = [
            ("authorization", f"Bearer {self._token()}"),
            ("x-goog-request-params", routing),
        ]
        return {"metadata": metadata, "timeout": bounds.LONGEST_ANSWER_SECONDS}

    def _attempts(self) -> Iterator[int]:
        """1, 2, ...: the pause before each but the first."""
        for attempt in range(1, self._patience.http_attempts + 1):
            if attempt > 1:
                time.sleep(self._patience.http_backoff_seconds * 2 ** (attempt - 1))
            yield attempt

    def _judge(self, error: grpc.RpcError, attempt: int) -> None:
        """Raise what another attempt will not mend."""
        code = error.code()
        if code in PASSING and attempt < self._patience.http_attempts:
            return
        if code in PASSING or code is _CODE.NOT_FOUND:
            raise self._refusal(VendorUnavailable, code.name)
        if code in (_CODE.UNAUTHENTICATED, _CODE.PERMISSION_DENIED):
            raise self._refusal(AccessDenied, code.name)
        raise self._refusal(UnknownRefusal, code.name)

    def _refusal(self, kind: type[Any], got: str) -> Any:
        return kind(
            "BigQuery's Storage Read API does not give the table",
            **self._place,
            got=got,
            next_step="the task retries by itself; if it lasts, set the option storage_api to off,"
            " and the table is read over REST",
        )
