"""A realistic report on the sample article, built by hand, for the tests of every report format."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from pipeline.records import (
    Article,
    Block,
    Claim,
    Edit,
    Judgement,
    Passage,
    Probabilities,
    Quantity,
    QuantityFinding,
    Report,
    Resolution,
    RetrievedPassage,
    Run,
    Sentence,
    SkippedSentence,
    Source,
    Span,
    Verdict,
)

SEED = Path(__file__).parents[2] / "seeds" / "soe-consolidation.txt"
LOST = "’’’—’’’’“”’–’“”’“”’——"  # what each lost mark was, in the order of the article
HEADINGS = (
    "Highlights",
    "Consolidation Highlights",
    "Market Scale and Capital Returns",
    "Strategic Emerging Industries",
    "Implications for the West",
)
CAPTIONS = (
    "People’s Republic of China",
    "China’s State-owned Assets Supervision and Administration Commission",
    "Zhang Yuzhuo, SASAC Chief",
)


def repaired_seed() -> tuple[str, str, tuple[Edit, ...]]:
    """The sample article as decoded, as repaired, and the edits between."""
    raw = SEED.read_text(encoding="utf-8")
    lost, text, edits, end = iter(LOST), "", [], 0
    for damage in re.finditer("ยฅ|ยฉ|โ", raw):
        text += raw[end : damage.start()]
        mended = {"ยฅ": "¥", "ยฉ": "©"}.get(damage.group()) or next(lost)
        edits.append(Edit(Span(*damage.span()), Span(len(text), len(text) + len(mended))))
        text, end = text + mended, damage.end()
    return raw, text + raw[end:], tuple(edits)


RAW, TEXT, EDITS = repaired_seed()


def raw_offset(offset: int) -> int:
    """Follow an offset of the repaired text back into the raw text."""
    shift = 0
    for edit in EDITS:
        if edit.text.end <= offset:
            shift = edit.raw.end - edit.text.end
    return offset + shift


def raw_span(words: str, start: int = 0) -> Span:
    """The span in the raw text of words of the repaired text."""
    at = TEXT.index(words, start)
    return Span(raw_offset(at), raw_offset(at + len(words)))


def sample_article() -> Article:
    blocks, sentences = [], []
    for line in re.finditer(r"[^\n]+", TEXT):
        text = line.group()
        label = re.match(r"- ([A-Z][\w ]+):", text)
        kind = (
            "heading"
            if text in HEADINGS
            else "caption"
            if text in CAPTIONS
            else "boilerplate"
            if text.startswith("©") or text == "0 Comments"
            else "list item"
            if text.startswith("- ")
            else "paragraph"
        )
        span = Span(raw_offset(line.start()), raw_offset(line.end()))
        blocks.append(Block(kind, text, line.start(), span, label.group(1) if label else None))
        if kind != "boilerplate":
            sentences.append(Sentence(text, line.start(), span, len(blocks) - 1))
    return Article(
        id="6d1f0a3c" * 8,
        title="China Accelerates State-Owned Enterprise Consolidation",
        publisher="Rare Earth Exchanges",
        published=date(2025, 9, 20),
        uri="seeds/soe-consolidation.txt",
        raw=RAW,
        text=TEXT,
        edits=EDITS,
        blocks=tuple(blocks),
        sentences=tuple(sentences),
    )


def source(name: str, title: str, publisher: str, published: date | None, uri: str, trust: str = "normal") -> Source:
    return Source(
        id=name,
        uri=uri,
        title=title,
        publisher=publisher,
        published=published,
        retrieved=datetime(2026, 3, 3, 14, 0, tzinfo=UTC),
        sha256="ab" * 32,
        language="en",
        trust=trust,
        origin=publisher.casefold(),
    )


MARKET = source(
    "market",
    "Listed arms of China's central enterprises gain almost half in market value",
    "People's Daily Overseas Edition (summary by Reportify)",
    date(2025, 9, 19),
    "https://reportify.ai/news/1166379850735423488",
)
EMERGING = source(
    "emerging",
    "Central enterprises lift spending on strategic emerging industries",
    "China News Service (summary by Reportify)",
    date(2025, 9, 18),
    "https://reportify.ai/news/1166000145100312576",
)
INSIGHTS = source(
    "insights",
    "What the September press conference said about China's central enterprises",
    "Reportify",
    date(2025, 9, 17),
    "https://reportify.ai/news/1165692013409079296",
    "high",
)
CCTV = source(
    "cctv",
    "Central enterprises regrouped, with nine newcomers",
    "CCTV (Yang Shi Wang, summary by Reportify)",
    date(2025, 9, 17),
    "https://reportify.ai/tags/concept?tagValue=%E4%B8%AD%E5%A4%AE",
)
STEEL = source(
    "steel",
    "Ansteel and Benxi weigh up in figures before their planned merger",
    "SteelOrbis",
    date(2021, 4, 16),
    "https://www.steelorbis.com/steel-news/latest-news/1195722.htm",
)
XINHUA = source(
    "xinhua",
    "Ansteel and Ben Gang start to merge",
    "Xinhua, via People's Daily Online",
    date(2021, 8, 20),
    "http://en.people.cn/n3/2021/0820/c90000-9886522.html",
)
BLOG = source("blog", "Notes on the SOE drive", "Rare Earth Exchanges", None, "notes/soe-drive.md", "low")
SASAC = source(
    "sasac",
    "Year-end figures from China's state asset regulator",
    "SASAC",
    date(2025, 12, 29),
    "http://en.sasac.gov.cn/2025/12/29/c_20242.htm",
)


def figure(text: str, value: str, unit: str, comparator: str = "exactly") -> Quantity:
    return Quantity(text, Decimal(value), Decimal(value), unit, comparator, Span(0, len(text)))


def judgement(
    of: Source,
    before: str,
    rationale: str,
    after: str = "",
    stance: str = "supports",
    sure: float = 0.95,
    figures: tuple[QuantityFinding, ...] = (),
    independent: bool = True,
    rank: int = 1,
    headings: tuple[str, ...] = (),
) -> Judgement:
    text = before + rationale + after
    rest = round((1 - sure) / 2, 4)
    scores = {"supports": (sure, rest, rest), "disputes": (rest, sure, rest), "neutral": (rest, rest, sure)}[stance]
    return Judgement(
        retrieved=RetrievedPassage(
            passage=Passage(f"{of.id}:0", of.id, text, Span(0, len(text)), headings),
            source=of,
            rank=rank,
            score=round(1 / (60 + rank), 6),
            similarity=0.71,
        ),
        probabilities=Probabilities(*scores),
        stance=stance,
        rationale=Span(len(before), len(before) + len(rationale)),
        quantities=figures,
        independent=independent,
    )


def verdict(
    number: int,
    text: str,
    words: tuple[str, ...],
    label: str,
    confidence: float,
    explanation: str,
    judgements: tuple[Judgement, ...] = (),
    quantities: tuple[Quantity, ...] = (),
    resolved: tuple[Resolution, ...] = (),
    attribution: str | None = None,
) -> Verdict:
    places = tuple(raw_span(quote) for quote in words)
    at = TEXT.index(words[0])
    start, end = TEXT.rfind("\n", 0, at) + 1, TEXT.find("\n", at)
    sentence = next(s for s in re.split(r"(?<=[.!?]) (?=[A-Z])", TEXT[start:end]) if words[0] in s).removeprefix("- ")
    sides = {
        side: len({j.retrieved.source.origin for j in judgements if j.independent and j.stance == side})
        for side in ("supports", "disputes")
    }
    return Verdict(
        claim=Claim(
            id=f"c{number}",
            text=text,
            span=places[0],
            sentence=sentence,
            quantities=quantities,
            worthiness=0.9,
            resolved=resolved,
            places=places,
            attribution=attribution,
        ),
        label=label,
        confidence=confidence,
        explanation=explanation,
        judgements=judgements,
        independent_support=sides["supports"],
        independent_dispute=sides["disputes"],
    )


def sample_report() -> Report:
    """Twelve claims with all four verdicts, claims on the same words, one claim in two places."""
    cap = figure("exceeding ¥22 trillion", "22000000000000", "CNY", "over")
    nearly_half = figure("nearly 50%", "50", "%", "nearly")
    invested = figure("¥8.6 trillion", "8600000000000", "CNY", "over")
    growth = figure("more than 20%", "20", "%", "over")
    factories = figure("1,854 smart factories", "1854", "smart factory")
    market_before = ""
    market_first = (
        "Listed companies controlled by China's central state-owned enterprises now have a total market value of more "
        "than 22 trillion yuan."
    )
    market_second = (
        "That is an increase of nearly 50 percent on the end of the 13th Five-Year Plan, the period that "
        "closed in 2020."
    )
    verdicts = (
        verdict(
            1,
            "SOE-controlled listed firms hold a combined market capitalization exceeding ¥22 trillion.",
            (
                "SOE-controlled listed firms now hold a market capitalization of ¥22 trillion",
                (
                    "SOE-controlled listed firms now hold a combined market capitalization exceeding ¥22 trillion "
                    "($3.0 trillion USD)"
                ),
            ),
            "supported",
            0.972,
            (
                "The article says exceeding ¥22 trillion; People's Daily Overseas Edition (2025-09-19) gives "
                "more than 22 trillion yuan."
            ),
            (
                judgement(
                    MARKET,
                    market_before,
                    market_first,
                    " " + market_second,
                    figures=(
                        QuantityFinding(
                            cap, figure("more than 22 trillion yuan", "22000000000000", "CNY", "over"), "equal"
                        ),
                    ),
                    sure=0.97,
                ),
                judgement(
                    BLOG,
                    "A reader's digest. ",
                    "Market value of listed SOEs: above ¥22 trillion.",
                    independent=False,
                    figures=(
                        QuantityFinding(cap, figure("above ¥22 trillion", "22000000000000", "CNY", "over"), "equal"),
                    ),
                    rank=2,
                ),
                judgement(
                    SASAC,
                    "",
                    (
                        "The total capital of China's central state-owned enterprises increased from 70 trillion yuan "
                        "(US$9.98 trillion) to 90 trillion yuan between 2021 and 2025."
                    ),
                    stance="neutral",
                    sure=0.88,
                    rank=3,
                    figures=(
                        QuantityFinding(cap, figure("90 trillion yuan", "90000000000000", "CNY"), "not comparable"),
                    ),
                ),
            ),
            (cap,),
        ),
        verdict(
            2,
            "The market capitalization of SOE-controlled listed firms is up nearly 50% since 2020.",
            ("up nearly 50% since 2020",),
            "supported",
            0.958,
            (
                "The article says nearly 50%; People's Daily Overseas Edition (2025-09-19) gives the same "
                "figure, as nearly 50 percent."
            ),
            (
                judgement(
                    MARKET,
                    market_first + " ",
                    market_second,
                    figures=(QuantityFinding(nearly_half, figure("nearly 50 percent", "50", "%", "nearly"), "equal"),),
                ),
            ),
            (nearly_half,),
        ),
        verdict(
            3,
            "Over the past four years, SOE-controlled listed firms have issued ¥2.5 trillion in dividends.",
            ("Over the past four years, they have issued ¥2.5 trillion ($340 billion USD) in dividends",),
            "not enough evidence",
            0.91,
            "Nothing in the evidence speaks of dividends; the nearest passage is about market value.",
            (judgement(MARKET, "", market_first, " " + market_second, stance="neutral", sure=0.93),),
            (figure("¥2.5 trillion", "2500000000000", "CNY"),),
            resolved=(Resolution("they", "SOE-controlled listed firms"),),
        ),
        verdict(
            4,
            "Annual SOE investment in “strategic emerging industries” has grown more than 20%.",
            ("annual SOE investment in “strategic emerging industries” has grown more than 20%",),
            "supported",
            0.944,
            "The article says more than 20%; China News Service (2025-09-18) gives more than 20 percent a year.",
            (
                judgement(
                    EMERGING,
                    "",
                    (
                        "Investment by China's central state-owned enterprises in strategic emerging industries has "
                        "increased by more than 20 percent a year during the 14th Five-Year Plan period."
                    ),
                    (
                        " Over the whole plan period, which began in 2021, their investment in these industries came to "
                        "8.6 trillion yuan in all."
                    ),
                    figures=(
                        QuantityFinding(growth, figure("more than 20 percent a year", "20", "%", "over"), "equal"),
                    ),
                ),
                judgement(
                    SASAC,
                    (
                        "Over the same years they accumulated more than 5 trillion yuan of spending on research and "
                        "development, and "
                    ),
                    "their investment in emerging industries was up by more than 20 percent.",
                    sure=0.9,
                    rank=2,
                ),
            ),
            (growth,),
            attribution="Zhang Yuzhuo, SASAC chief",
        ),
        verdict(
            5,
            "Cumulative SOE investment in “strategic emerging industries” has surpassed ¥8.6 trillion since 2021.",
            (
                (
                    "annual SOE investment in “strategic emerging industries” has grown more than 20%, with "
                    "cumulative investment surpassing ¥8.6 trillion ($1.2 trillion USD) since 2021"
                ),
            ),
            "supported",
            0.987,
            (
                "The article says ¥8.6 trillion; Reportify (2025-09-17) gives the same figure, as 8.6 trillion "
                "yuan, and so does one other source."
            ),
            (
                judgement(
                    INSIGHTS,
                    "",
                    "Their investment in emerging industries reached 8.6 trillion yuan.",
                    figures=(
                        QuantityFinding(invested, figure("8.6 trillion yuan", "8600000000000", "CNY"), "compatible"),
                    ),
                ),
                judgement(
                    EMERGING,
                    "",
                    (
                        "Over the whole plan period, which began in 2021, their investment in these industries came to "
                        "8.6 trillion yuan in all."
                    ),
                    rank=2,
                    figures=(
                        QuantityFinding(invested, figure("8.6 trillion yuan", "8600000000000", "CNY"), "compatible"),
                    ),
                ),
            ),
            (invested,),
            attribution="Zhang Yuzhuo, SASAC chief",
        ),
        verdict(
            6,
            "China has built 1,854 smart factories.",
            ("China has built 1,854 smart factories",),
            "supported",
            0.963,
            "The article says 1,854 smart factories; Reportify (2025-09-17) gives the same figure.",
            (
                judgement(
                    INSIGHTS,
                    (
                        "The press conference of 17 September 2025 gave several measures of how far their modernisation "
                        "has come. "
                    ),
                    (
                        "The central enterprises have 1,854 smart factories, and they have opened more than 800 "
                        "application scenarios for artificial intelligence."
                    ),
                    figures=(
                        QuantityFinding(factories, figure("1,854 smart factories", "1854", "smart factory"), "equal"),
                    ),
                    headings=("Core insights", "Digital transformation"),
                ),
            ),
            (factories,),
        ),
        verdict(
            7,
            "China has rolled out over 800 AI application scenarios.",
            ("rolled out over 800 AI application scenarios",),
            "supported",
            0.949,
            (
                "The article says over 800 AI application scenarios; Reportify (2025-09-17) gives more than 800 "
                "application scenarios."
            ),
            (
                judgement(
                    INSIGHTS,
                    "",
                    (
                        "The central enterprises have 1,854 smart factories, and they have opened more than 800 "
                        "application scenarios for artificial intelligence."
                    ),
                ),
            ),
        ),
        verdict(
            8,
            "Six groups involving ten enterprises have merged during the 14th Five-Year Plan.",
            (
                (
                    "During the current 14th Five-Year Plan (2021–2025), six groups involving ten enterprises have "
                    "already merged"
                ),
            ),
            "supported",
            0.931,
            "CCTV (2025-09-17) says so: “Six groups, made up of ten enterprises in all, were restructured”.",
            (
                judgement(
                    CCTV,
                    "",
                    (
                        "Six groups, made up of ten enterprises in all, were restructured, and nine new central "
                        "enterprises were established."
                    ),
                ),
            ),
        ),
        verdict(
            9,
            "The mergers created twelve new SOEs in areas ranging from cruise operations to electrical equipment.",
            ("creating nine new SOEs in areas ranging from cruise operations to electrical equipment",),
            "disputed",
            0.894,
            "The article says twelve new SOEs; CCTV (2025-09-17) gives nine new central enterprises.",
            (
                judgement(
                    CCTV,
                    "Six groups, made up of ten enterprises in all, were restructured, and ",
                    "nine new central enterprises were established.",
                    stance="disputes",
                    sure=0.91,
                    figures=(
                        QuantityFinding(
                            figure("twelve new SOEs", "12", "new SOE"),
                            figure("nine new central enterprises", "9", "new central enterprise"),
                            "different",
                        ),
                        QuantityFinding(figure("2021–2025", "2021", "year"), None, "not comparable"),
                    ),
                ),
            ),
        ),
        verdict(
            10,
            "Anshan Steel merged with Benxi Steel.",
            ("The merger of Anshan Steel with Benxi Steel",),
            "conflicting",
            0.64,
            (
                "Sources disagree: Xinhua (2021-08-20) says “Ansteel and Ben Gang began their merger”, but "
                "SteelOrbis (2021-04-16) gives a plan."
            ),
            (
                judgement(
                    XINHUA,
                    "",
                    "Two of China's large steel producers, Ansteel and Ben Gang, began their merger on 20 August 2021.",
                    " Ben Gang is also known as Benxi Steel.",
                    sure=0.83,
                ),
                judgement(
                    STEEL,
                    "",
                    "Ansteel plans to merge with Benxi Steel, its fellow Chinese steelmaker.",
                    stance="disputes",
                    sure=0.7,
                    rank=2,
                ),
            ),
            resolved=(Resolution("north-south dual powerhouse", ""),),
        ),
        verdict(
            11,
            "China StarNet was formed to accelerate Beijing’s push for an independent satellite broadband network.",
            ("Formation of China StarNet to accelerate Beijing’s push for an independent satellite broadband network",),
            "not enough evidence",
            1.0,
            "The evidence has no passage about it.",
        ),
        verdict(
            12,
            "Large-scale domestic AI models include Jiutian, Xingchen, and Yuanjing.",
            ("large-scale domestic AI models such as Jiutian, Xingchen, and Yuanjing",),
            "not enough evidence",
            0.82,
            "SASAC (2025-12-29) names Jiutian as something else: “Jiutian is a heavy-lift drone”.",
            (
                judgement(
                    SASAC,
                    "In aviation, 2025 brought the maiden flight of Jiutian. ",
                    "Jiutian is a heavy-lift drone.",
                    stance="neutral",
                    sure=0.84,
                ),
            ),
        ),
    )
    skipped = (
        SkippedSentence("Consolidation Highlights", raw_span("Consolidation Highlights"), "heading", 0.02),
        SkippedSentence("Zhang Yuzhuo, SASAC Chief", raw_span("Zhang Yuzhuo, SASAC Chief"), "caption", 0.04),
        SkippedSentence(
            (
                "Beijing isn’t just shuffling paper—it’s welding its state-owned giants into sharper weapons of "
                "industrial policy, and rare earths are right at the center of the forge."
            ),
            raw_span("Beijing isn’t just shuffling paper"),
            "opinion",
            0.31,
        ),
        SkippedSentence(
            (
                "Can the U.S. and EU keep pace in AI, green tech, and resource security without similar "
                "state-led coordination?"
            ),
            raw_span("Can the U.S. and EU keep pace"),
            "question",
            0.12,
        ),
    )
    return Report(
        article=sample_article(),
        verdicts=tuple(sorted(verdicts, key=lambda v: v.claim.span.start)),
        skipped=skipped,
        run=Run(
            claimline="0.1.0",
            models={"embedder": "all-MiniLM-L6-v2 sha256:53aa5117", "verifier": "claimline-compact sha256:0f3b9c2e"},
            store="seeds/evidence (10 sources)",
            settings={"min_worth": 0.5, "top_k": 12, "as_of": None},
            seconds={"read": 0.02, "claims": 1.31, "search": 0.42, "verify": 3.9},
            checked=datetime(2026, 3, 3, 14, 5, tzinfo=UTC),
        ),
    )


HOSTILE = '<script>window.hacked = "yes"</script><img src=x onerror="window.hacked=1">"\' & {{ 7*7 }}'


def hostile_report() -> Report:
    """A short report in which every text that comes from outside tries to be code."""
    text = f"{HOSTILE} It sold 5 boats.\n=cmd|' /C calc'!A0 is what {HOSTILE} said."
    first = text.index("\n")
    raw = Span(0, first)
    bad = Source(
        id=HOSTILE,
        uri="javascript:window.hacked=2",
        title=HOSTILE,
        publisher=HOSTILE,
        published=None,
        retrieved=datetime(2026, 3, 3, tzinfo=UTC),
        sha256="00",
        language=None,
        trust="normal",
        origin=HOSTILE,
    )
    quantity = Quantity(HOSTILE, Decimal(5), Decimal(5), HOSTILE, "exactly", Span(0, 1))
    claim = Claim(
        id='c"1<b>',
        text=f'=HYPERLINK("http://evil.example") {HOSTILE}',
        span=raw,
        sentence=HOSTILE,
        quantities=(quantity,),
        worthiness=0.5,
        resolved=(Resolution(HOSTILE, HOSTILE),),
        places=(raw,),
        attribution=HOSTILE,
    )
    says = replace(
        judgement(
            bad, HOSTILE, HOSTILE, HOSTILE, figures=(QuantityFinding(quantity, quantity, "equal"),), headings=(HOSTILE,)
        ),
    )
    return Report(
        article=Article(
            id="0" * 64,
            title=HOSTILE,
            publisher=HOSTILE,
            published=None,
            uri="javascript:window.hacked=3",
            raw=text,
            text=text,
            edits=(),
            blocks=(
                Block("paragraph", text[:first], 0, raw),
                Block("list item", text[first + 1 :], first + 1, Span(first + 1, len(text)), HOSTILE),
            ),
            sentences=(Sentence(text[:first], 0, raw, 0),),
        ),
        verdicts=(Verdict(claim, "supported", 0.9, HOSTILE, (says,), 1, 0),),
        skipped=(SkippedSentence(HOSTILE, raw, HOSTILE, 0.1),),
        run=Run(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE, {HOSTILE: HOSTILE}, {HOSTILE: 1.0}),
    )
