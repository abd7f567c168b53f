"""What the machine it runs on is kept from: files, settings, other users, other hosts."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import duckdb
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from trueup.alerts import addresses
from trueup.alerts.receivers.message import Message
from trueup.alerts.receivers.webhook import Webhook
from trueup.build.lock import open_build
from trueup.errors import TrueupError
from trueup.landing.personal_data import check_key, weakness
from trueup.local_airflow import passwords
from trueup.local_airflow.rest import Airflow
from trueup.reports import locked

# -- a person's query


@pytest.fixture
def mart(tmp_path: Path) -> Path:
    file = tmp_path / "o'dd [a] b%20#q" / "mart.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as con:
        con.execute("create table t as select 1 as a, 'x' as b")
    (tmp_path / "secret.txt").write_text("top secret")
    return file


def asked(mart: Path, sql: str) -> str:
    with open_build(mart, read_only=True) as con:
        return locked.answer(con, sql, "ask otherwise")


@pytest.mark.parametrize(
    "sql",
    [
        "from t", "select * from t", "with u as (from t) from u", "show all tables", "describe t",
        "summarize t", "explain from t", "explain analyze from t", "pragma table_info('t')",
        "pivot t on b using sum(a)", "select 1; select 2", "values (1)", "show tables",
        "select regexp_replace('create', 'c', 'd')", "select 'enable_logging()' as checkpoint",
        "with query as (from t) select query.a from query",
    ],
)  # fmt: skip
def test_a_query_is_answered(mart: Path, sql: str) -> None:
    assert asked(mart, sql)


def test_an_answer_is_written_as_csv_where_that_is_asked_for(mart: Path) -> None:
    sql = "select a, null as n, 'x, \"y\"' as b, 1.50::decimal(9, 2) as c from t"
    with open_build(mart, read_only=True) as con:
        assert locked.answer(con, sql, "", as_csv=True) == 'a,n,b,c\n1,,"x, ""y""",1.50'


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('{folder}/secret.txt')",
        "from '{folder}/secret.txt'",
        "from read_csv('{folder}/secret.txt')",
        "from read_blob('{folder}/secret.txt')",
        "from read_json('{folder}/secret.txt')",
        "from read_parquet('{folder}/*.parquet')",
        "from glob('{folder}/*')",
        "from query('from read_text(''{folder}/secret.txt'')')",
        "from read_text('/proc/self/environ')",
        "from read_csv('https://example.com/x.csv')",
        "from read_text('{folder}/o''dd [a] b%20#q/../secret.txt')",
        "copy t to '{folder}/out.csv'",
        "copy (from t) to '{folder}/out.parquet'",
        "explain analyze copy t to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "import database '{folder}/out'",
        "attach '{folder}/other.duckdb'",
        "attach ':memory:' as other",
        "detach mart",
        "install httpfs",
        "load httpfs",
        "load '{folder}/evil.duckdb_extension'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset enable_external_access",
        "set threads = 1",
        "pragma enable_external_access = true",
        "create table u as select 1",
        "create temp table u as select 1",
        "create view u as from t",
        "create secret s (type s3, key_id 'a', secret 'b')",
        "create macro m() as 1",
        "insert into t values (2, 'y')",
        "update t set a = 2",
        "delete from t",
        "drop table t",
        "alter table t add column c int",
        "truncate t",
        "checkpoint",
        "vacuum",
        "use mart.main",
        "prepare p as from t",
        "call pragma_version()",
        "begin",
        "select 1; drop table t",
        "from t; copy t to '{folder}/out.csv'",
        "from enable_logging(storage='stdout')",
        "from enable_logging('QueryLog', storage='file', storage_path='{folder}/logs'); from t",
        'from /* a */ "Enable_Logging"/* b */ ()',
        "from query('from enable_' || 'logging()')",
        "from json_execute_serialized_sql(json_serialize_sql('from t'))",
        "from enable_profiling(save_location='{folder}/p.json', format='json'); from t",
        "from disable_logging()",
        "from truncate_duckdb_logs()",
        "from checkpoint()",
        "select 'é', write_log('x')",
        "select sleep_ms(100000)",
        "from read_duckdb('{folder}/other.duckdb')",
        "create type x as enum (from read_text('{folder}/secret.txt')); pivot t on b using sum(a)",
        "",
    ],
)
def test_what_is_no_query_of_the_tables_is_refused(mart: Path, tmp_path: Path, sql: str) -> None:
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(TrueupError) as refused:
        asked(mart, sql.replace("{folder}", str(tmp_path)))
    assert "top secret" not in str(refused.value)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert asked(mart, "from t")


def test_a_file_that_is_no_text_is_reported_as_such(mart: Path) -> None:
    """DuckDB's own words of it are no text either."""
    path = str(mart).replace("'", "''")
    with pytest.raises(TrueupError, match="no text"):
        asked(mart, f"from read_duckdb('{path}')")


def test_views_on_what_was_landed_are_read_and_nothing_beside_it(tmp_path: Path) -> None:
    landing = tmp_path / "lan'ding [x]"
    landing.mkdir()
    file = str(landing / "a.parquet").replace("'", "''")
    build = tmp_path / "build.duckdb"
    with duckdb.connect(str(build)) as con:
        con.execute(f"copy (select 7 as a) to '{file}'")
        con.execute(f"create view v as from read_parquet('{file}')")
    (tmp_path / "secret.csv").write_text("a\n1\n")

    def ask(sql: str) -> str:
        with open_build(build, read_only=True) as con:
            return locked.answer(con, sql, "", reads=f"{landing}/")

    assert "7" in ask("from v")
    for sql in (f"from '{tmp_path}/secret.csv'", f"copy (select 1) to '{file}'"):
        with pytest.raises(TrueupError):
            ask(sql)


# -- the hash key


@pytest.mark.parametrize(
    "key",
    [
        "", "x", "secret", "hash-key", "shortkey", "123456789012345", "a" * 40, "ab" * 20,
        "abcdefghijklmnopqrstuvwxyz", "0123456789abcdef", "1234567890" * 3, "changeme-changeme-1",
        "password12345678", "your-hash-key-goes-here", "this is an example key", " " * 30,
        "my_secret_key_of_2026", "zyxwvutsrqponmlkj", "qwertyuiopasdfgh", "aaaabbbbccccdddd",
        "replace_me_before_going_live", "deadbeefdeadbeefdeadbeef",
    ],
)  # fmt: skip
def test_a_key_that_could_be_guessed_is_refused(key: str) -> None:
    assert weakness(key)
    with pytest.raises(TrueupError, match="hash key is too weak") as refused:
        check_key(key)
    assert len(key) < 8 or key not in str(refused.value)


@pytest.mark.parametrize(
    "key",
    [
        "9f2c1e7a44d05b3e8c6f", "sandbox-hash-key", "a-key-of-the-tests",
        "Xk2#vQ9!mZ7@pL4$", "3d8f0c5e-71a2-4b96-8e1d-f20a6c94b7d3",
        "otter cabbage violin thirteen",
    ],
)  # fmt: skip
def test_a_sound_key_is_taken(key: str) -> None:
    check_key(key)


# -- the local Airflow


def test_the_password_is_made_once_and_is_its_users_alone(tmp_path: Path) -> None:
    made = passwords.keep(tmp_path)
    assert len(made) >= 20 and passwords.read(tmp_path) == made
    assert passwords.keep(tmp_path) == ""
    assert stat.S_IMODE(passwords.file(tmp_path).stat().st_mode) == 0o600
    passwords.file(tmp_path).chmod(0o644)
    passwords.keep(tmp_path)
    assert stat.S_IMODE(passwords.file(tmp_path).stat().st_mode) == 0o600
    passwords.file(tmp_path).write_text("not json")
    assert passwords.keep(tmp_path) not in ("", made)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8780", 200), ("localhost:8780", 200), ("LOCALHOST", 200), ("airflow.lan", 200),
        ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("rebind.network:8780", 400),
        ("0.0.0.0:8780", 400), ("", 400), ("localhost.evil.example", 400),
    ],
)  # fmt: skip
def test_airflow_answers_to_its_own_hosts_alone(
    host: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://airflow.lan:8080")
    import own_hosts

    app = FastAPI()
    app.get("/")(lambda: "here")
    [middleware] = own_hosts.OwnHosts.fastapi_root_middlewares
    kwargs = middleware["kwargs"] | {"allowed_hosts": own_hosts.own_hosts()}
    app.add_middleware(middleware["middleware"], **kwargs)
    assert TestClient(app).get("/", headers={"host": host.lower()}).status_code == status


# -- the webhook


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "169.254.170.2", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
        "::169.254.169.254", "0.0.0.0",  # noqa: S104
         "::", "127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1",
        "224.0.0.1", "ff02::1", "255.255.255.255",
        # Metadata services over IPv6: Amazon's others, Google's, Oracle's, Scaleway's
        "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42",
        # An address of IPv4 within one of IPv6: a gateway of the house, translated, Teredo, ISATAP
        "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:fffe::127.0.0.1", "::ffff:0:a9fe:a9fe",
        "2001::5601:5601", "2001:0:a9fe:a9fe::1", "2a00::5efe:a9fe:a9fe", "2a00::200:5efe:7f00:1",
    ],
)  # fmt: skip
def test_messages_go_to_no_such_address(address: str) -> None:
    with pytest.raises(addresses.Refused):
        addresses.judge(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "10.1.2.3", "192.168.1.7", "2a00:1450::1", "fd12:3456::1", "64:ff9b::808:808"]
    + ["64:ff9b:1::808:808", "::ffff:0:808:808", "2a00::5efe:808:808"],
)
def test_messages_go_to_other_machines_also_in_house(address: str) -> None:
    addresses.judge(ip_address(address))


def message() -> Message:
    return Message("id", "small", "opened", "title", "something broke", [], [], datetime.now(UTC))


@pytest.fixture
def answering() -> Iterator[Callable[[int, dict[str, str]], tuple[str, list[str]]]]:
    """Starts a server on loopback that answers with a status and headers; its URL, and what it
    was asked."""
    servers: list[HTTPServer] = []

    def start(status: int, headers: dict[str, str]) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                asked.append(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *arguments: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/hook", asked

    yield start
    for server in servers:
        server.shutdown()


def test_loopback_that_says_so_is_heard(answering: Callable[..., tuple[str, list[str]]]) -> None:
    url, asked = answering(200, {})
    Webhook(url).send(message())
    Webhook(url.replace("127.0.0.1", "localhost")).send(message())
    assert asked == ["/hook", "/hook"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    answering: Callable[..., tuple[str, list[str]]], status: int
) -> None:
    inner, seen = answering(200, {})
    url, _ = answering(status, {"Location": inner})
    with pytest.raises(OSError, match=f"HTTP {status}"):
        Webhook(url).send(message())
    assert seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/x", "http://2852039166/",
        "http://0xa9fea9fe/", "http://[::ffff:169.254.169.254]/", "http://0/", "http://127.1/",
        "http://127.0.0.2/", "http://[fd00:ec2::254]/", "https://169.254.169.254/",
    ],
)  # fmt: skip
def test_a_webhook_by_any_spelling_of_such_an_address_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setattr(socket, "create_connection", _never)
    with pytest.raises(OSError, match="the webhook's host is") as refused:
        Webhook(url).send(message())
    assert url not in str(refused.value)


def _never(*arguments: object, **options: object) -> socket.socket:
    raise AssertionError("connected")


def test_a_name_is_looked_up_once_and_connected_to_as_judged(
    answering: Callable[..., tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is harmless when it is judged and loopback when it is connected to."""
    url, asked = answering(200, {})
    port = int(url.split(":")[2].partition("/")[0])
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]])
    connected: list[str] = []

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", (one, 0)) for one in next(answers)]

    def connect(place: tuple[str, int], *_: object) -> socket.socket:
        connected.append(place[0])
        raise OSError("no way")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    hook = Webhook(f"http://hooks.example:{port}/hook")
    with pytest.raises(OSError):
        hook.send(message())
    assert (connected, asked) == (["93.184.215.14"], [])
    with pytest.raises(OSError, match="this machine itself"):
        hook.send(message())
    assert connected == ["93.184.215.14"]


def test_airflows_password_passes_no_proxy(
    answering: Callable[..., tuple[str, list[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """urllib sends what is meant for this machine to the proxy of the environment, too."""
    proxy, seen = answering(200, {})
    url, asked = answering(200, {})
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    passwords.keep(tmp_path)
    with pytest.raises(ValueError, match="Expecting value"):  # of a server that says nothing
        Airflow(url.removesuffix("/hook"), tmp_path).call("monitor/health")
    assert (seen, asked) == ([], ["/auth/token"])


def test_what_is_written_is_for_its_user_alone(tmp_path: Path) -> None:
    from trueup import settings

    was = os.umask(0o022)
    try:
        settings.keep_private()
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "file").write_text("x")
    finally:
        os.umask(was)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state" / "file").stat().st_mode) == 0o600
