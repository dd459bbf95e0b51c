"""The models of claims, one file for each part."""

from wenjiuye.platform.claims.models.casework import Comment, Handover, Notice, SavedView
from wenjiuye.platform.claims.models.claim import Claim, StateChange, Step
from wenjiuye.platform.claims.models.decision import ApprovalBand, Decision, Override, SamplingRate
from wenjiuye.platform.claims.models.determination import Determination
from wenjiuye.platform.claims.models.evidence import ClaimEvidence
from wenjiuye.platform.claims.models.facts import Dispute, Settlement, Statement
from wenjiuye.platform.claims.models.proactive import ProactiveRun

__all__ = [
    "ApprovalBand",
    "Claim",
    "ClaimEvidence",
    "Comment",
    "Decision",
    "Determination",
    "Dispute",
    "Handover",
    "Notice",
    "Override",
    "ProactiveRun",
    "SamplingRate",
    "SavedView",
    "Settlement",
    "StateChange",
    "Statement",
    "Step",
]
