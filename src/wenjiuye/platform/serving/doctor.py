"""The doctor: looks at everything that the system stands on, and says what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wenjiuye.platform.config.environment import Mode
from wenjiuye.platform.database import roles
from wenjiuye.platform.record import chain
from wenjiuye.platform.workdays.calendar import unknown_years
from wenjiuye.population.errors import MissingPackageError
from wenjiuye.population.font import font_file
from wenjiuye.rules.errors import Bilingual

LEAST_DISK = 2 * 2**30
"""Bytes that should be free."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. good: None where it is only to be known."""

    what: Bilingual
    good: bool | None
    told: Bilingual


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after another; what cannot be looked at is a finding too."""
    for look in _LOOKS:
        try:
            yield look()
        except Exception as problem:
            name = look.__name__.strip("_")
            yield Finding(
                Bilingual(name, name),
                False,
                Bilingual(f"无法检查：{problem}", f"cannot be looked at: {problem}"),
            )


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)


def _ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row is not None else None


def _database() -> Finding:
    version = str(_ask("SHOW server_version"))
    return Finding(Bilingual("数据库", "database"), True, _same(f"PostgreSQL {version}"))


def _locale() -> Finding:
    alike = float(str(_ask("SELECT similarity('许昌市人力资源', '许昌市人力')")))
    what = Bilingual("字符分类", "locale")
    if alike > 0:
        return Finding(what, True, Bilingual("中文搜索可用", "search over Chinese works"))
    return Finding(
        what,
        False,
        Bilingual(
            "中文搜索不会有结果；请用 C.UTF-8 重建数据库",
            "search over Chinese finds nothing; create the database with C.UTF-8",
        ),
    )


def _extensions() -> Finding:
    what, wanted = Bilingual("扩展", "extensions"), {"btree_gist", "pg_trgm"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        lacking = wanted - {row[0] for row in cursor.fetchall()}
    if lacking:
        names = ", ".join(sorted(lacking))
        return Finding(
            what,
            False,
            Bilingual(f"缺 {names}，请由管理员 CREATE EXTENSION", f"{names} is missing: CREATE EXTENSION"),
        )
    return Finding(what, True, _same(", ".join(sorted(wanted))))


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    what = Bilingual("数据表", "tables")
    if plan:
        return Finding(
            what,
            False,
            Bilingual(
                f"还有 {len(plan)} 个升级没有做；重启即可", f"{len(plan)} migrations are waiting; restart"
            ),
        )
    return Finding(what, True, Bilingual("是最新的", "up to date"))


def _rights() -> Finding:
    what = Bilingual("数据库权限", "rights in the database")
    owned = int(
        str(_ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"))
    )
    superuser = str(_ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) == "True"
    if owned or superuser:
        return Finding(
            what,
            False,
            Bilingual(
                f"程序用的角色拥有 {owned} 张表或是超级用户，审计触发器可以被关掉；请改用 {roles.APPLICATION}",
                f"the application's role owns {owned} tables or is a superuser and could switch triggers off; "
                f"use {roles.APPLICATION}",
            ),
        )
    return Finding(what, True, Bilingual("程序的角色不拥有任何表", "the application's role owns nothing"))


def _chain() -> Finding:
    held, broken = chain.verify()
    what = Bilingual("决定记录链", "chain of decisions")
    if broken is not None:
        return Finding(
            what, False, Bilingual(f"第 {broken.seq} 条：{broken.zh}", f"link {broken.seq}: {broken.en}")
        )
    return Finding(what, True, Bilingual(f"{held} 条，完整", f"{held} links, whole"))


def _fonts() -> Finding:
    what = Bilingual("字体", "fonts")
    try:
        font_file()
    except MissingPackageError:
        return Finding(
            what, False, Bilingual("找不到中文字体，文书会是空白", "no Chinese font: letters would be blank")
        )
    return Finding(what, True, Bilingual("随程序安装", "they come with the program"))


def _holidays() -> Finding:
    what, lacking = Bilingual("节假日", "holidays"), unknown_years(timezone.localdate())
    if lacking:
        years = ", ".join(map(str, lacking))
        return Finding(
            what,
            None,
            Bilingual(
                f"{years} 年的放假安排还没有；在“节假日”里录入之前，只按周末推算期限",
                f"the calendar of {years} is not known; until it is entered, deadlines take only weekends off",
            ),
        )
    return Finding(what, True, Bilingual("已知", "known"))


def _disk() -> Finding:
    free = shutil.disk_usage(settings.ENVIRONMENT.data).free
    what = Bilingual("磁盘", "disk")
    told = Bilingual(f"剩余 {free / 2**30:.1f} GiB", f"{free / 2**30:.1f} GiB free")
    return Finding(what, free >= LEAST_DISK, told)


def _time() -> Finding:
    told = _ask("SELECT now()")
    assert isinstance(told, dt.datetime)
    apart = abs((timezone.now() - told).total_seconds())
    what = Bilingual("时间", "time")
    if apart > 5:
        return Finding(
            what,
            False,
            Bilingual(
                f"程序与数据库的时钟差 {apart:.0f} 秒；请校时",
                f"program and database are {apart:.0f} s apart; set the clocks",
            ),
        )
    return Finding(what, True, _same(f"{timezone.localtime():%Y-%m-%d %H:%M} {settings.TIME_ZONE}"))


def _mail() -> Finding:
    what, address = Bilingual("邮件", "mail"), settings.ENVIRONMENT.mail_url
    if not address:
        return Finding(
            what,
            None,
            Bilingual(
                f"没有设 WENJIUYE_MAIL_URL，邮件写入 {settings.EMAIL_FILE_PATH}",
                f"WENJIUYE_MAIL_URL is not set; mail is written to {settings.EMAIL_FILE_PATH}",
            ),
        )
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 25), timeout=5).close()
    except OSError as problem:
        return Finding(
            what,
            False,
            Bilingual(f"连不上 {parts.hostname}：{problem}", f"{parts.hostname} does not answer: {problem}"),
        )
    return Finding(what, True, _same(str(parts.hostname)))


def _mode() -> Finding:
    mode = settings.ENVIRONMENT.mode
    what = Bilingual("用途", "mode")
    if mode is Mode.PRODUCTION:
        return Finding(what, True, Bilingual("正式运行", "production"))
    return Finding(
        what,
        None,
        Bilingual(
            f"{mode}；正式运行请设 WENJIUYE_MODE=production",
            f"{mode}; set WENJIUYE_MODE=production for real use",
        ),
    )


_LOOKS: tuple[Callable[[], Finding], ...] = (
    _mode,
    _database,
    _locale,
    _extensions,
    _migrations,
    _rights,
    _chain,
    _fonts,
    _holidays,
    _disk,
    _time,
    _mail,
)
