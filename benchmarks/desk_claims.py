"""A million claims for the benchmark of the desk: made inside the database, spread like those of a city in a year."""

from __future__ import annotations

import time

import psycopg

MEASURES = (
    ("hiring_subsidy", 30, 200_000),
    ("hiring_insurance_subsidy", 12, 900_000),
    ("internship_subsidy", 9, 1_100_000),
    ("graduate_flexible_insurance_subsidy", 14, 400_000),
    ("returnee_startup_subsidy", 5, 500_000),
    ("hardship_graduate_subsidy", 8, 200_000),
    ("stability_refund", 6, 5_000_000),
    ("migrant_travel_subsidy", 8, 60_000),
    ("work_for_training_subsidy", 5, 2_000_000),
    ("full_employment_community_subsidy", 1, 2_000_000),
    ("park_tenant_cost_subsidy", 1, 300_000),
    ("rural_platform_subsidy", 1, 100_000),
)
"""Measure, its share in per cent, and the largest sum in fen."""
COUNTIES = (
    ("yuzhou", 22), ("weidu", 17), ("jianan", 16), ("changge", 15), ("xiangcheng", 12),
    ("yanling", 9), ("demonstration_zone", 4), ("development_zone", 3), ("dongcheng", 2),
)  # fmt: skip
STATES = (
    ("paid", "nobody", 640), ("refused", "nobody", 85), ("withdrawn", "nobody", 30), ("recovered", "nobody", 3),
    ("submitted", "clerk", 30), ("accepted", "reviewer", 25), ("under_review", "reviewer", 45),
    ("under_review", "approver", 30), ("returned", "claimant", 20), ("draft", "claimant", 10),
    ("approved", "accountant", 15), ("in_publicity", "public", 30), ("confirmed", "accountant", 12),
    ("in_payment", "accountant", 15), ("payment_failed", "accountant", 3), ("under_appeal", "approver", 2),
    ("suspended", "approver", 3), ("being_recovered", "accountant", 2),
)  # fmt: skip
"""State, whose turn it is, and its share in per mille."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "伟",
    "芳",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
)
BRANDS = (
    "众诚", "禾木", "永兴", "清源", "归雁", "方圆", "佳和", "瑞德", "文峰", "田野", "鼎盛", "恒达", "金穗", "华美",
    "中原", "天成", "宏远", "春晖", "新禾", "万通",
)  # fmt: skip
TRADES = (
    "电气",
    "家居",
    "纺织",
    "食品",
    "农业",
    "机械",
    "物流",
    "陶瓷",
    "电子",
    "商贸",
    "建材",
    "服饰",
    "科技",
    "制药",
    "包装",
)
OFFICERS = (
    ("bench_clerk", "clerk", "weidu"), ("bench_reviewer", "reviewer", "yuzhou"), ("bench_approver", "approver", ""),
    ("bench_auditor", "auditor", ""),
    *((f"bench_{role}_{county}", role, county) for role in ("clerk", "reviewer") for county, _share in COUNTIES),
)  # fmt: skip


def load(superuser: str, number: int) -> float:
    """Fill an empty database with so many claims; the seconds it took, 0 if they are there. superuser: an address."""
    from wenjiuye.platform.claims import rules_in_force
    from wenjiuye.platform.claims.facts import read_by

    with psycopg.connect(superuser, autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM (SELECT 1 FROM claims_claim LIMIT 1) one").fetchone()
        if row is not None and row[0]:
            return 0.0
        started = time.perf_counter()
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.2020)")
        for name, rows in (
            ("measures", [(name, share, sum_fen) for name, share, sum_fen in MEASURES]),
            ("counties", [(name, share, 0) for name, share in COUNTIES]),
            ("states", [(f"{state} {turn}", share, 0) for state, turn, share in STATES]),
        ):
            connection.execute(f"CREATE TEMP TABLE {name} (name text, share int, most bigint)")
            for one in rows:
                connection.execute(f"INSERT INTO {name} VALUES (%s, %s, %s)", one)
            connection.execute(
                f"CREATE TEMP TABLE {name}_wheel AS SELECT row_number() OVER () AS at, name, most "
                f"FROM {name}, generate_series(1, share)"
            )
        connection.execute(
            "CREATE TEMP TABLE clauses (name text, clause text, departments text[], subject text, facts text[])"
        )
        for name, _share, _most in MEASURES:
            measure = rules_in_force.measure(name)
            departments = list(rules_in_force.departments(measure.clause))
            connection.execute(
                "INSERT INTO clauses VALUES (%s, %s, %s, %s, %s)",
                [name, measure.clause, departments, measure.subject.id, read_by(measure)],
            )
        _officers(connection)
        version = rules_in_force.policy_in_force().version
        for statement in (_DICE, _CLAIMS, _DETERMINATIONS, _DECISIONS, _STATEMENTS):
            connection.execute(
                statement,
                {
                    "number": number, "surnames": list(SURNAMES), "given": list(GIVEN), "brands": list(BRANDS),
                    "trades": list(TRADES), "version": version,
                },
            )  # fmt: skip
        connection.execute("VACUUM ANALYZE")
        return time.perf_counter() - started


def _officers(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for username, role, county in OFFICERS:
        connection.execute(
            "WITH made AS (INSERT INTO accounts_user (username, name, password, is_superuser, is_staff, is_active,"
            " email, date_joined, work_phone) VALUES (%(u)s, %(u)s, '!', false, false, true, '', now(), '')"
            " RETURNING id) INSERT INTO accounts_appointment (user_id, role, county, department, starts_on)"
            " SELECT id, %(r)s, %(c)s, '', '2020-01-01' FROM made",
            {"u": username, "r": role, "c": county},
        )
    connection.execute(
        "INSERT INTO claims_savedview (user_id, name, query, created_at) SELECT id, view.name, view.query, now()"
        " FROM accounts_user, (VALUES ('毕业生', 'view=mine&measure=hardship_graduate_subsidy'),"
        " ('5 千元以上', 'view=mine&from=5000'), ('待定', 'view=mine&verdict=undetermined')) view (name, query)"
        " WHERE username LIKE 'bench%'"
    )


# One throw of the dice for each claim, so that what is drawn fits together.
_DICE = """
CREATE TEMP TABLE dice AS
SELECT id, m.name AS measure, m.most, c.name AS county, split_part(s.name, ' ', 1) AS state,
       split_part(s.name, ' ', 2) AS turn, r1, r2, r3, r4, r5
  FROM (SELECT id, random() r1, random() r2, random() r3, random() r4, random() r5,
               1 + floor(random() * (SELECT count(*) FROM measures_wheel))::int AS at_m,
               1 + floor(random() * (SELECT count(*) FROM counties_wheel))::int AS at_c,
               1 + floor(random() * (SELECT count(*) FROM states_wheel))::int AS at_s
          FROM generate_series(1, %(number)s) id) thrown
  JOIN measures_wheel m ON m.at = at_m JOIN counties_wheel c ON c.at = at_c JOIN states_wheel s ON s.at = at_s
"""

_CLAIMS = """
INSERT INTO claims_claim (id, number, measure, clause, subject_kind, subject_key, claimant_kind, claimant_key,
    claimant_name, county, departments, source, applied_on, state, turn, round, version, since, due_on, due_sure,
    assigned_to_id, created_by_id, created_at, reason, determination_id, verdict, amount_fen, low_fen, high_fen,
    open_conflicts, approvals_needed, sampled, payee_name, payee_bank)
SELECT id, to_char(applied, 'YYMMDD') || '-' || lpad(id::text, 7, '0'), measure, clause, subject, 'S' || id,
       CASE WHEN is_person THEN 'person' ELSE 'enterprise' END, 'K' || (id / 2),
       CASE WHEN is_person
            THEN (%(surnames)s::text[])[1 + floor(r1 * 20)] || (%(given)s::text[])[1 + floor(r2 * 20)]
            ELSE CASE WHEN r3 < 0.5 THEN '许昌' ELSE '' END || (%(brands)s::text[])[1 + floor(r1 * 20)]
                 || (%(trades)s::text[])[1 + floor(r2 * 15)] || '有限公司' END,
       county, departments, 'counter', applied, state, turn,
       CASE WHEN state IN ('draft', 'submitted', 'accepted', 'returned') THEN 0 WHEN r4 < 0.03 THEN 2 ELSE 1 END, 4,
       CASE WHEN is_open THEN now() - make_interval(days => floor(r4 * r4 * 25)::int) ELSE applied + 20 END,
       CASE WHEN is_open THEN current_date - 6 + floor(r5 * 20)::int END, true,
       CASE WHEN is_open AND r3 > 0.9 THEN officers[1 + floor(r2 * array_length(officers, 1))] END,
       officers[1], applied,
       CASE WHEN state IN ('returned', 'refused', 'withdrawn', 'suspended') THEN '材料不全' ELSE '' END,
       id, verdict, CASE verdict WHEN 'eligible' THEN fen END,
       CASE verdict WHEN 'eligible' THEN fen ELSE 0 END, CASE verdict WHEN 'ineligible' THEN 0 ELSE fen END,
       CASE WHEN turn = 'reviewer' AND r1 < 0.04 THEN 1 ELSE 0 END, 1, r1 < 0.02, '', ''
  FROM (SELECT dice.*, clause, departments, subject, subject = 'person' AS is_person, turn <> 'nobody' AS is_open,
               (SELECT array_agg(id ORDER BY id) FROM accounts_user WHERE username LIKE 'bench%%') AS officers,
               current_date - CASE WHEN turn = 'nobody' THEN 20 + floor(r2 * 500) ELSE floor(r2 * 40) END::int
                   AS applied,
               10000 + floor(r3 * r3 * most)::bigint AS fen,
               CASE WHEN state IN ('refused', 'withdrawn') AND r5 < 0.7 THEN 'ineligible'
                    WHEN turn IN ('clerk', 'reviewer', 'claimant') AND r5 < 0.12 THEN 'undetermined'
                    WHEN turn IN ('clerk', 'reviewer', 'claimant') AND r5 < 0.2 THEN 'ineligible'
                    ELSE 'eligible' END AS verdict
          FROM dice JOIN clauses ON clauses.name = dice.measure) drawn
"""

_DETERMINATIONS = """
INSERT INTO claims_determination (id, claim_id, made_at, cause, "on", rules_version, facts, receipt, receipt_hash,
    missing, failing, verdict, amount_fen, low_fen, high_fen)
SELECT id, id, created_at, 'first', applied_on, %(version)s, '{}', '{}', repeat('0', 64), '[]',
       CASE verdict WHEN 'ineligible'
       THEN '[{"zh": "签订劳动合同不满一年", "en": "contract shorter than a year"}]' ELSE '[]'
       END::jsonb, verdict, amount_fen, low_fen, high_fen
  FROM claims_claim
"""

_DECISIONS = """
INSERT INTO claims_decision (claim_id, round, stage, officer_id, outcome, reason, determination_id, at)
SELECT claim.id, round, stage, created_by_id + stage, CASE state WHEN 'refused' THEN 'refuse' ELSE 'grant' END,
       '核对无误', determination_id, since
  FROM claims_claim claim, generate_series(0, 1) stage
 WHERE round > 0 AND turn <> 'reviewer' AND state <> 'withdrawn' AND (stage = 0 OR turn <> 'approver')
"""

_STATEMENTS = """
INSERT INTO claims_statement (claim_id, fact, side, value, origin, as_of, stated_at)
SELECT claim.id, fact, side, CASE WHEN open_conflicts > 0 AND side = 'declared' THEN '24' ELSE '12' END::jsonb,
       '社会保险登记', applied_on, created_at
  FROM claims_claim claim JOIN clauses ON clauses.name = claim.measure, unnest(facts) fact,
       unnest(ARRAY['registry', 'declared']) side
 WHERE turn <> 'nobody' AND (side = 'registry' OR fact = facts[1])
"""
