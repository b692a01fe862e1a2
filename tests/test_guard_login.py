"""Who gets what where users log in, and where they need not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from chat_fakes import FakeAssistant
from site_fakes import PASSWORD, QUESTION, WHO, browser, event, site, write_users

from ui.guard.limits import Limits, Rate
from ui.users.access import LoginAccess, OpenAccess
from ui.users.file import Users, edited
from ui.users.passwords import hash_password
from ui.users.sessions import IDLE_S, Sessions
from ui.web import Site


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Place:
    """A server with the users ana (admin), ben and gone, and ways to come to it."""

    def __init__(self, address, users, keys, clock):
        self.address, self.users, self.keys, self.clock = address, users, keys, clock

    @contextmanager
    def come(self, who: str) -> Iterator[httpx.Client]:
        """``nobody``, a user's name for a session, ``NAME's key``, or a name that tells what is wrong."""
        options = {}
        if who.endswith("'s key"):
            options = {"headers": {"authorization": f"Bearer {self.keys[who[:-6]]}"}}
        elif who == "wrong key":
            options = {"headers": {"authorization": "Bearer rqa-wrong"}}
        elif who == "forged":
            options = {"cookies": {"reportqa-session": "x" * 43}}
        with browser(self.address, **options) as client:
            if who in self.keys:
                assert log_in(client, who).status_code == 303
            yield client


def log_in(client: httpx.Client, user: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return client.post("/login", data={"user": user, "password": password, **fields})


@pytest.fixture
def place(tmp_path):
    users, clock = tmp_path / "users.toml", Clock()
    keys = write_users(users, ana=True, ben=False, gone=False)
    access = LoginAccess(Users(users), sessions=Sessions(clock))
    with site(site=Site(access=access, mcp=True), limits=Limits(suffixes={".txt"})) as address:
        yield Place(address, users, keys, clock)


BEHIND = [
    ("GET", "/", {}),
    ("GET", "/config", {}),
    ("GET", "/theme.css", {}),
    ("GET", "/favicon.ico", {}),
    ("GET", "/assets/index.js", {}),
    ("GET", "/gradio_api/info", {}),
    ("GET", "/gradio_api/openapi.json", {}),
    ("GET", "/gradio_api/file=/tmp/x", {}),
    ("GET", "/gradio_api/queue/data?session_hash=x", {}),
    ("GET", "/gradio_api/heartbeat/x", {}),
    ("GET", "/gradio_api/upload_progress?upload_id=x", {}),
    ("POST", "/gradio_api/upload", {"files": {"files": ("a.txt", b"x")}}),
    ("POST", "/gradio_api/queue/join", {"json": {"data": ["teachers"], "fn_index": 0, "session_hash": "x"}}),
    ("POST", "/gradio_api/cancel", {"json": {"session_hash": "x", "fn_index": 0, "event_id": "x"}}),
    ("POST", "/gradio_api/call/query", {"json": {"data": ["teachers", None, "", "", "", None]}}),
    ("GET", "/gradio_api/call/query/x", {}),
    ("GET", "/gradio_api/mcp/", {}),
    ("POST", "/gradio_api/mcp/", {"json": {}}),
    ("GET", "/v1/models", {}),
    ("POST", "/v1/chat/completions", {"json": {"messages": [{"role": "user", "content": "teachers"}]}}),
    ("GET", "/source", {}),
    ("GET", "/page/x", {}),
    ("GET", "/download/x", {}),
]


@pytest.mark.parametrize("who", ["nobody", "wrong key", "forged", "expired", "removed"])
def test_everything_is_behind_the_login(place, who):
    with place.come({"expired": "ana", "removed": "gone"}.get(who, who)) as client:
        assert client.get("/config").status_code == (200 if who in {"expired", "removed"} else 401)
        if who == "expired":
            place.clock.now = IDLE_S + 1
        if who == "removed":
            with edited(place.users) as users:
                del users["gone"]
        for method, path, options in BEHIND:
            response = client.request(method, path, **options)
            refused = 403 if "/file=" in path else 401  # a file outside the folder is nobody's
            assert response.status_code == refused, (method, path)
            assert "teachers" not in response.text and "Ask" not in response.text
            assert "content-security-policy" in response.headers


@pytest.mark.parametrize("who", ["ana", "ben", "ana's key", "ben's key"])
def test_users_get_everything_and_admins_may_upload(place, who):
    with place.come(who) as client:
        for path in ("/", "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/theme.css", "/v1/models"):
            assert client.get(path).status_code == 200, path
        uploaded = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")})
        assert uploaded.status_code == (200 if who.startswith("ana") else 403)
        said = json.loads(event(client, WHO, [None], session=f"s {who}"))
        assert said == {"user": [who[:3]], "admin": who.startswith("ana"), "name": who[:3]}


def test_what_is_open_says_nothing(place):
    with place.come("nobody") as client:
        assert client.get("/healthz").text == "ok"
        assert client.get("/login.css").headers["content-type"].startswith("text/css")
        assert "Small" not in client.get("/login").text  # the reports' names neither
        for path in ("/login_check", "/token", "/user", "/docs", "/openapi.json", "/app_id", "/gradio_api/user"):
            assert client.get(path).status_code == 403, path


def test_a_browser_is_sent_to_the_login_and_back(place):
    with browser(place.address) as client:
        html = {"accept": "text/html,*/*"}
        response = client.get("/page/peru", headers=html)
        assert (response.status_code, response.headers["location"]) == (303, "/login?next=/page/peru")
        form = client.get(response.headers["location"], headers=html)
        assert 'name="next" value="/page/peru"' in form.text
        assert log_in(client, "ben", next="/page/peru").headers["location"] == "/page/peru"
        assert client.get("/login").headers["location"] == "/"


@pytest.mark.parametrize(
    "goal",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1", "/login", ""],
)
def test_the_login_leads_to_no_other_site(place, goal):
    with browser(place.address) as client:
        assert 'value="/"' in client.get("/login", params={"next": goal}).text
        assert log_in(client, "ben", next=goal).headers["location"] == "/"


def test_what_the_form_shows_again_is_escaped(place):
    with browser(place.address) as client:
        page = client.get("/login", params={"next": '/"><script>1</script>'}).text
        assert "<script>" not in page and "&quot;&gt;" in page
        page = log_in(client, 'ana"><script>', "a wrong password").text
        assert "<script>" not in page and 'value="ana&quot;&gt;' in page and "a wrong password" not in page


def test_the_cookie_is_strict_and_changes_at_each_login(place):
    with browser(place.address) as client:
        cookies = []
        for _ in range(2):
            header = log_in(client, "ana").headers["set-cookie"]
            assert header.endswith("; Path=/; HttpOnly; SameSite=Strict")
            cookies.append(re.match(r"reportqa-session=([\w-]{43});", header)[1])
        assert cookies[0] != cookies[1]
    for cookie, status in zip(cookies, (401, 200), strict=True):  # the first session has ended
        with browser(place.address, cookies={"reportqa-session": cookie}) as client:
            assert client.get("/config").status_code == status


def test_logging_out_ends_the_session(place):
    with place.come("ben") as client:
        cookie = client.cookies["reportqa-session"]
        assert '<form method="post" action="/logout">' in client.get("/logout").text
        assert client.get("/config").status_code == 200  # a link alone does not log out
        left = client.post("/logout")
        assert left.headers["location"] == "/login" and "Max-Age=0" in left.headers["set-cookie"]
    with browser(place.address, cookies={"reportqa-session": cookie}) as client:
        assert client.get("/config").status_code == 401


@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"host": "evil.example"}])
def test_other_sites_log_nobody_in_or_out(place, path, headers):
    with place.come("ben") as client:
        data = {"user": "ana", "password": PASSWORD}
        assert client.post(path, data=data, headers=headers).status_code == 403
        assert client.get("/config").status_code == 200


def test_a_changed_password_ends_the_sessions(place):
    with place.come("ben") as client:
        assert client.get("/config").status_code == 200
        with edited(place.users) as users:
            users["ben"]["password"] = hash_password("another long one")
        assert client.get("/config").status_code == 401


def test_failed_logins_are_slowed_down_and_then_refused(place, caplog):
    with browser(place.address) as client:
        for _ in range(4):
            wrong = log_in(client, "ana", "not her password")
            assert wrong.status_code == 401 and 'role="alert"' in wrong.text
        locked = log_in(client, "ana")  # even the right password now has to wait
        assert locked.status_code == 429 and int(locked.headers["retry-after"]) >= 1
        spanish = client.post("/login?lang=es", data={"user": "ana", "password": "x"})
        assert "Demasiados intentos fallidos" in spanish.text and '<html lang="es">' in spanish.text
        assert log_in(client, "nobody-there", "not her password").status_code == 401  # as for a user that exists
    assert "Failed login of 'ana' from 127.0.0.1" in caplog.text
    assert "not her password" not in caplog.text


def test_two_hundred_wrong_passwords_get_nowhere(place):
    with browser(place.address) as client:
        statuses = [log_in(client, "ana", f"wrong password {n}").status_code for n in range(200)]
    assert statuses.count(401) <= 10
    assert set(statuses) <= {401, 429}


def test_a_program_of_another_host_name_needs_a_key(place):
    port = place.address.rpartition(":")[2]
    headers = {"host": f"host.docker.internal:{port}"}
    with place.come("ben's key") as program, place.come("ben") as person:
        assert program.get("/v1/models", headers=headers).status_code == 200
        assert program.get("/v1/models", headers={**headers, "origin": "https://evil.example"}).status_code == 403
        assert person.get("/v1/models", headers=headers).status_code == 403


def test_nobody_uses_the_session_of_another(place):
    with place.come("ana") as ana, place.come("ben") as ben:
        assert json.loads(event(ana, WHO, [None], session="hers"))["user"] == ["ana"]
        assert event(ben, WHO, [None], session="hers").status_code == 403
        for path in ("/gradio_api/queue/data?session_hash=hers", "/gradio_api/heartbeat/hers"):
            assert ben.get(path).status_code == 403
        cancel = {"session_hash": "hers", "fn_index": 0, "event_id": "x"}
        assert ben.post("/gradio_api/cancel", json=cancel).status_code == 403
        assert json.loads(event(ana, WHO, [None], session="hers"))["user"] == ["ana", "ana"]


def test_limits_count_each_user(tmp_path):
    write_users(tmp_path / "users.toml", ana=True, ben=False)
    access = LoginAccess(Users(tmp_path / "users.toml"))
    body = {"messages": [{"role": "user", "content": "teachers workshop"}]}
    limits = Limits(rates={"question": Rate(3, 0.1)})
    with site(site=Site(access=access), limits=limits) as address, browser(address) as ana, browser(address) as ben:
        log_in(ana, "ana"), log_in(ben, "ben")
        statuses = [ana.post("/v1/chat/completions", json=body).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        assert event(ana, QUESTION, ["teachers workshop"]).status_code == 429
        assert ben.post("/v1/chat/completions", json=body).status_code == 200


@pytest.mark.parametrize("allow_changes", [False, True])
def test_without_a_login_each_browser_is_a_visitor_of_its_own(allow_changes):
    access = OpenAccess(allow_changes=allow_changes)
    here = site(host="127.0.0.1", site=Site("0.0.0.0", access=access))
    with here as address, browser(address) as one, browser(address) as two:
        cookie = one.get("/").headers["set-cookie"]
        assert "HttpOnly; SameSite=Strict; Max-Age=31536000" in cookie
        assert "set-cookie" not in one.get("/").headers
        two.get("/")
        first, again, other = (
            json.loads(event(client, WHO, [None], session)) for client, session in ((one, "a"), (one, "b"), (two, "c"))
        )
        assert first == again and first["user"] != other["user"]
        assert re.fullmatch(r"visitor-[0-9a-f]{16}", first["user"][0])
        assert first["user"][0].removeprefix("visitor-") not in cookie
        assert first["admin"] is allow_changes
        uploaded = one.post("/gradio_api/upload", files={"files": ("a.txt", b"x")})
        assert uploaded.status_code == (200 if allow_changes else 403)
        assert event(two, WHO, [None], "a").status_code == 403
        assert one.get("/login").status_code == 403


def test_the_login_page_needs_no_script_and_loads_nothing_else(place):
    with browser(place.address) as client:
        response = client.get("/login", headers={"accept-language": "es"})
        assert "script" not in response.text and "http" not in response.text
        assert re.findall(r'(?:href|src)="([^"]+)"', response.text)[0] == "/login.css"
        for name in ("user", "password"):
            assert f'<label for="{name}">' in response.text and f'id="{name}" name="{name}"' in response.text
        assert '<html lang="es">' in response.text and "Contraseña" in response.text
        assert 'href="/login?lang=en&amp;next=/"' in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
        # else a browser would not tell the origin of the form, which the guard asks for
        assert response.headers["referrer-policy"] == "same-origin"


def test_a_login_over_https_sets_a_secure_cookie(tmp_path):
    from ui.guard.asgi import Incoming

    write_users(tmp_path / "users.toml", ana=True)
    access = LoginAccess(Users(tmp_path / "users.toml"))
    incoming = Incoming("POST", "/login", "", {}, "127.0.0.1", is_secure=True)
    assert access.log_in("ana", PASSWORD, incoming).endswith("; Secure")


def test_nobody_asks_without_a_login(place):
    assistant = FakeAssistant()
    with site(assistant, site=Site(access=LoginAccess(Users(place.users)))) as address, browser(address) as client:
        assert event(client, QUESTION, ["teachers workshop"]).status_code == 401
    assert assistant.histories == []
