"""The users' file, its command, hashes, sessions, and what failed logins bring."""

from __future__ import annotations

import argparse
import io
import os
import re
import stat
import time

import pytest
from site_fakes import PASSWORD, write_users

from rag.errors import ConfigError
from ui.users import cli
from ui.users.file import Users, check_name, edited, read_users
from ui.users.lockout import FREE, WINDOW_S, Lockout
from ui.users.passwords import hash_key, hash_password, is_right, new_key
from ui.users.sessions import ABSOLUTE_S, IDLE_S, Sessions


@pytest.fixture
def path(tmp_path):
    return tmp_path / "users.toml"


def run(monkeypatch, *words: str, typed: str = "") -> None:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    args = parser.parse_args(["user", *words])
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert args.run(args) == 0


def test_the_command_adds_lists_changes_and_removes(path, monkeypatch, capsys):
    run(monkeypatch, "add", "ana", "--admin", "--users", str(path), typed=f"{PASSWORD}\n")
    run(monkeypatch, "add", "ben@example.org", "--users", str(path), typed=f"{PASSWORD}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert PASSWORD not in text and text.count("$argon2id$") == 2
    run(monkeypatch, "key", "ana", "--users", str(path))
    key = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"rqa-[\w-]{43}", key) and key not in path.read_text()
    assert Users(path).with_key(hash_key(key)).name == "ana"
    run(monkeypatch, "list", "--users", str(path))
    assert capsys.readouterr().out == "ana (admin, API key)\nben@example.org\n"
    run(monkeypatch, "password", "ana", "--users", str(path), typed="another long one\n")
    user = read_users(path)["ana"]
    assert is_right("another long one", user.password) and not is_right(PASSWORD, user.password)
    assert user.admin and user.key == hash_key(key)
    run(monkeypatch, "remove", "ana", "--users", str(path))
    assert list(read_users(path)) == ["ben@example.org"]
    assert [file.name for file in path.parent.iterdir()] == ["users.toml"]


def test_comments_stay(path, monkeypatch):
    write_users(path, ana=True)
    path.write_text("# Who may come in\n" + path.read_text() + "# the end\n")
    run(monkeypatch, "add", "ben", "--users", str(path), typed=f"{PASSWORD}\n")
    assert path.read_text().startswith("# Who may come in\n") and "# the end" in path.read_text()
    assert list(read_users(path)) == ["ana", "ben"]


@pytest.mark.parametrize(
    ("words", "typed", "message"),
    [
        (["add", "ana"], PASSWORD, "has a user 'ana' already"),
        (["add", "ben"], "too short", "10 to 1,?000 characters; this one has 9"),
        (["add", "ben"], "", "this one has 0"),
        (["add", "local"], PASSWORD, "cannot be the name"),
        (["add", "visitor-1"], PASSWORD, "cannot be the name"),
        (["add", "a b"], PASSWORD, "cannot be the name"),
        (["add", ""], PASSWORD, "cannot be the name"),
        (["add", "x" * 65], PASSWORD, "cannot be the name"),
        (["remove", "ben"], "", "no user 'ben'. It has: ana"),
        (["password", "ben"], PASSWORD, "no user 'ben'"),
        (["key", "ben"], "", "no user 'ben'"),
    ],
)
def test_what_the_command_refuses_changes_nothing(path, monkeypatch, words, typed, message):
    write_users(path, ana=True)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=message):
        run(monkeypatch, *words, "--users", str(path), typed=typed)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["users.toml"]


def test_passwords_that_are_typed_must_be_the_same_twice(path, monkeypatch):
    typed = iter([PASSWORD, PASSWORD + "!"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    args = argparse.Namespace(name="ana", admin=False, users=path)
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    with pytest.raises(ConfigError, match="differ"):
        cli._add(args)
    assert not path.exists()


def test_names_of_people_are_names():
    for name in ("ana", "José.Ñ", "ben@example.org", "x1", "O+o", "李"):
        check_name(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[users", "not valid TOML"),
        ("\xff", "not valid TOML"),
        ("[people.ana]\n", r"only tables \[users.NAME\]"),
        ("users = 1\n", r"only tables"),
        ("[users]\nana = 1\n", r"\[users.ana\]: must be a table"),
        ("[users.ana]\n", "password is not an Argon2id hash"),
        ('[users.ana]\npassword = "secret"\n', "password is not an Argon2id hash.*user password ana"),
        ('[users.ana]\npassword = "HASH"\nadmin = "yes"\n', "admin must be true or false"),
        ('[users.ana]\npassword = "HASH"\nrole = "x"\n', "there is no 'role'"),
        ('[users.ana]\npassword = "HASH"\nkey = "rqa-x"\n', "not the hash of an API key"),
        ('[users.local]\npassword = "HASH"\n', "cannot be the name"),
    ],
)
def test_a_malformed_file_is_refused_and_says_where(path, text, message):
    path.touch(mode=0o600)
    path.write_text(text.replace("HASH", hash_password(PASSWORD)), "latin-1")
    with pytest.raises(ConfigError, match=message) as caught:
        read_users(path)
    assert str(path) in str(caught.value) and "secret" not in str(caught.value)
    with pytest.raises(ConfigError), edited(path):
        pass


def test_a_missing_or_empty_file_says_what_to_do(path):
    with pytest.raises(ConfigError, match="There is no file .*reportqa user add NAME"):
        Users(path)
    with edited(path):
        pass
    with pytest.raises(ConfigError, match="holds no users: add one with `reportqa user add"):
        Users(path)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_open_is_refused(path, mode):
    write_users(path, ana=True)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_users(path)


def test_changes_of_the_file_hold_at_once(path, caplog):
    keys = write_users(path, ana=True, ben=False)
    users = Users(path)
    with edited(path) as table:
        del table["ben"]
        table["ana"]["admin"] = False
    assert users.find("ben") is None and users.with_key(hash_key(keys["ben"])) is None
    assert users.find("ana").admin is False
    path.write_text("[users")
    assert users.find("ana") is not None  # half saved: what was there goes on
    assert users.find("ana") is not None and caplog.text.count("not valid TOML") == 1
    path.unlink()
    assert users.find("ana") is None


def test_a_user_does_not_show_its_hashes(path):
    write_users(path, ana=True)
    shown = repr(read_users(path)["ana"])
    assert "argon2" not in shown and "sha256" not in shown


def test_hashes_are_salted_and_slow():
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second and first.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert is_right(PASSWORD, first) and not is_right(PASSWORD + "x", first)
    assert not is_right(PASSWORD, None) and not is_right("", None) and not is_right(PASSWORD, "not a hash")
    assert is_right("contraseña larga".replace("ñ", "n\u0303"), hash_password("contraseña larga"))
    assert not is_right("\ud800" * 20, first)


def test_an_unknown_user_costs_as_much_as_a_known_one():
    hashed = hash_password(PASSWORD)

    def cost(value: str | None) -> float:
        started = time.process_time()
        for _ in range(3):
            is_right("a wrong password", value)
        return time.process_time() - started

    assert cost(None) > cost(hashed) / 4  # without a hash at all it would be thousands of times less


def test_keys_are_random():
    assert new_key() != new_key() and len(new_key()) == 47


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_sessions_end_when_idle_and_in_any_case():
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.start("ana", "hash")
    assert sessions.find(token) == ("ana", "hash") and sessions.find(token + "x") is None
    clock.now = IDLE_S
    assert sessions.find(token) == ("ana", "hash")
    clock.now = 2 * IDLE_S + 1
    assert sessions.find(token) is None
    token, started = sessions.start("ana", "hash"), clock.now
    while clock.now - started < ABSOLUTE_S:
        assert sessions.find(token) is not None
        clock.now += IDLE_S / 2
    clock.now += 1
    assert sessions.find(token) is None
    token = sessions.start("ana", "hash")
    sessions.end(token)
    assert sessions.find(token) is None


def test_lockout_doubles_the_wait_and_then_refuses_for_ten_minutes():
    clock = Clock()
    lockout = Lockout(clock)
    waits = []
    for _ in range(10):
        wait = lockout.begin("ana", "10.0.0.1")
        if wait:
            waits.append(wait)
            clock.now += wait
            assert lockout.begin("ana", "10.0.0.1") == 0
    assert waits == [1, 2, 4, 8, 16, 32]
    assert lockout.begin("Ana", "10.0.0.1") == WINDOW_S - clock.now  # capitals do not make another user
    assert lockout.begin("ana", "10.0.0.2") == 0  # she herself, from elsewhere, still comes in
    assert lockout.begin("ben", "10.0.0.1") == 0
    clock.now = 2 * WINDOW_S
    assert lockout.begin("ana", "10.0.0.1") == 0


def test_lockout_of_an_address_and_of_a_user_from_many():
    lockout = Lockout(Clock())
    assert [lockout.begin(f"user{n}", "10.0.0.1") for n in range(30)] == [0] * 30
    assert lockout.begin("another", "10.0.0.1") == WINDOW_S
    assert [lockout.begin("ana", f"10.1.0.{n}") for n in range(50)] == [0] * 50
    assert lockout.begin("ana", "10.2.0.1") == WINDOW_S


def test_a_login_clears_the_users_own_failures_only():
    lockout = Lockout(Clock())
    for _ in range(20):
        for _ in range(FREE - 1):
            assert lockout.begin("ana", "10.0.0.1") == 0
        lockout.succeeded("ana", "10.0.0.1")
        if lockout.begin("ben", "10.0.0.1"):
            break
    else:
        raise AssertionError("whoever can log in could guess other passwords for ever")
