"""URLs of the desk: one claim with all its steps, and a new one at the counter."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import claim, claim_entry, claim_evidence, claim_facts, claim_steps, letters

_ONE = "claims/<slug:number>/"

urlpatterns: list[URLPattern] = [
    path("claims/new/", claim_entry.choose_measure, name="claim_new"),
    path("claims/new/<slug:measure>/", claim_entry.choose_subject, name="claim_new_subject"),
    path("claims/new/<slug:measure>/facts/", claim_entry.enter, name="claim_new_facts"),
    path(_ONE, claim.claim, name="claim"),
    path(f"{_ONE}determinations/", claim.determinations, name="claim_determinations"),
    path(f"{_ONE}determinations/<int:determination>/", claim.receipt, name="claim_receipt"),
    path(f"{_ONE}evidence/<int:evidence>/", claim_evidence.evidence, name="claim_evidence"),
    path(f"{_ONE}letters/<uuid:letter>/", letters.letter, name="claim_letter"),
    path(f"{_ONE}letters/", claim_steps.issue_letter, name="claim_issue_letter"),
    path(f"{_ONE}unmask/", claim.unmask, name="claim_unmask"),
    path(f"{_ONE}file/", claim.export_file, name="claim_file"),
    path(f"{_ONE}submit/", claim_steps.submit, name="claim_submit"),
    path(f"{_ONE}accept/", claim_steps.accept, name="claim_accept"),
    path(f"{_ONE}return/", claim_steps.give_back, name="claim_return"),
    path(f"{_ONE}review/grant/", claim_steps.review_grant, name="claim_review_grant"),
    path(f"{_ONE}review/refuse/", claim_steps.review_refuse, name="claim_review_refuse"),
    path(f"{_ONE}approve/", claim_steps.approve, name="claim_approve"),
    path(f"{_ONE}send-back/", claim_steps.send_back, name="claim_send_back"),
    path(f"{_ONE}withdraw/", claim_steps.withdraw, name="claim_withdraw"),
    path(f"{_ONE}appeal/", claim_steps.appeal, name="claim_appeal"),
    path(f"{_ONE}appeal/uphold/", claim_steps.uphold_appeal, name="claim_uphold_appeal"),
    path(f"{_ONE}appeal/dismiss/", claim_steps.dismiss_appeal, name="claim_dismiss_appeal"),
    path(f"{_ONE}suspend/", claim_steps.suspend, name="claim_suspend"),
    path(f"{_ONE}reopen/", claim_steps.reopen, name="claim_reopen"),
    path(f"{_ONE}override/", claim_steps.override, name="claim_override"),
    path(f"{_ONE}override/<int:override>/", claim_steps.answer_override, name="claim_answer_override"),
    path(f"{_ONE}comment/", claim_steps.comment, name="claim_comment"),
    path(f"{_ONE}assign/", claim_steps.assign, name="claim_assign"),
    path(f"{_ONE}declare/", claim_facts.declare, name="claim_declare"),
    path(f"{_ONE}settle/", claim_facts.settle, name="claim_settle"),
    path(f"{_ONE}dispute/", claim_facts.dispute, name="claim_dispute"),
    path(f"{_ONE}dispute/<int:dispute>/", claim_facts.answer_dispute, name="claim_answer_dispute"),
    path(f"{_ONE}determine/", claim_facts.determine, name="claim_determine"),
    path(f"{_ONE}evidence/", claim_evidence.attach, name="claim_attach"),
    path(f"{_ONE}evidence/<int:evidence>/check/", claim_evidence.check, name="claim_check"),
]
