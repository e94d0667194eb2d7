import pytest

from pipeline.records import UserError
from pipeline.unlabelled import PASSAGES_A_CLAIM, unlabelled_pairs


def test_every_claim_of_the_articles_meets_the_passages_that_search_finds(tmp_path):
    (tmp_path / "one.txt").write_text("Norvik sold 4,200 bicycles in 2024. Sales rose 8 percent.\n\nWhat a year!")
    (tmp_path / "two.txt").write_text("Norvik of Bergen makes bicycles. It sold 3,900 of them in 2023.")
    pairs = unlabelled_pairs(tmp_path)
    claims = {pair.claim for pair in pairs}
    assert any("4,200 bicycles" in claim for claim in claims)
    assert not any("What a year" in claim for claim in claims)
    assert {pair.source for pair in pairs} == {"unlabelled"}
    assert all(sum(pair.claim == claim for pair in pairs) <= PASSAGES_A_CLAIM for claim in claims)
    assert any("3,900" in pair.premise and "4,200" in pair.claim for pair in pairs)


def test_a_folder_without_articles_is_refused(tmp_path):
    with pytest.raises(UserError):
        unlabelled_pairs(tmp_path)
