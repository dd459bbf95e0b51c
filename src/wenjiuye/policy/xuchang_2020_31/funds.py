"""Where the money of 许政〔2020〕31号 comes from.

Article 24 names four funds; the rest follows from the clauses.
"""

from __future__ import annotations

from wenjiuye.rules import Fund

EMPLOYMENT_SUBSIDY = Fund("employment_subsidy", "就业补助资金", "employment subsidy fund")
UNEMPLOYMENT_INSURANCE = Fund("unemployment_insurance", "失业保险基金", "unemployment insurance fund")
TRAINING_ACCOUNT = Fund("training_account", "职业技能提升行动专账资金", "skills upgrading account")
RESTRUCTURING_AWARD = Fund(
    "restructuring_award", "工业企业结构调整专项奖补资金", "industrial restructuring award fund"
)
GUARANTEE_FUND = Fund("guarantee_fund", "创业担保贷款担保基金", "start-up loan guarantee fund")
LOAN_INTEREST = Fund("loan_interest", "创业担保贷款贴息资金", "start-up loan interest subsidy fund")
LOAN_AWARD = Fund("loan_award", "创业担保贷款奖补资金", "start-up loan award fund")
GUARANTEE_FEE_AWARD = Fund(
    "guarantee_fee_award", "小微企业融资担保业务降费奖补资金", "award fund for cheaper guarantees"
)
CITY_BUDGET = Fund("city_budget", "市级财政", "city budget")
COUNTY_BUDGET = Fund("county_budget", "县（市、区）本级财政", "county budget")
POVERTY_FUND = Fund("poverty_fund", "财政专项扶贫资金", "poverty relief fund")
TAX_FORGONE = Fund("tax_forgone", "减免税（不征收）", "tax not collected")
PREMIUM_FORGONE = Fund("premium_forgone", "减免社会保险费（不征收）", "premiums not collected")
FEE_FORGONE = Fund("fee_forgone", "减免基金、租金（不收取）", "levies and rents not collected")
