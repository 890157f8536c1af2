from datetime import UTC, datetime

import pytest

from seeds.site.state import State, StateUnreadable, read_state, write_state

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_state_reads_back_as_it_was_written(tmp_path):
    state = State().with_done("edit", page="herald/a", at=NOON)
    write_state(tmp_path / "new" / "state.json", state)
    assert read_state(tmp_path / "new" / "state.json") == state


def test_missing_file_is_the_state_before_anything_happened(tmp_path):
    assert read_state(tmp_path / "none.json") == State()


def test_event_put_back_leaves_when_its_page_changed_last():
    state = State().with_done("edit", page="herald/a", at=NOON)
    back = state.without("edit", page="herald/a", at=LATER)
    assert (dict(back.done), dict(back.touched)) == ({}, {"herald/a": LATER})


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"done": {"a": 1}, "touched": {}}', '{"done": [], "touched": []}'],
)
def test_file_that_is_no_state_is_named_in_one_sentence(tmp_path, text):
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(StateUnreadable, match="delete it to start afresh"):
        read_state(file)


def test_writing_leaves_no_draft_behind(tmp_path):
    write_state(tmp_path / "state.json", State())
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]
