"""What the database itself holds to, whoever writes and however: the states of a claim and the steps of a review."""

from __future__ import annotations

import pgtrigger

_MOVES = """
IF OLD.state <> NEW.state AND NOT EXISTS (
    SELECT 1 FROM claims_statechange way WHERE way.source = OLD.state AND way.target = NEW.state
) THEN
    RAISE EXCEPTION 'wenjiuye: claim % cannot go from % to %', OLD.number, OLD.state, NEW.state
        USING ERRCODE = 'WJ010';
END IF;
IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'wenjiuye: claim % was changed by somebody else', OLD.number USING ERRCODE = 'WJ011';
END IF;
IF OLD.state = 'under_review' AND NEW.state IN ('approved', 'refused') THEN
    IF (SELECT count(*) FROM claims_decision d WHERE d.claim_id = NEW.id AND d.round = NEW.round AND d.stage > 0
        AND d.outcome = CASE NEW.state WHEN 'approved' THEN 'grant' ELSE 'refuse' END) <
       (CASE NEW.state WHEN 'approved' THEN NEW.approvals_needed ELSE 1 END) THEN
        RAISE EXCEPTION 'wenjiuye: claim % has not been approved by enough officers', OLD.number
            USING ERRCODE = 'WJ012';
    END IF;
END IF;
IF OLD.state = 'under_review' AND NEW.state = 'approved' AND NOT EXISTS (
    SELECT 1 FROM claims_determination d WHERE d.id = NEW.determination_id AND d.verdict = 'eligible'
) AND NOT EXISTS (
    SELECT 1 FROM claims_override o WHERE o.determination_id = NEW.determination_id AND o.approved_by_id IS NOT NULL
        AND o.verdict = 'eligible'
) THEN
    RAISE EXCEPTION 'wenjiuye: claim % is not eligible, and no approved override says otherwise', OLD.number
        USING ERRCODE = 'WJ013';
END IF;
RETURN NEW;
"""

_STARTS = """
IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'wenjiuye: a claim begins as a draft' USING ERRCODE = 'WJ010';
END IF;
RETURN NEW;
"""

_TAKES_OVER = """
IF NEW.determination_id IS NULL THEN
    NEW.verdict := ''; NEW.amount_fen := NULL; NEW.low_fen := NULL; NEW.high_fen := NULL;
ELSE
    SELECT coalesce(o.verdict, d.verdict), CASE WHEN o.id IS NULL THEN d.amount_fen ELSE o.amount_fen END,
           CASE WHEN o.id IS NULL THEN d.low_fen ELSE o.amount_fen END,
           CASE WHEN o.id IS NULL THEN d.high_fen ELSE o.amount_fen END
      INTO NEW.verdict, NEW.amount_fen, NEW.low_fen, NEW.high_fen
      FROM claims_determination d
      LEFT JOIN claims_override o ON o.determination_id = d.id AND o.approved_by_id IS NOT NULL
     WHERE d.id = NEW.determination_id AND d.claim_id = NEW.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'wenjiuye: the determination is not one of claim %', NEW.number USING ERRCODE = 'WJ014';
    END IF;
END IF;
RETURN NEW;
"""

_ON_RECORD = """
IF NOT EXISTS (SELECT 1 FROM claims_step e WHERE e.claim_id = NEW.id AND e.version = NEW.version
               AND e.target = NEW.state) THEN
    RAISE EXCEPTION 'wenjiuye: a step of claim % is not on record', NEW.number USING ERRCODE = 'WJ015';
END IF;
RETURN NULL;
"""

_IN_ORDER = """
IF NEW.stage > 0 AND NOT EXISTS (
    SELECT 1 FROM claims_decision d WHERE d.claim_id = NEW.claim_id AND d.round = NEW.round AND d.stage = NEW.stage - 1
) THEN
    RAISE EXCEPTION 'wenjiuye: stage % of a review comes after stage %', NEW.stage, NEW.stage - 1
        USING ERRCODE = 'WJ016';
END IF;
IF NOT EXISTS (SELECT 1 FROM claims_claim c WHERE c.id = NEW.claim_id AND c.state = 'under_review'
               AND c.round = NEW.round) THEN
    RAISE EXCEPTION 'wenjiuye: the claim is not in this round of review' USING ERRCODE = 'WJ016';
END IF;
RETURN NEW;
"""


def moves_along_the_table() -> pgtrigger.Trigger:
    """Refuses ways that are not in the table, lost updates, and approval without enough officers or eligibility."""
    return pgtrigger.Trigger(
        name="moves_along_the_table", when=pgtrigger.Before, operation=pgtrigger.Update, func=_MOVES
    )


def starts_as_draft() -> pgtrigger.Trigger:
    """Refuses claims that begin anywhere else."""
    return pgtrigger.Trigger(
        name="starts_as_draft", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_STARTS
    )


def takes_over_determination() -> pgtrigger.Trigger:
    """Copies verdict and amounts from the determination, or from the override that was approved of it."""
    return pgtrigger.Trigger(
        name="takes_over_determination",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=_TAKES_OVER,
    )


def every_step_on_record() -> pgtrigger.Trigger:
    """At the end of a transaction, refuses a change of a claim that has no event of its own."""
    return pgtrigger.Trigger(
        name="every_step_on_record",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=_ON_RECORD,
    )


def decisions_in_order() -> pgtrigger.Trigger:
    """Refuses a stage without the one before, and decisions outside of the claim's round."""
    return pgtrigger.Trigger(
        name="decisions_in_order", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_IN_ORDER
    )
