import argparse

import pytest

from training import arguments


@pytest.mark.parametrize("parse, text, complaint", [
    *((arguments.whole(1), text, "must be a whole number from 1 to 2147483647") for text in ("0", "-1", "2147483648", "1.5", "ten", "")),
    (arguments.whole(1, 100), "101", "must be a whole number from 1 to 100"),
    (arguments.whole(0), "-1", "must be a whole number from 0 to 2147483647"),
    *((arguments.rate, text, "must be a number above 0 and below 1") for text in ("0", "1", "nan", "fast")),
    *((arguments.share, text, "a share is a number in 0 to 1") for text in ("two", "1.5", "-0.1", "nan")),
    *((arguments.seconds, text, "must be a number of seconds, 0 or more") for text in ("-1", "nan", "long")),
])
def test_what_is_no_such_number_is_refused(parse, text, complaint):
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        parse(text)
    assert str(refused.value) == f"{text}: {complaint}"


def test_numbers_at_the_edge_of_their_range_are_taken():
    assert [arguments.whole(1)("1"), arguments.whole(0)("0"), arguments.whole(0)("2147483647")] == [1, 0, 2147483647]
    assert [arguments.rate("1e-3"), arguments.share("0"), arguments.share("1"), arguments.seconds("0")] == [0.001, 0, 1, 0]


def test_what_is_written_needs_a_folder_that_is_there_and_may_be_written_into(tmp_path, monkeypatch):
    assert arguments.file_to_write(str(tmp_path / "a.pt")) == tmp_path / "a.pt"
    for place in (tmp_path, tmp_path / "none" / "a.pt"):
        with pytest.raises(argparse.ArgumentTypeError, match="not a file in a folder that is there"):
            arguments.file_to_write(str(place))
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere
    with pytest.raises(argparse.ArgumentTypeError, match="a.pt: its folder may not be written into"):
        arguments.file_to_write(str(tmp_path / "a.pt"))
