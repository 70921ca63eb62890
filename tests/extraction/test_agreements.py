"""Instruments in news paragraphs: title, code, status, parties, signatories, date, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest

from extraction.document import parse
from extraction.extract import facts_of
from extraction.facts import Agreement, ArticleFacts

PUBLISHED = dt.date(2024, 2, 7)  # a Wednesday


def _facts(text: str) -> ArticleFacts:
    return facts_of(parse(text, PUBLISHED))


def _agreements(text: str) -> list[Agreement]:
    return list(_facts(text).agreements)


def _parties(agreement: Agreement, facts: ArticleFacts | None = None) -> list[str]:
    names = {p.key: p.name for p in facts.participants} if facts else {}
    return sorted(p.country or names.get(p.participant or "", "?") for p in agreement.parties if p.role == "party")


def test_signed_memorandum_is_told_again_by_its_acronym() -> None:
    facts = _facts(
        "The foreign ministers of Kenya and Ethiopia on Tuesday signed a memorandum of understanding on cross-border "
        "livestock trade in Nairobi. Kenya's Foreign Minister Alice Wanjiru and her Ethiopian counterpart Dawit Bekele "
        "signed the MoU at a ceremony attended by traders."
    )
    (agreement,) = facts.agreements
    assert agreement.title == "memorandum of understanding on cross-border livestock trade"
    assert (agreement.instrument, agreement.status) == ("mou", "signed")
    assert agreement.subject == "cross-border livestock trade"
    assert agreement.countries == ("ETH", "KEN")
    assert agreement.when.date == dt.date(2024, 2, 6)
    assert agreement.when.basis == "resolved"
    names = {p.key: p.name for p in facts.participants}
    signatories = [names[p.participant or ""] for p in agreement.parties if p.role == "signatory"]
    assert signatories == ["Alice Wanjiru", "Dawit Bekele"]
    assert [m.title for m in agreement.mentions][1:] == ["MoU"]


def test_coming_signature_is_proposed() -> None:
    (agreement,) = _agreements(
        "Poland and Lithuania will sign a defence cooperation agreement next month, Polish Defence "
        "Minister Jan Kowal said."
    )
    assert (agreement.status, agreement.countries) == ("proposed", ("LTU", "POL"))
    assert (agreement.when.date, agreement.when.precision) == (dt.date(2024, 3, 1), "month")


@pytest.mark.parametrize(
    ("clause", "status"),
    [
        ("France and Italy are to sign a transport treaty.", "proposed"),
        ("France and Italy are going to sign a transport treaty.", "proposed"),
        ("France and Italy are expected to sign a transport treaty.", "proposed"),
        ("France and Italy have signed a transport treaty.", "signed"),
        ("France and Italy managed to sign a transport treaty.", "signed"),
        ("France and Italy amended a transport treaty.", "amended"),
        ("A transport treaty between France and Italy entered into force.", "in-force"),
        ("France scrapped a transport treaty with Italy.", "terminated"),
        ("France and Italy are negotiating a transport treaty.", "under-negotiation"),
        ("France proposed a transport treaty to Italy.", "proposed"),
    ],
)
def test_status_follows_the_verb_and_its_tense(clause: str, status: str) -> None:
    (agreement,) = _agreements(clause)
    assert (agreement.status, agreement.countries) == (status, ("FRA", "ITA"))


def test_ratification() -> None:
    (agreement,) = _agreements(
        "Parliament in Jakarta ratified the extradition treaty with Singapore on Monday. The treaty, "
        "signed in 2022, had "
        "been held up for two years."
    )
    assert (agreement.instrument, agreement.status) == ("treaty", "ratified")
    assert agreement.title == "extradition treaty with Singapore"
    assert agreement.countries == ("IDN", "SGP")
    assert agreement.when.date == dt.date(2024, 2, 5)


def test_suspension() -> None:
    (agreement,) = _agreements(
        "Egypt suspended the gas supply agreement with Israel on Wednesday and recalled its envoy. Cairo said the 2019 "
        "agreement could be terminated if talks fail."
    )
    assert (agreement.status, agreement.countries) == ("suspended", ("EGY", "ISR"))


def test_list_of_pacts_exhausts_the_counted_group() -> None:
    agreements = _agreements(
        "During the visit, Vietnamese President Le Van Minh and Indian Prime Minister Arvind Rao met in Hanoi. The two "
        "sides signed four agreements:\n"
        "- an agreement on air services\n"
        "- a memorandum of understanding on tourism\n"
        "- a protocol on customs cooperation\n"
        "- a letter of intent on space research\n\n"
        "The leaders also toured a school."
    )
    assert [a.instrument for a in agreements] == ["agreement", "mou", "protocol", "letter-of-intent"]
    assert {a.status for a in agreements} == {"signed"}
    assert {a.countries for a in agreements} == {("IND", "VNM")}


def test_colon_announces_the_whole_of_an_uncounted_group() -> None:
    agreements = _agreements(
        "The following MoUs/Agreements were signed during the visit of the Prime Minister of Nepal to China:\n"
        "1. Agreement on Economic and Technical Cooperation\n"
        "2. MoU on cooperation in the field of agriculture\n"
    )
    assert [(a.instrument, a.status, a.countries) for a in agreements] == [
        ("agreement", "signed", ("CHN", "NPL")),
        ("mou", "signed", ("CHN", "NPL")),
    ]
    assert agreements[1].subject == "agriculture"


def test_open_group_keeps_its_own_entry() -> None:
    agreements = _agreements(
        "China and Vietnam signed a number of cooperation agreements on Tuesday, including a protocol "
        "on rail transport."
    )
    assert [(a.title, a.instrument) for a in agreements] == [
        ("a number of cooperation agreements", "agreement"),
        ("protocol on rail transport", "protocol"),
    ]
    assert all(a.countries == ("CHN", "VNM") and a.status == "signed" for a in agreements)


def test_ceasefire_between_an_army_and_a_force() -> None:
    facts = _facts(
        "Sudan's army and the Rapid Support Forces extended a 72-hour truce by another three days, mediators said."
    )
    (agreement,) = facts.agreements
    assert (agreement.instrument, agreement.status) == ("ceasefire", "extended")
    assert _parties(agreement, facts) == ["Rapid Support Forces", "SDN"]


def test_ceasefire_of_two_states() -> None:
    (agreement,) = _agreements(
        "Armenia and Azerbaijan agreed to a ceasefire on Sunday after two days of clashes. The truce "
        "was brokered by Moscow."
    )
    assert (agreement.instrument, agreement.status, agreement.countries) == ("ceasefire", "agreed", ("ARM", "AZE"))
    assert agreement.when.date == dt.date(2024, 2, 4)


def test_old_treaty_is_in_force_at_its_own_date() -> None:
    (agreement,) = _agreements("The Dominican Republic and Haiti signed the Treaty of Peace and Friendship in 1929.")
    assert (agreement.status, agreement.when.date, agreement.when.precision) == (
        "in-force",
        dt.date(1929, 1, 1),
        "year",
    )
    assert agreement.when.basis == "stated"


def test_cited_treaty_is_in_force_and_undated() -> None:
    agreements = _agreements(
        "France remains committed to the Paris Agreement and to the UN Convention on the Law of the "
        "Sea, its envoy said."
    )
    assert [(a.title, a.instrument, a.status) for a in agreements] == [
        ("Paris Agreement", "agreement", "in-force"),
        ("UN Convention on the Law of the Sea", "convention", "in-force"),
    ]
    assert all(a.when.date is None for a in agreements)


def test_negotiation() -> None:
    (agreement,) = _agreements(
        "Minister Amadi met Chinese Ambassador Li Wei to discuss a draft memorandum of understanding on "
        "rail cooperation "
        "between Nigeria and China."
    )
    assert (agreement.instrument, agreement.status) == ("mou", "under-negotiation")
    assert agreement.countries == ("CHN", "NGA")


def test_what_goes_on_is_negotiated() -> None:
    (agreement,) = _agreements("The United States and Saudi Arabia are finalising a defence pact, officials said.")
    assert (agreement.status, agreement.countries) == ("under-negotiation", ("SAU", "USA"))


def test_treaty_named_after_a_city() -> None:
    (agreement,) = _agreements("The Greek prime minister said the 1923 Treaty of Lausanne is not up for revision.")
    assert (agreement.title, agreement.status) == ("1923 Treaty of Lausanne", "in-force")


def test_arms_contract_between_states() -> None:
    agreements = _agreements(
        "Indian Prime Minister Arvind Rao and Russian President Oleg Sidorov signed a roadmap for "
        "economic cooperation. "
        "India and Russia also inked contracts for the supply of air defence systems."
    )
    assert [(a.instrument, a.status, a.countries) for a in agreements] == [
        ("action-plan", "signed", ("IND", "RUS")),
        ("contract", "signed", ("IND", "RUS")),
    ]


def test_joint_statement_of_three_states() -> None:
    (agreement,) = _agreements(
        "A joint statement issued by Japan, South Korea and the United States condemned the launch."
    )
    assert (agreement.instrument, agreement.status) == ("joint-statement", "agreed")
    assert agreement.countries == ("JPN", "KOR", "USA")


def test_years_of_two_treaties_give_two_entries() -> None:
    agreements = _agreements(
        "Chile and Bolivia disagree on the border. Chile says it was drawn in the 1866 and 1874 treaties with Bolivia."
    )
    assert [(a.title.split()[0], a.status) for a in agreements] == [("1866", "in-force"), ("1874", "in-force")]


def test_name_given_to_a_described_instrument_is_the_same_one() -> None:
    (agreement,) = _agreements(
        "Iran accused Britain of violating the 2015 nuclear deal, known as the Joint Comprehensive Plan "
        "of Action. Under "
        "the JCPOA, Iran limited enrichment."
    )
    assert {m.title for m in agreement.mentions} == {"2015 nuclear deal", "Joint Comprehensive Plan of Action", "JCPOA"}
    assert agreement.mentions[0].title == agreement.title == "Joint Comprehensive Plan of Action"


def test_official_name_wins_over_the_description_it_follows() -> None:
    (agreement,) = _agreements(
        "The presidents of Brazil, Colombia and Peru adopted a declaration on fighting fires together on Monday. The "
        "Leticia Declaration sets up three brigades."
    )
    assert agreement.title == "Leticia Declaration"
    assert agreement.subject == "fighting fires together"
    assert agreement.countries == ("BRA", "COL", "PER")
    assert agreement.when.date == dt.date(2024, 2, 5)


def test_famous_treaty_is_not_what_was_just_described() -> None:
    agreements = _agreements(
        "Ghana and Togo signed a convention on fisheries on Monday. Ghana's envoy said the Paris Agreement binds all "
        "states."
    )
    assert [a.title for a in agreements] == ["convention on fisheries", "Paris Agreement"]


def test_mentions_are_verbatim() -> None:
    text = "Serbia and Kosovo reached an agreement on licence plates. The accord ends a dispute."
    (agreement,) = _agreements(text)
    assert len(agreement.mentions) == 2
    assert all(text[m.start : m.end] == m.title for m in agreement.mentions)


def test_agreement_is_tied_to_the_event_that_made_it() -> None:
    facts = _facts("Spain and Morocco signed a readmission agreement in Rabat on Tuesday.")
    (agreement,) = facts.agreements
    event = next(e for e in facts.events if e.key == agreement.event)
    assert (event.type, event.mentions[0].trigger) == ("SUPPORT", "signed")


@pytest.mark.parametrize(
    "text",
    [
        "Striker Marco Bellini signed a three-year contract with Juventus on Friday. The transfer "
        "agreement has a clause.",
        "Telecom giant Orlix signed a deal with chipmaker Sanova to supply modems. The contract is worth $2 billion.",
        "The company said it had agreed a $4bn takeover deal with its German rival. Shareholders must "
        "approve the agreement.",
        "The unions and the city reached a pay agreement on Monday. A plea deal was announced in the mayor's trial.",
        "Diplomats hope for a ceasefire before the holiday. They want a deal.",
        "The rebels rejected the offer. Aid groups demanded an immediate truce. There is no ceasefire in sight.",
        "Australia has no agreement with Nauru on the issue, and no treaty binds the two.",
        "The Greek minister failed to reach an agreement on fishing rights. France and Italy agree on that.",
        "Delegates at the Republican National Convention in Ohio cheered. It was a big deal.",
        "Economists are divided over trade deals and export contracts with Brazil and Chile.",
        "Brazil forward Thiago Lima has agreed a four-year deal with Spanish champions Real Norte. Spain has noticed.",
        "Germany's Haller AG signed a licensing agreement with China's Lintong Motors to build electric vans.",
        "Vietnam's Vanfast and Indonesia's Pertalim signed a memorandum of understanding on charging stations.",
        "A court in Australia heard that the Melbourne gang had an agreement with a Mexican cartel.",
        "Delegates from Kenya and Peru attended the UN climate convention in Bonn. The convention hall was full.",
        "The minister said that entering the war with France had been a bargain with evil.",
    ],
)
def test_no_instrument(text: str) -> None:
    assert _agreements(text) == []
