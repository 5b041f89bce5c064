import pytest

from training.weights import CheckpointError, read_foreign, write_whole


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    file = tmp_path / "weights.pt"
    file.write_text("old")

    def on_a_full_disk(_, stream):
        stream.write(b"half of it")
        raise OSError(28, "No space left on device")

    with pytest.raises(CheckpointError) as refused:
        write_whole({}, file, on_a_full_disk)
    assert str(refused.value) == f"{file}: cannot be written (No space left on device)"
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]
    with pytest.raises(CheckpointError, match="none/weights.pt: cannot be written .No such file or directory"):
        write_whole({}, tmp_path / "none" / "weights.pt")


def test_a_reader_that_knows_what_is_wrong_is_heard(tmp_path):
    def read(file):
        raise CheckpointError(f"{file}: is in 8 bits")

    with pytest.raises(CheckpointError, match="^a.onnx: is in 8 bits$"):
        read_foreign("a.onnx", "network", read)
    with pytest.raises(CheckpointError, match="a.pt: no weights of ours can be read from it .No such file or directory"):
        read_foreign(tmp_path / "a.pt", "weights", lambda file: file.read_bytes())
