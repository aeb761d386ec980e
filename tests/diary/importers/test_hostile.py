"""Files made to harm are refused with a sentence, quickly and in little memory."""

import struct
import subprocess
import sys
import zipfile

import pytest
from tests.counting import at_most_cpu_s

from nightdose.diary.importers import READERS, detect
from nightdose.diary.importers.generic import open_table
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.reading import Archive
from nightdose.errors import NightdoseError

MEGABYTE = 1024**2


def zip_with(path, name, size, byte=b"0"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(size // MEGABYTE):
            member.write(byte * MEGABYTE)
    return path


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path):
    path = zip_with(tmp_path / "bomb.zip", "apple_health_export/export.xml", 200 * MEGABYTE)
    with at_most_cpu_s(2.0), pytest.raises(NightdoseError, match="packed far too tightly"):
        detect(path)


def test_a_member_that_lies_about_its_size_is_stopped(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.xml", b"<HealthData>" + b"x" * 1000)
    content = path.read_bytes().replace((1012).to_bytes(4, "little"), (12).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(NightdoseError):
        READERS["apple-health"](path, Choices())


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a/../../x", "..\\x", "C:\\x"])
def test_paths_that_lead_outside_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(NightdoseError, match="points outside"):
        Archive(tmp_path / "x.zip")


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_so_that_it_may_ask_for_any_memory_is_refused(tmp_path, kind):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", kind) as archive:
        archive.writestr("export.xml", "<HealthData/>")
    with pytest.raises(NightdoseError, match="packed in a way that is not read here"):
        Archive(tmp_path / "x.zip")


def test_a_member_that_begins_beyond_every_file_is_a_sentence(tmp_path):
    """Its place in the zip is said in an extra field, as a number that no file reaches."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.xml", "<HealthData/>")
    content = bytearray(path.read_bytes())
    at, extra = content.index(b"PK\x01\x02"), struct.pack("<HHQ", 1, 8, 2**63)
    struct.pack_into("<H", content, at + 30, len(extra))
    struct.pack_into("<I", content, at + 42, 0xFFFFFFFF)
    content[at + 56 : at + 56] = extra
    end = content.index(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, struct.unpack_from("<I", content, end + 12)[0] + len(extra))
    path.write_bytes(content)
    archive = Archive(path)
    with pytest.raises(NightdoseError, match="is damaged at"), archive.open("export.xml"):
        pass


def test_a_member_whose_name_was_damaged_is_a_sentence(tmp_path):
    """The name stands twice in a zip. A letter outside ASCII marks it as UTF-8, and here its last copy lost a byte."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\u00fc/export.xml", "<HealthData/>")
    content = path.read_bytes()
    at = content.index("\u00fc".encode())
    path.write_bytes(content[: at + 1] + b"/" + content[at + 2 :])
    archive = Archive(path)
    with pytest.raises(NightdoseError, match="is damaged at"), archive.open(archive.find("export.xml")):
        pass
    archive.close()


@pytest.mark.long
def test_a_zip_of_a_hundred_thousand_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(50_001):
            archive.writestr(str(number), "")
    with pytest.raises(NightdoseError, match="more than a health export"):
        Archive(tmp_path / "x.zip")


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.html", "x.zip"])
def test_two_gigabytes_are_refused_by_their_size_alone(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"date,pain\n")
        file.truncate(2 * 1024**3)
    with at_most_cpu_s(1.0), pytest.raises(NightdoseError):
        open_table(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 5000,
        b"\xff\xfe\x00",
        b'"' * 300_000,
        b"a," * 5_000,
        b"date,x\n" + b"x" * 200_000,
        b"",
        b"\n\n\n",
    ],
)
def test_text_that_is_no_table_is_a_sentence(tmp_path, content):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(NightdoseError):
        list(open_table(tmp_path / "x.csv").rows())


WITHIN = """
import sys
from pathlib import Path
from nightdose.diary.importers import READERS, detect
from nightdose.diary.importers import GENERIC, generic
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.suggest import suggest
from nightdose.errors import InputError
path = Path(sys.argv[1])
try:
    name = detect(path)
    if name == GENERIC:
        table = generic.open_table(path)
        generic.read(table, Choices(), suggest(table))
    else:
        READERS[name](path, Choices())
except InputError:
    pass  # a sentence, within the same bounds
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_a_large_apple_export_is_streamed_in_little_memory(tmp_path):
    """60 MB of records that differ, as a real export packs them."""
    path = tmp_path / "export.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("export.xml", "w") as member,
    ):
        member.write(b"<HealthData>")
        for number in range(250_000):
            member.write(
                b'<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch %d" unit="count/min" '
                b'creationDate="2026-11-20 08:00:00 +0100" startDate="2026-11-20 08:00:00 +0100" '
                b'endDate="2026-11-20 08:00:00 +0100" value="%d.%d"/>\n' % (number * 7919, number % 120, number)
            )
        member.write(b"</HealthData>")
    assert peak_mb(path) < 60


def peak_mb(path):
    """Most memory in MB, the interpreter included."""
    done = subprocess.run([sys.executable, "-c", WITHIN, path], capture_output=True, text=True, check=True, timeout=300)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize(
    ("name", "begin", "record", "end"),
    [
        ("t.csv", "date,pain,note\n", "2026-01-02,4,slept badly \U0001f600 and so on and so on\n", ""),
        ("t.csv", "date,pain\n2026-01-02,", "9", ""),
        ("t.json", '{"data": {"metrics": [0', ',{"name": "x", "data": [{"qty": 1}]}', '], "medications": []}}'),
        ("t.json", '{"data": {"medications": ["', "x", '"]}}'),
        ("t.json", '[{"sleepStartTimestampGMT": 0}', ',{"sleepStartTimestampGMT": 0, "x": [1, 2, 3]}', "]"),
    ],
    ids=["table", "a cell without an end", "health metrics", "a word without an end", "nights"],
)
def test_memory_is_at_most_four_times_a_large_file(tmp_path, name, begin, record, end):
    path = tmp_path / name
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for _ in range(20):
            file.write(record * (1_000_000 // len(record.encode())))
        file.write(end)
    assert peak_mb(path) < 4 * 20 + 40  # of the 40 MB the interpreter has 35
