"""Google Ads over gRPC, which is all its own client speaks: the REST page's answers, translated.

Always TLS, with a certificate authority made for the occasion. A client trusts it through
`GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import (
    SearchGoogleAdsStreamRequest,
    SearchGoogleAdsStreamResponse,
)
from google.protobuf import json_format

from sandbox.desk import Desk
from sandbox.vendors import google_ads
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import VERSION, check, envelope

_SERVICE = f"google.ads.googleads.{VERSION}.services.GoogleAdsService"
_FAILURE_KEY = f"google.ads.googleads.{VERSION}.errors.googleadsfailure-bin"


@contextmanager
def serve(desk: Desk, folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the server; gives its `localhost:port` and the file of the authority to trust."""
    authority, key, chain = _certificates()
    roots = folder / "authority.pem"
    roots.write_bytes(authority)
    server = grpc.server(ThreadPoolExecutor(2))
    stream = grpc.unary_stream_rpc_method_handler(
        lambda request, context: _stream(desk, request, context),
        request_deserializer=SearchGoogleAdsStreamRequest.deserialize,
        response_serializer=lambda pb: pb.SerializeToString(),
    )
    handlers = grpc.method_handlers_generic_handler(_SERVICE, {"SearchStream": stream})
    server.add_generic_rpc_handlers((handlers,))
    credentials = grpc.ssl_server_credentials([(key, chain)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    try:
        yield f"localhost:{port}", roots
    finally:
        server.stop(0)


def _stream(desk: Desk, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
    body = {"query": request.query, "summaryRowSetting": request.summary_row_setting.name}
    try:
        check(desk, VERSION, request.customer_id, dict(context.invocation_metadata()))
        batches = google_ads.stream(desk, request.customer_id, body)
    except Failure as failure:
        error = envelope(failure)["error"]
        detail = {k: v for k, v in error["details"][0].items() if k != "@type"}
        message = json_format.ParseDict(detail, GoogleAdsFailure.pb(GoogleAdsFailure()))
        context.set_trailing_metadata(
            ((_FAILURE_KEY, message.SerializeToString()), ("request-id", detail["requestId"]))
        )
        context.abort(grpc.StatusCode[failure.status], error["message"])
    for batch in batches:
        empty = SearchGoogleAdsStreamResponse.pb(SearchGoogleAdsStreamResponse())
        yield json_format.ParseDict(json.loads(batch), empty)


def _certificates() -> tuple[bytes, bytes, bytes]:
    """PEM texts: a throwaway authority, and a key and certificate for localhost signed by it."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("trueup sandbox authority")
    authority = (
        _unsigned(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _unsigned(_name("localhost"), authority_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return authority.public_bytes(pem), private, certificate.public_bytes(pem)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _unsigned(subject: x509.Name, issuer: x509.Name, public: Any) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )
