from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale


def test_each_refusal_has_its_status():
    assert [each.status for each in (Refusal, NotAllowed, Stale, Invalid)] == [409, 403, 409, 422]


def test_a_refusal_carries_a_stable_code_and_a_sentence():
    refusal = Refusal("no_consent", "须逐一记录各方当事人同意调解。", field="consents")
    assert (refusal.code, str(refusal), refusal.field) == (
        "no_consent",
        "须逐一记录各方当事人同意调解。",
        "consents",
    )
    assert refusal.audited is False


def test_invalid_input_names_every_field_and_speaks_of_the_first():
    wrong = Invalid({"title": "请写明。", "people": "太多。"})
    assert wrong.errors == {"title": "请写明。", "people": "太多。"}
    assert (wrong.code, str(wrong), wrong.field) == ("invalid", "请写明。", "title")
