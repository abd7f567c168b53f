"""The few messages of BigQuery's Storage Read API (v1) that reading a table takes.

Google's client brings them with a dozen packages of its own; the wire format is public and fixed,
so the numbers of the fields we use are all there is to know. What is left out here, protobuf
leaves alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

PACKAGE = "google.cloud.bigquery.storage.v1"
SERVICE = f"/{PACKAGE}.BigQueryRead"
#: `DataFormat.ARROW`, and `ArrowSerializationOptions.CompressionCodec.LZ4_FRAME`.
ARROW, LZ4_FRAME = 2, 1

_FIELD = descriptor_pb2.FieldDescriptorProto
_KINDS = {"string": _FIELD.TYPE_STRING, "bytes": _FIELD.TYPE_BYTES, "int32": _FIELD.TYPE_INT32,
          "int64": _FIELD.TYPE_INT64, "enum": _FIELD.TYPE_INT32}  # fmt: skip
#: Message: its fields as `name:number:kind`, `*` where they repeat. An enum is its number.
MESSAGES = {
    "ArrowSchema": "serialized_schema:1:bytes",
    "ArrowRecordBatch": "serialized_record_batch:1:bytes row_count:2:int64",
    "ArrowSerializationOptions": "buffer_compression:2:enum",
    "TableReadOptions": "selected_fields:1:string*"
    " arrow_serialization_options:3:ArrowSerializationOptions",
    "ReadStream": "name:1:string",
    "ReadSession": "name:1:string data_format:3:enum arrow_schema:5:ArrowSchema table:6:string"
    " read_options:8:TableReadOptions streams:10:ReadStream*",
    "CreateReadSessionRequest": "parent:1:string read_session:2:ReadSession"
    " max_stream_count:3:int32",
    "ReadRowsRequest": "read_stream:1:string offset:2:int64",
    "ReadRowsResponse": "arrow_record_batch:4:ArrowRecordBatch row_count:6:int64"
    " arrow_schema:8:ArrowSchema",
}


def _described(names: Iterable[str]) -> descriptor_pb2.FileDescriptorProto:
    """A file of its own, beside Google's, which may be loaded in the same process."""
    file = descriptor_pb2.FileDescriptorProto(
        name="trueup/bigquery_storage.proto", package="trueup.bigquery_storage", syntax="proto3"
    )
    for name in names:
        message = file.message_type.add(name=name)
        for text in MESSAGES[name].split():
            field, number, kind = text.split(":")
            described = message.field.add(name=field, number=int(number))
            described.label = _FIELD.LABEL_REPEATED if kind[-1] == "*" else _FIELD.LABEL_OPTIONAL
            kind = kind.removesuffix("*")
            if kind in _KINDS:
                described.type = _KINDS[kind]
            else:
                described.type = _FIELD.TYPE_MESSAGE
                described.type_name = f".trueup.bigquery_storage.{kind}"
    return file


def _classes() -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_described(MESSAGES))
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"trueup.bigquery_storage.{name}")
        )
        for name in MESSAGES
    }


_made = _classes()
CreateReadSessionRequest: Any = _made["CreateReadSessionRequest"]
ReadSession: Any = _made["ReadSession"]
ReadRowsRequest: Any = _made["ReadRowsRequest"]
ReadRowsResponse: Any = _made["ReadRowsResponse"]
