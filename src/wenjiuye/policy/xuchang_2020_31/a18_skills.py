"""Article 18: training subsidies. The text names no sums; the city sets them."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Person, Training
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY, TRAINING_ACCOUNT
from wenjiuye.rules import DECISION, Condition, Grant, Values, Window, age, all_of, any_of, benefit, right


def labour_preparation(training: Training, v: Values) -> tuple[Condition, ...]:
    """Labour preparation for a school leaver, or for a registered unemployed person up to the named age."""
    trainee = training.trainee
    young = age(trainee.birth_date, training.training_started_on) <= v.labour_preparation_oldest
    return (
        training.training_type == "labour_preparation",
        any_of(trainee.school_leaver_not_continuing, all_of(trainee.registered_unemployed, young)),
    )


def started_in_2020(training: Training, v: Values) -> Window:
    """The window of labour preparation hangs on the first day of the course, not on the claim."""
    return Window(
        day=training.training_started_on,
        start=v.day("labour_preparation_first_day"),
        end=v.day("labour_preparation_last_day"),
    )


@right(clause="a18.12", zh="免试取得职业资格证书", en="certificate without examination")
def exam_free_certificate(person: Person, _v: Values) -> Grant:
    """Graduates of certain majors get the matching vocational certificate without an examination.

    Reading: the list of majors is outside the text; whether a major stands on it is a fact.
    """
    return Grant(when=all_of(person.college_graduate, person.major_on_list))


@benefit(clause="a18.18", zh="企业职业培训补贴", en="training subsidy for firms", fund=TRAINING_ACCOUNT)
def enterprise_training_subsidy(training: Training, v: Values) -> Grant:
    """A firm is paid for training its staff, or migrant workers and graduates whom it has newly hired.

    Reading: online or on site alike; training before the job counts for these two groups of new hires
    alone; staff training for anyone. The sum is per person and kind of training. Nothing is said of the
    training subsidy of article 2; not set off.
    """
    staff_training = training.training_type.is_in("staff_online", "staff_offline")
    pre_job_training = all_of(
        training.training_type == "pre_job",
        training.is_new_hire,
        any_of(training.trainee.migrant_worker, training.trainee.college_graduate),
    )
    return Grant(
        when=all_of(training.organised_by_enterprise, any_of(staff_training, pre_job_training)),
        amount=v.training_per_person.by(training.training_type),
    )


@benefit(clause="a18.19", zh="劳动预备制培训补贴", en="labour preparation subsidy", fund=TRAINING_ACCOUNT)
def labour_preparation_subsidy(training: Training, v: Values) -> Grant:
    """Labour preparation courses of 2020 are paid for, for school leavers and for the young unemployed.

    Reading: the course belongs to 2020 by its first day; the age is that of this day, the named age
    included (the counting words of the text include the number); school leavers have no limit of age.
    """
    return Grant(
        when=all_of(*labour_preparation(training, v)),
        amount=v.labour_preparation_amount,
        window=started_in_2020(training, v),
    )


@benefit(
    clause="a18.20",
    zh="劳动预备制学员生活费补贴",
    en="living allowance in labour preparation",
    fund=EMPLOYMENT_SUBSIDY,
)
def labour_preparation_living_allowance(training: Training, v: Values) -> Grant:
    """Rural trainees and those of hardship families get a living allowance on top of the training subsidy.

    Reading: one allowance, also for someone who is both. The fund is not named; the national rule on the
    skills account pays living allowances out of the employment subsidy fund (国办发〔2019〕24号).
    """
    return Grant(
        when=all_of(
            *labour_preparation(training, v), any_of(training.trainee.rural, training.trainee.hardship_family)
        ),
        amount=v.labour_preparation_living,
        window=started_in_2020(training, v),
    )


@benefit(clause="a18.22", zh="创业培训补贴", en="start-up training subsidy", fund=TRAINING_ACCOUNT)
def startup_training_subsidy(training: Training, v: Values) -> Grant:
    """Two kinds of start-up training are paid for: of owners of young small firms, or online in the epidemic.

    Reading: the firm is in its first 5 years on the date of decision, the anniversary included; the online
    course has to be held by an approved body during the epidemic, for whomever. Either is enough.
    """
    young_firm = DECISION.within(training.trainee.business_started_on, years=v.startup_training_years)
    return Grant(
        when=all_of(
            training.training_type == "startup",
            any_of(
                all_of(
                    training.trainee.small_firm_owner,
                    young_firm.worded("开业在规定年限以内", "in business no longer than the clause allows"),
                ),
                all_of(training.approved_body, training.internet_plus, training.during_epidemic),
            ),
        ),
        amount=v.startup_training_amount,
    )
