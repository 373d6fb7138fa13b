"""Bugs planted in the unpacking of archives."""

FILE = "coursework/reading/archives.py"
TESTS = ["tests/coursework/reading/test_archives.py"]
MUTANTS = {
    "broken-one-ends-all": (
        "            except BROKEN as error:\n                self._leave(archive, place.name",
        "            except KeyError as error:\n                self._leave(archive, place.name",
        "only_calls",
    ),
    "up-and-away": ('if part.strip(". ")', "if part", "lands_outside"),
    "links-of-zip": (" and (member.external_attr >> 28) in (0, 8)", "", "no_link"),
    "long-names": ("<= LONGEST:", "<= 10_000:", "long_and_odd"),
    "escapes-in-names": ('c if c.isprintable() else "_" for c in part', "c for c in part", "long_and_odd"),
    "deep-folders": ("if len(parts) > DEEPEST:", "if False:", "long_and_odd"),
    "one-over-the-other": ("while os.path.lexists(found):", "while False:", "both_stay"),
    "file-in-a-file": ("if any(above.is_file() for above in place.parents):", "if False:", "both_stay"),
    "whole-bomb": ("LARGEST + 1)", "10 * LARGEST)", "bomb"),
    "bombs-together": ("self.files <= 0 or self.bytes <= 0", "self.files <= 0", "bomb"),
    "many-files": ("self.files <= 0 or self.bytes <= 0", "self.bytes <= 0", "come_to_an_end"),
    "tar-bomb": ("if self.most and size > self.most:", "if False:", "come_to_an_end"),
    "everything-kept": ("if left is not None and not packed and not", "if False and not", "unpacked_into"),
    "platform-is-silent": (
        ") from error\n\n    def _unpack",
        ") if False else error\n\n    def _unpack",
        "must_be_an_archive",
    ),
    "log-as-named": ("record.msg, record.args = clean.line(record.getMessage(), 2000), None", "pass", "terminal"),
}
