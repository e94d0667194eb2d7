import pytest

from models.labels import LabelColumns, LabelError, label_columns


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["entailment", "neutral", "contradiction"], LabelColumns(0, 2, 1)),
        (["contradiction", "entailment", "neutral"], LabelColumns(1, 0, 2)),
        (["CONTRADICTION", "NEUTRAL", "ENTAILMENT"], LabelColumns(2, 0, 1)),
        (["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"], LabelColumns(0, 1, 2)),
        (["support", "dispute", "neutral"], LabelColumns(0, 1, 2)),
        (["entailment", "not_entailment"], LabelColumns(0, None, 1)),
        (["hallucinated", "consistent"], LabelColumns(1, None, 0)),
        (["entailment", "contradiction"], LabelColumns(0, 1, None)),
    ],
)
def test_labels_of_usual_models_are_recognised_in_any_order(labels, columns):
    assert label_columns(dict(enumerate(labels)), name="some/model") == columns


def test_minicheck_models_are_known_by_name_since_their_labels_have_none():
    assert label_columns({0: "LABEL_0", 1: "LABEL_1"}, name="lytang/MiniCheck-RoBERTa-Large") == LabelColumns(
        1, None, 0
    )


@pytest.mark.parametrize(
    "labels", [["positive", "negative"], ["LABEL_0", "LABEL_1"], ["joy", "anger", "fear"], ["entailment"]]
)
def test_labels_of_other_models_are_refused_and_named(labels):
    with pytest.raises(LabelError) as error:
        label_columns(dict(enumerate(labels)), name="some/model")
    assert labels[0] in str(error.value)
    assert "some/model" in str(error.value)
