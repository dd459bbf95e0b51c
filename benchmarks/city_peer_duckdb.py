"""The subset of a city in DuckDB's SQL: from the tables of a registry to verdicts and amounts in Parquet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from benchmarks.city_subset import TABLES, CityFigures, columns


def decide(registry: Path, out: Path, v: CityFigures) -> None:
    """Write `<subject>/all.parquet` for hires, employers and people."""
    connection = duckdb.connect()
    for name in TABLES:
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{registry / name}/*.parquet')")
    for name, frame in (("size_standard", v.size_standard), ("benefit", v.benefit)):
        _small_table(connection, name, frame)
    names = _names(v)
    for name, sql in (("open_firms", _OPEN_FIRMS), ("firms", _FIRMS), ("hires", _HIRES)):
        connection.execute(f"CREATE TEMP TABLE {name} AS {sql.format(**names)}")
    for subject, sql in (("enterprise", _ENTERPRISES), ("person", _PEOPLE), ("hire", _HIRE_MEASURES)):
        query = sql.format(**names)
        wanted = ", ".join(f'"{c}"' for c in columns(subject, connection.sql(query).columns))
        (out / subject).mkdir(parents=True, exist_ok=True)
        file = out / subject / "all.parquet"
        connection.execute(
            f"COPY (SELECT {wanted} FROM ({query})) TO '{file}' (CODEC 'zstd', COMPRESSION_LEVEL 1)"
        )
    connection.close()


def _small_table(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    kinds = {pl.String: "VARCHAR", pl.Int64: "BIGINT", pl.Boolean: "BOOLEAN"}
    held = ", ".join(f"{column} {kinds[type(dtype)]}" for column, dtype in frame.schema.items())
    connection.execute(f"CREATE TEMP TABLE {name} ({held})")
    connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * frame.width)})", frame.rows())


def _names(v: CityFigures) -> dict[str, object]:
    """What stands for the braces in the SQL: figures, days, and shares as numerator and denominator."""

    def day(value: object) -> str:
        return f"DATE '{value}'"

    shares: dict[str, int] = {}
    for name, (num, den) in v.shares.items():
        shares |= {f"{name}_num": num, f"{name}_den": den}
    return {
        **v.plain,
        **shares,
        "on": day(v.on),
        "settled": day(v.settled),
        "settled_last_day": day(v.settled_last_day),
        "start_of_last_year": day(v.settled.replace(year=v.year(1), month=1)),
        "hired_after": day(v.hired_after),
        "left_school_from": day(v.left_school_from),
        "paid_elsewhere": ", ".join(f"'{name}'" for name in v.paid_elsewhere),
        "year": v.year(0),
        "last_year": v.year(1),
    }


def _any(truth: str) -> str:
    """Whether one of a group is true; unknown where only unknown ones might be."""
    return f"CASE WHEN bool_or({truth}) THEN true WHEN count(*) > count({truth}) THEN NULL ELSE false END"


def _share(amount: str, share: str) -> str:
    return f"(({amount}) * (2 * {{{share}_num}}) + {{{share}_den}}) // (2 * {{{share}_den}})"


_OPEN_FIRMS = """
SELECT id, industry FROM enterprise
WHERE NOT (coalesce(registered_on > {on}, false) OR coalesce(deregistered_on <= {on}, false))
"""

_FIRMS = f"""
WITH jobs AS (
  SELECT employer, count(*) FILTER (ended_on IS NULL OR ended_on >= {{on}}) AS staff,
    CASE WHEN count(*) FILTER (year(ended_on) = {{last_year}} AND end_reason IS NULL) = 0
         THEN count(*) FILTER (year(ended_on) = {{last_year}} AND end_reason = 'layoff') END AS layoffs
  FROM employment WHERE employer IS NOT NULL AND started_on <= {{on}} GROUP BY employer
), insured AS (
  SELECT employer, month,
    count(DISTINCT person) FILTER (unemployment_insured) AS least,
    count(DISTINCT person) FILTER (coalesce(unemployment_insured, true)) AS most,
    CASE WHEN least = most THEN least END AS heads
  FROM contribution WHERE employer IS NOT NULL AND month IN ({{settled}}, {{start_of_last_year}})
  GROUP BY employer, month
), premiums AS (
  SELECT enterprise,
    count(DISTINCT month) >= {{refund_insured_months}} AND NOT (
      {_any("(unpaid > 0 AND unpaid > waived)")}) AS insured,
    CASE WHEN count(*) FILTER (year(month) = {{last_year}} AND paid IS NULL) = 0
         THEN coalesce(sum(paid) FILTER (year(month) = {{last_year}}), 0)::BIGINT END AS premiums
  FROM (SELECT *, employer_part_due + own_part_due - paid AS unpaid FROM premium)
  WHERE insurance_kind = 'unemployment' AND month <= {{settled}} GROUP BY enterprise
), bad AS (
  SELECT DISTINCT enterprise FROM firm_listing
  WHERE category IN ('zombie', 'serious_dishonesty')
    AND valid_from <= {{on}} AND (valid_to IS NULL OR valid_to >= {{on}})
), found AS (
  SELECT subject_id, fact, last(value ORDER BY valid_from) = 'true' AS value FROM finding
  WHERE subject = 'enterprise' AND fact IN ('temporary_difficulty', 'recovery_promising')
    AND valid_from <= {{on}} AND (valid_to IS NULL OR valid_to >= {{on}})
  GROUP BY subject_id, fact
), facts AS (
  SELECT f.id, r.size, r.revenue, a.assets, s.*, coalesce(j.staff, 0) AS staff,
    CASE WHEN j.employer IS NULL THEN 0 ELSE j.layoffs END AS layoffs,
    CASE WHEN n.employer IS NULL THEN 0 ELSE n.heads END AS insured_staff,
    CASE WHEN b.employer IS NULL THEN 0 ELSE b.heads END AS insured_at_start,
    CASE WHEN p.enterprise IS NULL THEN false ELSE p.insured END AS insured,
    CASE WHEN p.enterprise IS NULL THEN 0 ELSE p.premiums END AS premiums,
    bad.enterprise IS NOT NULL AS bad, t.value AS temporary_difficulty, e.value AS recovery_promising
  FROM open_firms f
  LEFT JOIN size_standard s ON s.industry = f.industry
  LEFT JOIN annual_report r ON r.enterprise = f.id AND r.year = {{last_year}}
  LEFT JOIN annual_report a ON a.enterprise = f.id AND a.year = {{year}}
  LEFT JOIN jobs j ON j.employer = f.id
  LEFT JOIN insured n ON n.employer = f.id AND n.month = {{settled}}
  LEFT JOIN insured b ON b.employer = f.id AND b.month = {{start_of_last_year}}
  LEFT JOIN premiums p ON p.enterprise = f.id
  LEFT JOIN bad ON bad.enterprise = f.id
  LEFT JOIN found t ON t.subject_id = f.id AND t.fact = 'temporary_difficulty'
  LEFT JOIN found e ON e.subject_id = f.id AND e.fact = 'recovery_promising'
)
SELECT *, CASE
    WHEN size IS NOT NULL THEN size IN ('micro', 'small', 'medium')
    WHEN listed THEN NOT ((large_staff IS NULL OR staff >= large_staff)
      AND (large_revenue IS NULL OR revenue >= large_revenue)
      AND (large_assets IS NULL OR assets >= large_assets)) END AS sme
FROM facts
"""


def _few(share: str) -> str:
    rate = f"layoffs * {{{share}_den}} <= insured_at_start * {{{share}_num}}"
    return f"CASE WHEN layoffs = 0 THEN true WHEN layoffs <> 0 AND insured_at_start <> 0 THEN {rate} END"


_ENTERPRISES = f"""
WITH kept AS (
  SELECT *, NOT bad AND insured AND ({_few("few_layoffs_ceiling")}
    OR (insured_staff <= {{few_layoffs_small_staff}} AND {_few("few_layoffs_ceiling_small")})) AS keeps
  FROM firms
), decided AS (
  SELECT *, keeps AND temporary_difficulty AND recovery_promising AS refund, sme AND keeps AS refund_sme FROM kept
)
SELECT id, refund AS "stability_refund.verdict",
  CASE WHEN coalesce(refund, true) THEN {_share("premiums", "refund_share")} END AS "stability_refund.amount",
  refund_sme AS "stability_refund_sme.verdict",
  CASE WHEN coalesce(refund_sme, true)
       THEN {_share("premiums", "refund_share_sme")} END AS "stability_refund_sme.amount"
FROM decided
"""


def _schools(enrolments: str, by: str, day: str) -> str:
    done = f"graduated AND coalesce(left_on <= {day}, false)"
    return f"""
  SELECT {by}, {_any(f"level = 'college' AND {done}")} AS graduate,
    max(left_on) FILTER ({done}) AS left_at_least, max(left_on) FILTER (coalesce({done}, true)) AS left_at_most,
    CASE WHEN left_at_least = left_at_most THEN left_at_least END AS left_school
  FROM {enrolments} WHERE started_on <= {day} GROUP BY {by}"""


def _granted(measure: str) -> str:
    return f"""
  SELECT subject_id, sum(coalesce(months, 1))::BIGINT AS granted
  FROM "grant" WHERE measure = '{measure}' AND granted_on <= {{on}} GROUP BY subject_id"""


_PEOPLE = f"""
WITH schools AS ({_schools("enrolment", "person", "{on}")}
), employed AS (
  SELECT id, {_any("works")} AS employed FROM (
    SELECT person AS id, true AS works FROM employment
    WHERE started_on <= {{on}} AND (ended_on IS NULL OR ended_on >= {{on}})
    UNION ALL
    SELECT owner, registered_on <= {{on}} AND (deregistered_on IS NULL OR deregistered_on > {{on}})
    FROM enterprise WHERE owner IS NOT NULL)
  GROUP BY id
), registered AS (
  SELECT person, last(seeking_work ORDER BY registered_on) AS seeking_work,
    last(insured_before ORDER BY registered_on) AS insured_before
  FROM unemployment_registration
  WHERE registered_on <= {{on}} AND (ended_on IS NULL OR ended_on >= {{on}}) GROUP BY person
), benefits AS (
  SELECT person, bool_or(least(ends_on, coalesce(stopped_on, ends_on)) >= {{on}}) AS drawing,
    last(ends_on < {{on}} AND (stopped_on IS NULL OR stopped_on >= ends_on) ORDER BY started_on) AS exhausted
  FROM benefit_period WHERE kind = 'unemployment_benefit' AND started_on <= {{on}} GROUP BY person
), had AS (
  SELECT DISTINCT subject_id FROM "grant"
  WHERE measure = 'registered_graduate_subsidy' AND granted_on <= {{on}}
), granted AS ({_granted("unemployment_assistance")}
), facts AS (
  SELECT p.id, b.benefit, s.left_school, r.seeking_work,
    CASE WHEN s.person IS NULL THEN false ELSE s.graduate END AS graduate,
    CASE WHEN e.id IS NULL THEN false ELSE e.employed END AS employed, r.person IS NOT NULL AS registered,
    CASE WHEN r.person IS NULL THEN false ELSE r.insured_before END AS insured_before,
    coalesce(u.drawing, false) AS drawing, coalesce(u.exhausted, false) AS exhausted,
    h.subject_id IS NOT NULL AS had, CASE WHEN g.subject_id IS NULL THEN 0 ELSE g.granted END AS granted
  FROM person p
  LEFT JOIN benefit b ON b.county = p.county
  LEFT JOIN schools s ON s.person = p.id
  LEFT JOIN employed e ON e.id = p.id
  LEFT JOIN registered r ON r.person = p.id
  LEFT JOIN benefits u ON u.person = p.id
  LEFT JOIN had h ON h.subject_id = p.id
  LEFT JOIN granted g ON g.subject_id = p.id
  WHERE p.died_on IS NULL OR p.died_on > {{on}}
), decided AS (
  SELECT *, graduate AND NOT employed AND seeking_work AND registered AND NOT had AS subsidy,
    graduate AND NOT employed AND left_school >= {{left_school_from}} AS file,
    NOT employed AND (exhausted OR (insured_before AND NOT drawing))
      AND granted < {{assistance_months}} AS assistance
  FROM facts
)
SELECT id, subsidy AS "registered_graduate_subsidy.verdict",
  CASE WHEN coalesce(subsidy, true)
       THEN {{registered_graduate_amount}} END AS "registered_graduate_subsidy.amount",
  file AS "file_retention.verdict", assistance AS "unemployment_assistance.verdict",
  CASE WHEN coalesce(assistance, true)
       THEN {_share("({assistance_months} - granted) * benefit", "assistance_share")}
  END AS "unemployment_assistance.amount"
FROM decided
"""

_HIRES = """
SELECT id, person, employer, contract_months, started_on AS hired_on FROM employment
WHERE form = 'labour_contract' AND started_on > {hired_after} AND started_on <= {on}
  AND employer IN (SELECT id FROM enterprise)
"""


def _months_between(start: str, end: str) -> str:
    months = f"(year({end}) - year({start})) * 12 + month({end}) - month({start})"
    return f"{months} - CASE WHEN day({end}) < day({start}) THEN 1 ELSE 0 END"


_HIRE_MEASURES = f"""
WITH enrolled AS (SELECT h.id, h.hired_on, e.* FROM hires h JOIN enrolment e USING (person)
), schools AS (
  SELECT * FROM ({_schools("enrolled", "id, hired_on", "hired_on")})
), registered AS (
  SELECT h.id, max(r.registered_on) AS registered_on,
    last(r.certificate_note ORDER BY r.registered_on) AS certificate_note
  FROM hires h JOIN unemployment_registration r USING (person)
  WHERE r.registered_on <= h.hired_on - 1 AND (r.ended_on IS NULL OR r.ended_on >= h.hired_on - 1)
  GROUP BY h.id
), poor AS (
  SELECT DISTINCT h.id FROM hires h JOIN recognition r USING (person)
  WHERE r.category = 'poverty_registered' AND r.valid_from <= h.hired_on
    AND (r.valid_to IS NULL OR r.valid_to >= h.hired_on)
), worked AS (
  SELECT id, {_any("after_school")} AS worked FROM (
    SELECT h.id, CASE
        WHEN j.ended_on IS NULL OR s.left_at_most IS NULL OR j.ended_on >= s.left_at_most THEN true
        WHEN j.ended_on < s.left_at_least THEN false END AS after_school
    FROM hires h JOIN employment j USING (person) LEFT JOIN schools s ON s.id = h.id
    WHERE j.started_on < h.hired_on)
  GROUP BY id
), granted AS ({_granted("hiring_insurance_subsidy")}
), epidemic AS (
  SELECT DISTINCT subject_id FROM "grant" WHERE measure = 'epidemic_hiring_subsidy' AND granted_on <= {{on}}
), elsewhere AS (
  SELECT DISTINCT person, CAST(first + to_months(more) AS DATE) AS month FROM (
    SELECT person, coalesce(first_month, date_trunc('month', granted_on)) AS first,
      unnest(range(coalesce(months, 1)))::INTEGER AS more
    FROM "grant" WHERE measure IN ({{paid_elsewhere}}) AND granted_on <= {{on}} AND person IS NOT NULL)
), months AS (
  SELECT h.id, c.month, coalesce(g.granted, 0) AS granted,
    c.employer_pension_paid + c.employer_unemployment_paid + c.employer_medical_paid AS paid,
    CASE WHEN e.person IS NULL
         THEN row_number() OVER (PARTITION BY h.id, e.person IS NULL ORDER BY c.month) END AS number
  FROM hires h JOIN contribution c USING (person, employer)
  LEFT JOIN elsewhere e ON e.person = h.person AND e.month = c.month
  LEFT JOIN granted g ON g.subject_id = h.id
  WHERE c.month >= date_trunc('month', h.hired_on) AND c.month <= {{settled}}
), paid AS (
  SELECT id, count(*) FILTER (number > granted) AS n, count(paid) FILTER (number > granted) AS known,
    sum(paid) FILTER (number > granted)::BIGINT AS total, bool_or(month = {{settled}}) AS insured_now
  FROM months GROUP BY id
), facts AS (
  SELECT h.*, f.sme, s.left_school, CASE WHEN s.id IS NULL THEN false ELSE s.graduate END AS graduate,
    CASE WHEN w.id IS NULL THEN false ELSE w.worked END AS worked,
    p.id IS NOT NULL AS poor, e.subject_id IS NOT NULL AS epidemic,
    CASE WHEN r.id IS NULL THEN 'none' ELSE r.certificate_note END AS certificate_note,
    CASE WHEN r.id IS NULL THEN 0 ELSE {_months_between("r.registered_on", "h.hired_on")} END AS months_registered,
    {_months_between("h.hired_on", "{on}")} AS months_since,
    CASE WHEN h.hired_on <= {{settled_last_day}} THEN coalesce(m.insured_now, false) END AS insured_now,
    CASE WHEN g.subject_id IS NULL THEN 0 ELSE g.granted END AS granted, coalesce(m.n, 0) AS n, m.known, m.total
  FROM hires h
  LEFT JOIN firms f ON f.id = h.employer
  LEFT JOIN schools s ON s.id = h.id
  LEFT JOIN worked w ON w.id = h.id
  LEFT JOIN poor p ON p.id = h.id
  LEFT JOIN registered r ON r.id = h.id
  LEFT JOIN epidemic e ON e.subject_id = h.id
  LEFT JOIN granted g ON g.subject_id = h.id
  LEFT JOIN paid m ON m.id = h.id
), judged AS (
  SELECT *, year(hired_on) = {{year}} AS this_year, {{hiring_insurance_months}} - granted AS left_over,
    sme AND contract_months >= {{hiring_contract_months}} AND insured_now AND (
      months_registered >= {{long_unemployment_months}} OR (graduate AND NOT worked AND (
        year(left_school) = year(hired_on)
        OR hired_on <= left_school + INTERVAL {{graduate_hiring_years}} YEAR))) AS terms
  FROM facts
), decided AS (
  SELECT *, this_year AND terms AND NOT epidemic AS once,
    (this_year OR granted >= 1) AND terms AND left_over > 0 AS insurance,
    (poor OR (months_registered >= {{hire_tax_unemployment_months}} AND certificate_note = 'hiring_tax_policy'))
      AND contract_months >= {{hire_tax_contract_months}} AND insured_now
      AND months_since < {{hire_tax_deduction_months}} AS deduction
  FROM judged
)
SELECT id, once AS "hiring_subsidy.verdict",
  CASE WHEN coalesce(once, true) THEN {{hiring_subsidy_amount}} END AS "hiring_subsidy.amount",
  insurance AS "hiring_insurance_subsidy.verdict",
  CASE WHEN coalesce(insurance, true) AND granted IS NOT NULL THEN
    CASE WHEN n = 0 THEN 0 WHEN known = n THEN (total * 2 + n) // (n * 2) * least(n, left_over) END
  END AS "hiring_insurance_subsidy.amount",
  deduction AS "hire_tax_deduction_person.verdict"
FROM decided
"""
