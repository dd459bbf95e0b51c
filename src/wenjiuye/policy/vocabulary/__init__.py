"""The subjects and facts of employment policy, declared once."""

from wenjiuye.policy.vocabulary.business import ClaimPeriod, SoleTrader, TaxpayerRevenue
from wenjiuye.policy.vocabulary.enterprise import Enterprise
from wenjiuye.policy.vocabulary.hire import Hire
from wenjiuye.policy.vocabulary.loan import Guarantor, Loan, LoanFund
from wenjiuye.policy.vocabulary.office import LayoffPlan, OfficeReport
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.policy.vocabulary.training import ExportBatch, Internship, ServiceEvent, Training
from wenjiuye.policy.vocabulary.venue import Community, ParkTenant, RuralPlatform, Venue

__all__ = [
    "ClaimPeriod",
    "Community",
    "Enterprise",
    "ExportBatch",
    "Guarantor",
    "Hire",
    "Internship",
    "LayoffPlan",
    "Loan",
    "LoanFund",
    "OfficeReport",
    "ParkTenant",
    "Person",
    "RuralPlatform",
    "ServiceEvent",
    "SoleTrader",
    "TaxpayerRevenue",
    "Training",
    "Venue",
]
