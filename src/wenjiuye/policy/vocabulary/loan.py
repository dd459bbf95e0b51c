"""Start-up loans: the guarantee institution, the loan and the guarantee fund."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import MONTHS_MOST
from wenjiuye.rules import BoolFact, IntFact, ListFact, MoneyFact, ShareFact, Source, Subject


class Guarantor(Subject, id="guarantor", zh="融资担保机构", en="guarantee institution"):
    """One institution that guarantees loans, with its business of one year."""

    expanded_small_firm_guarantees = BoolFact(
        "扩大小微担保业务规模",
        "expanded guarantees for small firms",
        ask=(
            "机构的小微企业担保业务规模是否扩大？",
            "Did the institution expand its guarantees for small firms?",
        ),
        evidence=("担保业务报表", "report on guarantees"),
        means="Guarantees for small and micro firms.",
    )
    lowered_small_firm_fee = BoolFact(
        "降低小微担保费率",
        "lowered the fee for small firms",
        ask=("机构是否降低了小微企业担保费率？", "Did the institution lower its fee for small firms?"),
        evidence=("担保业务报表", "report on guarantees"),
        means="The fee for guaranteeing small and micro firms.",
    )
    guarantee_loss = MoneyFact(
        "代偿损失",
        "loss from guarantees",
        ask=(
            "申请期间的代偿损失是多少元？",
            "How much was lost on guarantees in the period of the claim, in yuan?",
        ),
        burden=3,
        evidence=("代偿凭证", "proof of payment"),
        means="Of the claim's period.",
    )


class Loan(Subject, id="loan", zh="创业担保贷款", en="start-up guaranteed loan"):
    """One loan or application for one, with what its borrower brings: a person, partners or a firm."""

    borrower_eligible = BoolFact(
        "借款人符合条件",
        "borrower is eligible",
        ask=("借款人是否通过创业担保贷款资格审核？", "Did the borrower pass the checks of the loan scheme?"),
        source=Source.JUDGEMENT,
        evidence=("创业担保贷款资格审核表", "record of the checks"),
        means="Belongs to the loan scheme's groups and passes its checks.",
    )
    loan_amount = MoneyFact(
        "贷款额",
        "loan",
        ask=("贷款总额是多少元？", "How much is the whole loan, in yuan?"),
        evidence=("借款合同", "loan contract"),
        means="All of it, the subsidised part included.",
    )
    subsidised_amount = MoneyFact(
        "贴息额度",
        "subsidised part of the loan",
        ask=(
            "其中享受贴息的金额是多少元（没有填0）？",
            "How much of the loan is subsidised, in yuan (0 if none)?",
        ),
        evidence=("借款合同", "loan contract"),
        means="0 where there is none.",
    )
    partnership = BoolFact(
        "合伙创业",
        "joint start-up",
        ask=(
            "是否合伙创业或者组织起来共同创业？",
            "Is it a business started by partners or organised together?",
        ),
        evidence=("合伙协议", "partnership agreement"),
        means="A partnership, or people organised together.",
    )
    partner_loans = ListFact(
        "各笔贷款",
        "loans of the partners",
        ask=(
            "各合伙人的每笔贷款是多少元、是否贴息？",
            "How much is each partner's loan, in yuan, and is it subsidised?",
        ),
        burden=4,
        evidence=("借款合同", "loan contracts"),
        fields={
            "amount": MoneyFact(
                "单笔贷款额",
                "amount of this loan",
                ask=("这笔贷款是多少元？", "How much is this loan, in yuan?"),
                means="The subsidised part included.",
            ),
            "subsidised": BoolFact(
                "贴息",
                "subsidised",
                ask=("这笔贷款是否享受贴息？", "Is the interest of this loan subsidised?"),
                means="By the loan contract.",
            ),
        },
        means="All of them; none left out.",
    )
    quality_project = BoolFact(
        "优质创业项目",
        "quality project",
        ask=("项目是否被评定为优质创业项目？", "Is the project rated as one of quality?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    recommended_by_credit_village_park_or_base = BoolFact(
        "信用村、信用园区或孵化载体推荐",
        "recommended",
        ask=(
            "是否由信用村、信用园区或孵化载体推荐？",
            "Did a credit village, a credit park or a model base recommend the borrower?",
        ),
        evidence=("推荐函", "letter of recommendation"),
        means="By a credit village, a credit park or a model base.",
    )
    epidemic_affected_borrower = BoolFact(
        "借款人受疫情影响",
        "borrower affected by the epidemic",
        ask=("借款人是否受疫情影响？", "Is the borrower affected by the epidemic?"),
        means="As the borrower states it.",
    )
    repayment_difficulty = BoolFact(
        "还贷困难",
        "difficulty in repaying",
        ask=(
            "借款人是否因疫情难以按期还贷？",
            "Does the epidemic make it hard for the borrower to repay on time?",
        ),
        source=Source.JUDGEMENT,
        means="Caused by the epidemic. An officer's finding.",
    )
    extension_requested = BoolFact(
        "申请展期",
        "extension requested",
        ask=("借款人是否申请展期？", "Has the borrower asked for an extension?"),
        evidence=("展期申请书", "request for extension"),
        means="Asked for in writing or online.",
    )
    extension_months = IntFact(
        "展期月数",
        "months of extension",
        ask=("共展期几个月？", "By how many months in all is the loan extended?"),
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("展期协议", "agreement on the extension"),
        means="In all, earlier extensions of the loan included.",
    )
    exception_approved = BoolFact(
        "特批超过一年",
        "longer extension approved",
        ask=("展期超过一年是否已获特批？", "Was an extension beyond a year approved for this loan?"),
        source=Source.JUDGEMENT,
        means="Decided for this loan. Matters for more than twelve months only.",
    )
    subsidised_loan = BoolFact(
        "贴息贷款",
        "loan with interest subsidy",
        ask=("这笔贷款是否享受财政贴息？", "Does the public purse subsidise the interest of the loan?"),
        source=Source.REGISTRY,
        evidence=("借款合同", "loan contract"),
        means="By the loan contract.",
    )
    loan_interest_rate = ShareFact(
        "贷款年利率",
        "interest rate",
        ask=("借款合同约定的年利率是多少？", "Which yearly interest rate does the loan contract state?"),
        evidence=("借款合同", "loan contract"),
        means="A year, as a share: 0.0485 is 4.85 %.",
    )
    individual_loan = BoolFact(
        "个人创业担保贷款",
        "loan to an individual",
        ask=("是否为发放给个人的贷款？", "Was the loan made to an individual?"),
        source=Source.REGISTRY,
        evidence=("借款合同", "loan contract"),
        means="Not to a firm.",
    )
    force_majeure = BoolFact(
        "不可抗力",
        "force majeure",
        ask=(
            "贷款无法收回是否由不可抗力造成？",
            "Is force majeure the reason why the loan cannot be repaid?",
        ),
        source=Source.JUDGEMENT,
        means="The reason why it cannot be repaid. An officer's finding.",
    )
    unrecovered_amount = MoneyFact(
        "未收回金额",
        "amount not recovered",
        ask=("尚未收回的金额是多少元？", "How much has not been recovered, in yuan?"),
        evidence=("银行贷款台账", "the bank's loan ledger"),
        means="Of this loan, after recovery was tried.",
    )


class LoanFund(Subject, id="loan_fund", zh="担保基金", en="guarantee fund"):
    """One guarantee fund in one year, with the loans that it stands for."""

    recovered_last_year = MoneyFact(
        "上年累计实际回收",
        "recovered last year",
        ask=(
            "上年到期贷款累计实际收回多少元？",
            "How much was recovered of the loans that fell due last year, in yuan?",
        ),
        evidence=("担保基金年度报表", "annual report of the fund"),
        means="Of the loans that fell due last year.",
    )
    due_last_year = MoneyFact(
        "上年累计应回收",
        "due last year",
        ask=("上年到期贷款累计应收回多少元？", "How much of the loans fell due last year, in yuan?"),
        evidence=("担保基金年度报表", "annual report of the fund"),
        means="Of the loans that fell due last year.",
    )
    fund_deposit_balance = MoneyFact(
        "担保基金存款余额",
        "deposit of the fund",
        ask=(
            "担保基金在银行的存款余额是多少元？",
            "How much does the fund hold on deposit at the bank, in yuan?",
        ),
        evidence=("银行存款证明", "confirmation by the bank"),
        means="On the date of decision.",
    )
    outstanding_performance = BoolFact(
        "工作成效突出",
        "outstanding performance",
        ask=("创业担保贷款工作成效是否突出？", "Is the work on start-up loans outstanding?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    new_loans_this_year = MoneyFact(
        "当年新发放贷款总额",
        "new loans this year",
        ask=(
            "今年新发放创业担保贷款共多少元？",
            "How much was lent in new start-up loans this year, in yuan?",
        ),
        evidence=("担保基金年度报表", "annual report of the fund"),
        means="Start-up loans of the calendar year together.",
    )
