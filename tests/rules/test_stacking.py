"""Which measures may be had together: every rule and span by hand, and against a search of all subsets."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenjiuye.policy.xuchang_2020_31 import policy as xuchang
from wenjiuye.rules import Fund, Grant, Group, IntFact, Policy, Subject, Values, benefit, parse_values, right
from wenjiuye.rules.case import decide
from wenjiuye.rules.determination import Determination, Verdict
from wenjiuye.rules.measures import Declaration
from wenjiuye.rules.policy import assemble
from wenjiuye.rules.stacking import (
    LARGEST_CLUSTER,
    AwardError,
    Combination,
    EarlierGrant,
    StackingError,
    check_award,
    combine,
)

ON = dt.date(2020, 12, 1)
FUND = Fund("fund", "资金", "fund")
VALUES = """
[one_yuan]
zh = "一元"
en = "one yuan"
type = "money"
unit = "yuan"
dated = [{ value = 1, source = "test" }]
[cap]
zh = "上限"
en = "cap"
type = "money"
unit = "yuan"
dated = [{ value = 10, from = 2020-01-01, source = "test" }]
[cap_two]
zh = "另一上限"
en = "second cap"
type = "money"
unit = "yuan"
dated = [{ value = 7, source = "test" }]
[cap_open]
zh = "未定上限"
en = "open cap"
type = "money"
unit = "yuan"
local = true
"""


class Thing(Subject, id="thing", zh="对象", en="thing"):
    """A subject for which the tests set every answer."""

    number = IntFact("数", "number", ask=("几个？", "How many?"))


def declare(number: int, kind: str = "exact") -> Declaration:
    """The measure m00, m01, … of the clause of that number."""

    def rule(thing: Thing, v: Values) -> Grant:
        """A measure of the tests."""
        due = v.one_yuan * thing.number
        sums = {"exact": {"amount": due}, "ceiling": {"up_to": due}, "right": {}}[kind]
        return Grant(when=thing.number > 0, **sums)

    rule.__name__ = f"m{number:02}"
    clause = f"a{1 + number // 90:02}.{1 + number % 90:02}"
    names: dict[str, Any] = {"clause": clause, "zh": f"第{number}项", "en": f"measure {number}"}
    return right(**names)(rule) if kind == "right" else benefit(**names, fund=FUND)(rule)


def tiny(number: int, *groups: Group, **kinds: str) -> Policy:
    """A policy of so many measures with these groups; kinds name those that are no exact sums."""
    declarations = [declare(n, kinds.get(f"m{n:02}", "exact")) for n in range(number)]
    return assemble("tiny", "试", "tiny", declarations, {}, parse_values(VALUES, "test.toml"), groups)


def group(rule: str, members: str, span: str = "always", cap: str | None = None, name: str = "g") -> Group:
    """A group; members are measure numbers in order: "0 2 1"."""
    chosen = tuple(f"m{int(n):02}" for n in members.split())
    return Group(name, rule, chosen, f"组{name}", f"group {name}", "test", span, cap)  # type: ignore[arg-type]


def found(
    policy: Policy,
    name: str,
    low: int | None = None,
    high: int | None = None,
    verdict: Verdict = Verdict.ELIGIBLE,
    on: dt.date = ON,
) -> Determination:
    """A determination with these bounds in fen."""
    amount = low if low == high else None
    if policy.measure(name).ceiling:
        amount = high
    return Determination(policy.measure(name), on, verdict, (None,), amount, {}, low, high)


def exact(policy: Policy, *sums: int) -> list[Determination]:
    """Exact determinations of m00, m01, … in fen."""
    return [found(policy, f"m{n:02}", fen, fen) for n, fen in enumerate(sums)]


def got(answer: Combination) -> dict[str, int | None]:
    """The amounts chosen."""
    return {one.measure: one.amount for one in answer.chosen}


def why(answer: Combination) -> dict[str, object]:
    """What keeps each lost one out."""
    return {one.measure: one.because_of for one in answer.lost}


# ── best


def test_without_groups_everything_is_had() -> None:
    answer = combine(tiny(2), exact(tiny(2), 100, 200))
    assert (got(answer), answer.lost, answer.known, answer.high) == ({"m00": 100, "m01": 200}, (), 300, 300)


def test_best_takes_the_largest_and_names_it_as_the_reason() -> None:
    policy = tiny(3, group("best", "0 1 2"))
    answer = combine(policy, exact(policy, 100, 300, 200))
    assert got(answer) == {"m01": 300}
    assert why(answer) == {"m00": "m01", "m02": "m01"}
    assert answer.lost[0].reason_zh == "组g：取“第1项”（3.00元；本项1.00元）"
    assert answer.lost[0].reason_en == "group g: “measure 1” is better (3.00 yuan; this one 1.00 yuan)"
    assert not answer.provisional


def test_equals_go_to_the_earlier_clause_whatever_the_order_of_members() -> None:
    policy = tiny(3, group("best", "2 1 0"))
    assert got(combine(policy, exact(policy, 100, 100, 100))) == {"m00": 100}


def test_two_best_groups_are_solved_together() -> None:
    # 1 alone is the largest, but 0 and 2 together are more.
    policy = tiny(3, group("best", "0 1", name="a"), group("best", "1 2", name="b"))
    answer = combine(policy, exact(policy, 60, 100, 50))
    assert got(answer) == {"m00": 60, "m02": 50}
    assert why(answer) == {"m01": "m00"}
    assert answer.lost[0].reason_zh == "组a：取“第0项”，连同其他事项合计更多"
    assert got(combine(policy, exact(policy, 60, 120, 50))) == {"m01": 120}


def test_an_ineligible_measure_wins_nothing_and_is_not_among_the_lost() -> None:
    policy = tiny(2, group("best", "0 1"))
    answers = [found(policy, "m00", None, None, Verdict.INELIGIBLE), found(policy, "m01", 5, 5)]
    answer = combine(policy, answers)
    assert (got(answer), answer.lost) == ({"m01": 5}, ())


def test_of_rights_without_sums_the_most_are_had() -> None:
    kinds = {"m00": "right", "m01": "right", "m02": "right"}
    policy = tiny(3, group("best", "0 1", name="a"), group("best", "0 2", name="b"), **kinds)
    answer = combine(policy, [found(policy, name) for name in kinds])
    assert (got(answer), answer.known, answer.high) == ({"m01": None, "m02": None}, 0, 0)


# ── order


def test_in_an_order_the_first_goes_first_whatever_the_sums() -> None:
    policy = tiny(2, group("order", "1 0"))
    answer = combine(policy, exact(policy, 900, 1))
    assert got(answer) == {"m01": 1}
    assert answer.lost[0].reason_zh == "组g：“第1项”在先"


def test_the_first_cannot_be_stepped_past_by_a_choice_elsewhere_that_it_does_not_clash_with() -> None:
    policy = tiny(3, group("order", "0 1", name="a"), group("best", "1 2", name="b"))
    assert got(combine(policy, exact(policy, 1, 900, 10))) == {"m00": 1, "m02": 10}


def test_the_first_of_an_order_may_lose_in_another_group_and_the_second_moves_up() -> None:
    policy = tiny(3, group("order", "0 1", name="a"), group("best", "0 2", name="b"))
    assert got(combine(policy, exact(policy, 50, 30, 40))) == {"m01": 30, "m02": 40}


def test_an_order_binds_where_a_best_group_would_leave_the_choice() -> None:
    policy = tiny(2, group("order", "0 1", name="a"), group("best", "0 1", name="b"))
    assert got(combine(policy, exact(policy, 1, 900))) == {"m00": 1}


def test_orders_in_a_circle_are_an_error() -> None:
    circle = [group("order", pair, name=pair) for pair in ("0 1", "1 2", "2 0")]
    policy = tiny(3, *circle)
    with pytest.raises(StackingError, match="circle: m00, m01, m02"):
        combine(policy, exact(policy, 1, 1, 1))


# ── cap


def test_a_common_cap_reduces_in_member_order_and_says_what_is_left() -> None:
    policy = tiny(3, group("cap", "1 0 2", cap="cap"))
    answer = combine(policy, exact(policy, 600, 700, 100))
    assert got(answer) == {"m00": 300, "m01": 700}
    assert [(c.reduced_by, c.reduced_in) for c in answer.chosen] == [(300, "g"), (0, None)]
    assert answer.lost[0].reason_zh == "组g：共同上限10.00元已由“第1项”用完"
    assert answer.known == answer.high == 1000
    assert [(c.cap, c.used_before, c.used_now, c.left) for c in answer.caps] == [(1000, 0, 1000, 0)]


def test_a_cap_that_is_not_reached_leaves_something() -> None:
    policy = tiny(2, group("cap", "0 1", cap="cap"))
    assert combine(policy, exact(policy, 300, 200)).caps[0].left == 500


def test_a_reform_of_the_cap_changes_the_combination_of_the_reform_alone() -> None:
    policy = tiny(2, group("cap", "0 1", cap="cap"))
    reform = policy.with_values({"cap": "4"})
    assert got(combine(reform, exact(reform, 300, 200))) == {"m00": 300, "m01": 100}
    assert got(combine(policy, exact(policy, 300, 200))) == {"m00": 300, "m01": 200}


def test_a_cap_of_zero_leaves_nothing_and_blames_nobody() -> None:
    policy = tiny(2, group("cap", "0 1", cap="cap")).with_values({"cap": 0})
    answer = combine(policy, exact(policy, 300, 0))
    assert (got(answer), why(answer)) == ({"m01": 0}, {"m00": None})
    assert answer.lost[0].reason_en == "group g: the common cap is 0.00 yuan"


def test_earlier_grants_use_a_cap_up() -> None:
    policy = tiny(3, group("cap", "0 1 2", cap="cap"))
    some = [EarlierGrant("m02", 400), EarlierGrant("m00", 200)]
    answer = combine(policy, exact(policy, 300, 200), some)
    assert got(answer) == {"m00": 300, "m01": 100}
    assert (answer.caps[0].used_before, answer.caps[0].left) == (600, 0)
    all_of_it = [EarlierGrant("m02", 1000)]
    assert why(combine(policy, exact(policy, 300, 200), all_of_it)) == {
        "m00": all_of_it[0],
        "m01": all_of_it[0],
    }


def test_two_grants_of_one_year_use_its_cap_up_together() -> None:
    policy = tiny(2, group("cap", "0 1", "year", cap="cap"))
    dates = (dt.date(2020, 2, 3), dt.date(2020, 4, 3), dt.date(2019, 4, 3))
    before = [EarlierGrant("m01", 300, (day, day)) for day in dates]
    assert got(combine(policy, exact(policy, 900), before)) == {"m00": 400}


def test_what_a_cap_cuts_off_can_decide_a_choice() -> None:
    # 1 is larger than 2, but 0 leaves only 100 of it.
    policy = tiny(3, group("cap", "0 1", cap="cap", name="a"), group("best", "1 2", name="b"))
    assert got(combine(policy, exact(policy, 900, 500, 200))) == {"m00": 900, "m02": 200}


def test_a_measure_that_a_cap_empties_keeps_its_place_in_an_order() -> None:
    policy = tiny(3, group("cap", "0 1", cap="cap", name="a"), group("order", "1 2", name="b"))
    answer = combine(policy, exact(policy, 1000, 500, 200))
    assert (got(answer), why(answer)) == ({"m00": 1000}, {"m01": "m00", "m02": "m01"})


def test_in_a_best_group_another_takes_the_place_of_what_a_cap_empties() -> None:
    policy = tiny(3, group("cap", "0 1", cap="cap", name="a"), group("best", "1 2", name="b"), m02="right")
    answer = combine(policy, [*exact(policy, 1000, 500), found(policy, "m02")])
    assert (got(answer), why(answer)) == ({"m00": 1000, "m02": None}, {"m01": "m02"})


def test_two_caps_bind_one_measure() -> None:
    policy = tiny(3, group("cap", "0 1", cap="cap", name="a"), group("cap", "2 1", cap="cap_two", name="b"))
    answer = combine(policy, exact(policy, 600, 500, 500))
    assert got(answer) == {"m00": 600, "m01": 200, "m02": 500}
    assert {c.measure: c.reduced_in for c in answer.chosen}["m01"] == "b"


def test_a_cap_without_a_figure_makes_the_answer_provisional() -> None:
    policy = tiny(2, group("cap", "0 1", cap="cap_open"))
    answer = combine(policy, exact(policy, 300, 200))
    assert [(u.id, u.what) for u in answer.unsettled] == [("g", "cap")]
    assert (answer.known, answer.low, answer.high, answer.caps[0].left) == (0, 0, 500, None)


# ── spans and claims


def month(*numbers: int) -> frozenset[dt.date]:
    return frozenset(dt.date(2020, number, 15) for number in numbers)


def test_in_a_month_group_measures_for_other_months_do_not_clash() -> None:
    policy = tiny(2, group("order", "0 1", "month"))
    sums = exact(policy, 1, 2)
    assert got(combine(policy, sums)) == {"m00": 1}
    assert got(combine(policy, sums, claimed={"m00": month(10), "m01": month(11, 12)})) == {
        "m00": 1,
        "m01": 2,
    }
    assert got(combine(policy, sums, claimed={"m00": month(10, 11), "m01": month(11)})) == {"m00": 1}


def test_without_a_claim_of_its_own_a_measure_is_for_the_months_of_the_others() -> None:
    policy = tiny(2, group("order", "0 1", "month"))
    assert got(combine(policy, exact(policy, 1, 2), claimed={"m00": month(3)})) == {"m00": 1}
    spring = EarlierGrant("m01", 2, (dt.date(2020, 3, 31), dt.date(2020, 4, 30)))
    answer = combine(policy, exact(policy, 1, 2), [spring], claimed={"m00": month(3)})
    assert why(answer) == {"m00": spring, "m01": spring}
    assert got(combine(policy, exact(policy, 1, 2), [spring])) == {"m00": 1}


def test_a_period_clashes_from_the_first_day_that_both_hold() -> None:
    policy = tiny(2, group("order", "0 1", "period"))
    until_june = (None, dt.date(2020, 6, 30))
    for start, clash in ((dt.date(2020, 6, 30), True), (dt.date(2020, 7, 1), False)):
        answer = combine(policy, exact(policy, 1, 2), claimed={"m00": until_june, "m01": (start, None)})
        assert (len(answer.chosen) == 1) is clash


def test_a_period_group_compares_days_and_a_month_group_whole_months() -> None:
    claims = {
        "m00": (dt.date(2020, 6, 1), dt.date(2020, 6, 10)),
        "m01": (dt.date(2020, 6, 11), dt.date(2020, 7, 10)),
    }
    for span, chosen in (("period", 2), ("month", 1), ("year", 1), ("always", 1)):
        policy = tiny(2, group("best", "0 1", span))
        assert len(combine(policy, exact(policy, 1, 2), claimed=claims).chosen) == chosen, span


def test_a_cap_by_the_month_counts_every_month_for_itself() -> None:
    policy = tiny(3, group("cap", "0 1 2", "month", cap="cap"))
    claims = {"m00": month(1), "m01": month(1, 2), "m02": month(2)}
    # January: 800 + 200; February: 200 + 800.
    answer = combine(policy, exact(policy, 800, 500, 900), claimed=claims)
    assert got(answer) == {"m00": 800, "m01": 200, "m02": 800}
    assert answer.caps[0].left == 0


@pytest.mark.parametrize("claim", [frozenset(), (dt.date(2020, 2, 1), dt.date(2020, 1, 1))])
def test_a_claim_without_time_is_an_error(claim: Any) -> None:
    policy = tiny(2, group("best", "0 1", "month"))
    with pytest.raises(StackingError, match="m00: claimed"):
        combine(policy, exact(policy, 1, 2), claimed={"m00": claim})


# ── Earlier grants


@pytest.mark.parametrize("rule", ["best", "order"])
def test_an_earlier_grant_of_one_member_excludes_the_others(rule: str) -> None:
    policy = tiny(3, group(rule, "0 1"))
    before = EarlierGrant("m01", 5, (dt.date(2019, 1, 1), dt.date(2019, 3, 31)))
    answer = combine(policy, exact(policy, 900, 1, 7), [before])
    assert got(answer) == {"m01": 1, "m02": 7}  # m01 again: once_per decides that
    assert why(answer) == {"m00": before}
    assert answer.lost[0].reason_zh == "组g：此前已享受“第1项”（2019-01-01至2019-03-31）"


def test_within_a_year_the_same_measure_is_excluded_too() -> None:
    policy = tiny(2, group("best", "0 1", "year"))
    for day, lost in ((dt.date(2020, 1, 1), 2), (dt.date(2019, 12, 31), 0), (dt.date(2021, 1, 1), 0)):
        before = EarlierGrant("m01", 5, (day, day))
        answer = combine(policy, exact(policy, 9, 1), [before])
        assert sum(one.because_of == before for one in answer.lost) == lost, day


def test_an_earlier_grant_without_a_period_counts_in_every_span() -> None:
    for span in ("always", "year", "month", "period"):
        policy = tiny(2, group("best", "0 1", span))
        answer = combine(policy, exact(policy, 9, 1), [EarlierGrant("m01")])
        assert "期间未记载" in answer.lost[0].reason_zh


def test_an_earlier_grant_of_a_measure_in_no_group_excludes_nothing() -> None:
    policy = tiny(3, group("best", "0 1"))
    assert got(combine(policy, exact(policy, 9, 1, 1), [EarlierGrant("m02"), EarlierGrant("repealed")])) == {
        "m00": 9,
        "m02": 1,
    }


# ── What is open


def unsettled(answer: Combination) -> set[tuple[str, str]]:
    return {(one.id, one.what) for one in answer.unsettled}


def test_an_unknown_amount_that_could_win_makes_the_choice_provisional() -> None:
    policy = tiny(2, group("best", "0 1"))
    answer = combine(policy, [found(policy, "m00", 100, 100), found(policy, "m01", 50, None)])
    assert got(answer) == {"m00": 100}
    assert unsettled(answer) == {("m01", "amount")}
    assert answer.lost[0].reason_zh == "组g：取“第0项”（1.00元；本项至少0.50元）"


def test_an_unknown_amount_that_cannot_win_changes_nothing() -> None:
    policy = tiny(2, group("best", "0 1"))
    answer = combine(policy, [found(policy, "m00", 100, 100), found(policy, "m01", 50, 100)])
    assert not answer.provisional


def test_an_unknown_amount_without_a_clash_only_opens_the_total() -> None:
    policy = tiny(2)
    answer = combine(policy, [found(policy, "m00", 100, 100), found(policy, "m01", 50, 70)])
    assert (answer.known, answer.low, answer.high, answer.provisional) == (100, 150, 170, False)
    assert combine(policy, [found(policy, "m01", 50, None)]).high is None


def test_a_ceiling_counts_in_full_and_is_open_until_it_is_awarded() -> None:
    policy = tiny(2, group("best", "0 1"), m01="ceiling")
    answer = combine(policy, [found(policy, "m00", 100, 100), found(policy, "m01", 300, 300)])
    assert (got(answer), answer.known, answer.low, answer.high) == ({"m01": 300}, 0, 0, 300)
    assert unsettled(answer) == {("m01", "award")}


def test_an_undetermined_first_of_an_order_is_named_and_not_chosen() -> None:
    policy = tiny(2, group("order", "0 1"))
    answers = [found(policy, "m00", 5, 5, Verdict.UNDETERMINED), found(policy, "m01", 900, 900)]
    answer = combine(policy, answers)
    assert (got(answer), answer.undetermined) == ({"m01": 900}, ("m00",))
    assert unsettled(answer) == {("m00", "verdict")}


def test_an_undetermined_last_of_an_order_can_change_nothing() -> None:
    policy = tiny(2, group("order", "1 0"))
    answers = [found(policy, "m00", 5, None, Verdict.UNDETERMINED), found(policy, "m01", 900, 900)]
    answer = combine(policy, answers)
    assert (answer.undetermined, answer.provisional) == (("m00",), False)


def test_an_undetermined_measure_that_an_earlier_grant_excludes_is_lost_for_certain() -> None:
    policy = tiny(2, group("best", "0 1", "year"))
    before = EarlierGrant("m01", 5)
    answer = combine(policy, [found(policy, "m00", 5, 5, Verdict.UNDETERMINED)], [before])
    assert (answer.undetermined, why(answer)) == ((), {"m00": before})


def test_an_unknown_sum_under_a_cap_leaves_bounds_to_those_after_it() -> None:
    policy = tiny(2, group("cap", "0 1", cap="cap"))
    answer = combine(policy, [found(policy, "m00", 0, 900), found(policy, "m01", 300, 300)])
    assert [(c.measure, c.amount, c.low, c.high) for c in answer.chosen] == [
        ("m00", None, 0, 900),
        ("m01", None, 100, 300),
    ]
    assert (answer.low, answer.high, unsettled(answer)) == (100, 1000, {("m00", "amount")})


# ── What cannot be combined


def test_two_determinations_of_one_measure_are_an_error() -> None:
    policy = tiny(2)
    with pytest.raises(StackingError, match="m00 is determined twice"):
        combine(policy, exact(policy, 1) * 2)


def test_determinations_of_two_dates_are_an_error() -> None:
    policy = tiny(2)
    later = found(policy, "m01", 1, 1, on=dt.date(2020, 12, 2))
    with pytest.raises(StackingError, match="of one date"):
        combine(policy, [*exact(policy, 1), later])


def test_more_clashes_than_are_solved_are_an_error_and_not_a_long_wait() -> None:
    policy = tiny(LARGEST_CLUSTER + 1, group("best", " ".join(map(str, range(LARGEST_CLUSTER + 1)))))
    with pytest.raises(StackingError, match="split the groups"):
        combine(policy, exact(policy, *range(LARGEST_CLUSTER + 1)))


def test_the_largest_cluster_is_solved() -> None:
    # Eight triangles in a chain of caps: 3**8 maximal choices, the most that 24 measures can have.
    triangles = [group("best", f"{n} {n + 1} {n + 2}", name=f"t{n}") for n in range(0, LARGEST_CLUSTER, 3)]
    ends = " ".join(str(n) for n in range(0, LARGEST_CLUSTER, 3))
    policy = tiny(LARGEST_CLUSTER, *triangles, group("cap", ends, cap="cap", name="c"))
    answer = combine(policy, exact(policy, *([500, 100, 200] * 8)))
    # Two of the capped 500 fill the cap of 1000; in the six other triangles 200 is the best.
    assert (answer.known, len(answer.chosen)) == (2200, 8)


# ── Against all subsets


Sums = dict[str, int]
Months = dict[str, frozenset[int]]


def naive(
    policy: Policy, sums: Sums, months: Months, earlier: Sequence[tuple[str, int, int]]
) -> tuple[Sums, set[str]]:
    """The best combination by looking at every subset; months are numbers, earlier grants (id, fen, month)."""

    def when(g: Group, name: str) -> frozenset[int]:
        return months[name] if g.span == "month" else frozenset({0})

    def then(g: Group, number: int) -> frozenset[int]:
        return frozenset({number if g.span == "month" else 0})

    def barred(name: str) -> bool:
        for g in policy.groups:
            for other, _, number in earlier:
                if g.rule == "cap" or name not in g.members or other not in g.members:
                    continue
                if when(g, name) & then(g, number) and (other != name or g.span != "always"):
                    return True
        return any(room(g, name, {}) == 0 for g in policy.groups if g.rule == "cap" and name in g.members)

    def room(g: Group, name: str, taken: Sums) -> int:
        cap: Any = policy.values[str(g.cap)].figure(ON)
        uses = []
        for number in when(g, name):
            before = sum(fen for m, fen, n in earlier if m in g.members and number in then(g, n))
            uses.append(before + sum(fen for m, fen in taken.items() if number in when(g, m)))
        return max(0, min(cap - use for use in uses))

    def keeps_out(winner: str, loser: str) -> bool:
        pairs = [
            (g.rule, g.members.index(winner) < g.members.index(loser))
            for g in policy.groups
            if g.rule != "cap" and {winner, loser} <= set(g.members) and when(g, winner) & when(g, loser)
        ]
        orders = [first for rule, first in pairs if rule == "order"]
        return orders[0] if orders else bool(pairs)

    def granted(subset: Sequence[str]) -> Sums:
        left = {name: sums[name] for name in subset}
        for g in policy.groups:
            taken: Sums = {}
            for name in g.members if g.rule == "cap" else ():
                if name in left:
                    left[name] = taken[name] = min(left[name], room(g, name, taken))
        return left

    free = [name for name in sums if not barred(name)]
    best: tuple[int, int, list[bool]] | None = None
    for flags in itertools.product((True, False), repeat=len(free)):
        subset = [name for name, flag in zip(free, flags, strict=True) if flag]
        if any(keeps_out(a, b) for a, b in itertools.permutations(subset, 2)):
            continue
        if not all(any(keeps_out(a, b) for a in subset) for b in free if b not in subset):
            continue
        left = granted(subset)
        worth = (sum(left.values()), sum(left[name] > 0 for name in subset), list(flags))
        best = worth if best is None or worth > best else best
    assert best is not None
    subset = [name for name, flag in zip(free, best[2], strict=True) if flag]
    return granted(subset), set(sums) - set(free)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Policy, Sums, Months, list[tuple[str, int, int]]]:
    number = draw(st.integers(3, 6))
    order = draw(st.permutations(range(number)))
    groups = []
    for i in range(draw(st.integers(1, 4))):
        rule = draw(st.sampled_from(["best", "order", "cap"]))
        members = draw(st.lists(st.sampled_from(order), min_size=2, max_size=number, unique=True))
        # Orders that follow one sequence never go in a circle.
        members = sorted(members, key=order.index) if rule == "order" else members
        span = draw(st.sampled_from(["always", "year", "month"]))
        cap = draw(st.sampled_from(["cap", "cap_two"])) if rule == "cap" else None
        groups.append(group(rule, " ".join(map(str, members)), span, cap, f"g{i}"))
    names = [f"m{n:02}" for n in range(number)]
    sums = {name: draw(st.integers(1, 9)) * 100 for name in names}
    months = {name: draw(st.frozensets(st.integers(1, 3), min_size=1)) for name in names}
    grants = st.tuples(st.sampled_from(names), st.integers(0, 8).map(lambda n: n * 100), st.integers(1, 4))
    return tiny(number, *groups), sums, months, draw(st.lists(grants, max_size=2))


def as_claims(months: Mapping[str, frozenset[int]]) -> dict[str, frozenset[dt.date]]:
    return {name: frozenset(dt.date(2020, n, 9) for n in numbers) for name, numbers in months.items()}


def as_grants(earlier: Sequence[tuple[str, int, int]]) -> list[EarlierGrant]:
    return [EarlierGrant(name, fen, (dt.date(2020, n, 3), dt.date(2020, n, 20))) for name, fen, n in earlier]


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_combination_is_the_best_of_all_subsets(case: Any) -> None:
    policy, sums, months, earlier = case
    answers = [found(policy, name, fen, fen) for name, fen in sums.items()]
    answer = combine(policy, answers, as_grants(earlier), claimed=as_claims(months))
    best, barred = naive(policy, sums, months, earlier)
    assert got(answer) == {name: fen for name, fen in best.items() if fen > 0}
    assert answer.known == answer.low == answer.high == sum(best.values())
    assert barred <= {one.measure for one in answer.lost}
    assert not answer.provisional


@settings(max_examples=200, deadline=None)
@given(cases())
def test_every_measure_is_chosen_or_lost_with_a_reason(case: Any) -> None:
    policy, sums, months, earlier = case
    answers = [found(policy, name, fen, fen) for name, fen in sums.items()]
    answer = combine(policy, answers, as_grants(earlier), claimed=as_claims(months))
    chosen = {one.measure for one in answer.chosen}
    assert chosen | {one.measure for one in answer.lost} == set(sums)
    for one in answer.lost:
        assert one.measure not in chosen
        assert one.reason_zh.startswith("组g")
        assert one.reason_en.startswith("group g")
        named = one.because_of.measure if isinstance(one.because_of, EarlierGrant) else one.because_of
        assert named in next(g for g in policy.groups if g.id == one.group).members
        # What a cap empties is lost and keeps its place: only that may be a reason without being chosen.
        emptied = {o.measure for o in answer.lost if "用完" in o.reason_zh}
        assert isinstance(one.because_of, EarlierGrant) or one.because_of in chosen | emptied


@settings(max_examples=200, deadline=None)
@given(cases(), st.data())
def test_what_is_not_named_as_open_cannot_change_the_choice(case: Any, data: st.DataObject) -> None:
    policy, sums, months, earlier = case
    names = list(sums)[:3]
    kinds = {name: data.draw(st.sampled_from(["exact", "unknown", "undetermined"])) for name in names}
    tops = {name: sums[name] + data.draw(st.integers(0, 6)) * 100 for name in names}
    verdicts = {name: Verdict.UNDETERMINED for name in names if kinds[name] == "undetermined"}
    bounds = {name: (sums[name], tops[name] if kinds.get(name) == "unknown" else sums[name]) for name in sums}
    answers = [
        found(policy, name, low, high, verdicts.get(name, Verdict.ELIGIBLE))
        for name, (low, high) in bounds.items()
    ]
    answer = combine(policy, answers, as_grants(earlier), claimed=as_claims(months))
    if answer.provisional:
        return
    truth = {name: data.draw(st.integers(low, high)) for name, (low, high) in bounds.items()}
    later = [
        found(policy, n, truth[n], truth[n]) for n in sums if n not in verdicts or data.draw(st.booleans())
    ]
    settled = combine(policy, later, as_grants(earlier), claimed=as_claims(months))
    assert {c.measure for c in answer.chosen} == {c.measure for c in settled.chosen} - set(verdicts)
    before = {c.measure: (c.low, c.high) for c in answer.chosen}
    for one in settled.chosen:
        if one.measure in before:
            low, high = before[one.measure]
            assert one.amount is not None
            assert low <= one.amount
            assert high is None or one.amount <= high


# ── The groups of Xuchang


def firm(**facts: object) -> list[Determination]:
    members = next(g for g in xuchang().groups if g.id == "stability_refund").members
    return [decide(xuchang(), name, facts, ON) for name in members]


def test_one_standard_of_the_refund_the_best_for_the_firm() -> None:
    facts: dict[str, object] = {
        "size": "small",
        "unemployment_insured": True,
        "layoffs_last_year": 0,
        "unemployment_premiums_last_year": 10_000,
        "recovery_promising": True,
        "temporary_difficulty": True,
    }
    answers = firm(**facts)
    eligible = [a for a in answers if a.verdict is Verdict.ELIGIBLE]
    answer = combine(xuchang(), answers)
    assert eligible
    assert len(answer.chosen) == 1
    best = max(a.low if not a.measure.ceiling else a.high or 0 for a in eligible if a.low is not None)
    assert answer.chosen[0].amount == best
    before = EarlierGrant("stability_refund", 1, (dt.date(2020, 5, 6), dt.date(2020, 5, 6)))
    assert all(one.because_of == before for one in combine(xuchang(), answers, [before]).lost)


def housing(names: Sequence[str]) -> list[Determination]:
    return [
        Determination(xuchang().measure(name), ON, Verdict.ELIGIBLE, (True,), None, {}, None, None)
        for name in names
    ]


def test_deferral_of_the_housing_fund_goes_before_a_lower_ratio() -> None:
    answers = housing(["housing_fund_ratio_cut", "housing_fund_deferral"])
    answer = combine(xuchang(), answers)
    assert [one.measure for one in answer.chosen] == ["housing_fund_deferral"]
    assert why(answer) == {"housing_fund_ratio_cut": "housing_fund_deferral"}
    one_after_the_other = {
        "housing_fund_deferral": (dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
        "housing_fund_ratio_cut": (dt.date(2021, 1, 1), dt.date(2021, 12, 31)),
    }
    assert len(combine(xuchang(), answers, claimed=one_after_the_other).chosen) == 2


def test_unemployment_benefit_goes_before_assistance_in_the_same_month() -> None:
    policy = xuchang()
    benefit_, assistance = (
        Determination(policy.measure(name), ON, Verdict.ELIGIBLE, (True,), fen, {}, fen, fen)
        for name, fen in (("benefit_until_retirement", 100), ("unemployment_assistance", 900))
    )
    answer = combine(policy, [assistance, benefit_])
    assert [one.measure for one in answer.chosen] == ["benefit_until_retirement"]
    months = {"benefit_until_retirement": month(12), "unemployment_assistance": month(10, 11)}
    both = combine(policy, [assistance, benefit_], claimed=months)
    assert len(both.chosen) == 2
    undecided = benefit_._replace(verdict=Verdict.UNDETERMINED)
    assert unsettled(combine(policy, [assistance, undecided])) == {("benefit_until_retirement", "verdict")}


# ── An officer's amount


def test_an_award_up_to_the_amount_is_allowed() -> None:
    policy = tiny(2, m01="ceiling")
    for name in ("m00", "m01"):
        for fen in (0, 99, 100):
            check_award(found(policy, name, 100, 100), fen)
    check_award(found(policy, "m00", 50, 100), 100)
    check_award(found(policy, "m00", 50, None), 10**12)


@pytest.mark.parametrize(
    ("name", "low", "high", "verdict", "fen", "says"),
    [
        ("m00", 100, 100, Verdict.ELIGIBLE, 101, "1.01 yuan is above the amount of 1.00 yuan"),
        ("m01", 100, 100, Verdict.ELIGIBLE, 101, "above the ceiling"),
        ("m00", 50, 100, Verdict.ELIGIBLE, 101, "above the upper bound"),
        ("m00", 100, 100, Verdict.ELIGIBLE, -1, "below zero"),
        ("m00", None, None, Verdict.INELIGIBLE, 0, "the subject is ineligible on 2020-12-01"),
        ("m00", 100, 100, Verdict.UNDETERMINED, 50, "the subject is undetermined"),
        ("m02", None, None, Verdict.ELIGIBLE, 1, "grants no sum"),
        ("m00", 100, 100, Verdict.ELIGIBLE, 0.5, "not a whole number of fen"),
        ("m00", 100, 100, Verdict.ELIGIBLE, True, "not a whole number of fen"),
    ],
)
def test_an_award_beyond_the_determination_is_refused(
    name: str, low: Any, high: Any, verdict: Verdict, fen: Any, says: str
) -> None:
    policy = tiny(3, m01="ceiling", m02="right")
    with pytest.raises(AwardError, match=says):
        check_award(found(policy, name, low, high, verdict), fen)
