"""The settings that an office makes, from the environment: typed, checked at start, all problems told at once."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from wenjiuye.rules.errors import Bilingual

KEY_BYTES = 32


class Mode(StrEnum):
    """What the installation is for. Only production refuses keys that nobody set."""

    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"


class EnvironmentProblem(Exception):
    """The environment lacks something or has it wrong; `problems` has a sentence for each."""

    def __init__(self, problems: list[Bilingual]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


class Environment(BaseSettings):
    """Everything that can be set. Names in the environment: WENJIUYE_ and the name in capitals."""

    model_config = SettingsConfigDict(env_prefix="WENJIUYE_", extra="ignore", frozen=True)

    mode: Mode = Mode.DEVELOPMENT
    data: Path = Path(".data")
    """Folder for the database of the embedded server, evidence, keys and files."""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """PostgreSQL 16 or later, as the application's role. Empty: the embedded server."""
    owner_url: str = Field(default="", validation_alias="DATABASE_OWNER_URL")
    """The same database as the role that owns the tables, for migrations."""
    secret_key: str = ""
    field_key: str = ""
    """32 bytes in base64 that personal data is encrypted with. Several, with commas: the first encrypts, each decrypts
    what it encrypted."""
    index_key: str = ""
    """32 bytes in base64 that personal data is found by."""
    hosts: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "localhost")
    public_url: str = "http://127.0.0.1:8000"
    port: int = Field(default=8000, ge=1, le=65535)
    mail_url: str = ""
    """smtp://user:password@host:port, or smtps://. Empty: mail is written to the folder `mail`."""
    clamav_socket: str = ""
    """Socket of a ClamAV daemon that looks at evidence. Empty: none."""
    require_second_factor: bool | None = None
    """Whether officers need a second factor before the desk opens. Not set: in production yes, elsewhere no."""
    oidc_name: str = ""
    oidc_url: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("field_key")
    @classmethod
    def _are_keys(cls, value: str) -> str:
        return ",".join(_checked_key(part.strip()) for part in value.split(",")) if value else value

    @field_validator("index_key")
    @classmethod
    def _is_a_key(cls, value: str) -> str:
        return _checked_key(value) if value else value

    @model_validator(mode="after")
    def _together(self) -> Environment:
        if bool(self.oidc_url) != bool(self.oidc_client):
            raise ValueError("WENJIUYE_OIDC_URL and WENJIUYE_OIDC_CLIENT belong together")
        return self

    @property
    def embedded(self) -> bool:
        """Whether the database is our own."""
        return not self.database_url

    @property
    def field_keys(self) -> tuple[str, ...]:
        """The keys that personal data is read with; the first is the one that it is written with."""
        return tuple(self.field_key.split(","))

    @property
    def wants_second_factor(self) -> bool:
        """Whether officers need a second factor."""
        if self.require_second_factor is None:
            return self.mode is Mode.PRODUCTION
        return self.require_second_factor

    @property
    def evidence(self) -> Path:
        """Where evidence is kept: outside of everything that a web server serves."""
        return self.data / "evidence"


def read_environment(given: Mapping[str, str] | None = None) -> Environment:
    """The environment, complete; keys that nobody set are made once and kept in `<data>/keys`.

    given: in the place of the process's own environment. EnvironmentProblem: with everything that is wrong.
    """
    before = dict(os.environ)
    if given is not None:
        os.environ.clear()
        os.environ.update(given)
    try:
        found = Environment()
    except ValidationError as problem:
        raise EnvironmentProblem([_told(error) for error in problem.errors()]) from None
    finally:
        if given is not None:
            os.environ.clear()
            os.environ.update(before)
    if found.mode is Mode.PRODUCTION:
        lacking = _lacking(found)
        if lacking:
            raise EnvironmentProblem(lacking)
        return found
    made = {
        name: _kept(found.data / "keys" / name)
        for name in ("secret_key", "field_key", "index_key")
        if not getattr(found, name)
    }
    return found.model_copy(update=made)


def _checked_key(value: str) -> str:
    if len(base64.b64decode(value, validate=True)) != KEY_BYTES:
        raise ValueError(f"{KEY_BYTES} bytes in base64 are wanted")
    return value


def _told(error: Any) -> Bilingual:
    name = str(error["loc"][0]) if error["loc"] else ""
    name = name if name.isupper() else f"WENJIUYE_{name.upper()}" if name else ""
    return Bilingual(
        f"环境变量 {name} 有误：{error['msg']}" if name else f"环境变量有误：{error['msg']}",
        f"{name}: {error['msg']}" if name else error["msg"],
    )


def _lacking(found: Environment) -> list[Bilingual]:
    """What production must have and does not."""
    problems = [
        Bilingual(
            f"缺少环境变量 WENJIUYE_{name.upper()}（{zh}）", f"WENJIUYE_{name.upper()} is missing ({en})"
        )
        for name, zh, en in (
            ("secret_key", "会话签名密钥", "signs sessions"),
            ("field_key", "个人信息加密密钥，32 字节 base64", "encrypts personal data, 32 bytes in base64"),
            ("index_key", "个人信息检索密钥，32 字节 base64", "finds personal data, 32 bytes in base64"),
        )
        if not getattr(found, name)
    ]
    if found.secret_key and len(found.secret_key) < 50:
        problems.append(
            Bilingual("WENJIUYE_SECRET_KEY 至少 50 个字符", "WENJIUYE_SECRET_KEY wants 50 characters")
        )
    if set(found.hosts) <= {"127.0.0.1", "localhost"} or "*" in found.hosts:
        problems.append(
            Bilingual(
                "WENJIUYE_HOSTS 应列出本系统的域名", "WENJIUYE_HOSTS should list the names of this site"
            )
        )
    if not found.public_url.startswith("https://"):
        problems.append(
            Bilingual("WENJIUYE_PUBLIC_URL 应以 https:// 开头", "WENJIUYE_PUBLIC_URL should be https://")
        )
    if found.database_url and not found.owner_url:
        problems.append(
            Bilingual(
                "设了 DATABASE_URL 也要设 DATABASE_OWNER_URL（建表用的角色）",
                "with DATABASE_URL set, DATABASE_OWNER_URL (the role that owns the tables) is needed too",
            )
        )
    return problems


def _kept(path: Path) -> str:
    """A key that was made before, or a new one that only the owner can read."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(), "ascii")
        new.replace(path)
    return path.read_text("ascii")
