"""Which feed a file is of, by how it begins; its name counts where the content does not say."""

from analytics.ingest.feeds import cclf, cclf_look, fhir, rif, synpuf, synthea, tuva
from analytics.ingest.feeds.feed import Feed
from analytics.ingest.feeds.text import header

HEAD = 1 << 16  # bytes that tell; a header line of a wide file is 20 KB
_SEPARATORS = ("|", ",")


def recognised(head: bytes, name: str) -> Feed | None:
    """The feed of a file that begins with these bytes; None for X12 and all that is no feed."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    line = text.replace(b"\r", b"\n").partition(b"\n")[0]
    if not line or text.startswith(b"ISA"):
        return None
    if fhir.is_fhir(text):
        return fhir.feed()
    for separator in _SEPARATORS:
        names = header(line, separator)
        if len(names) > 1 and (feed := _by_head(names, separator, name)):
            return feed
    plain = line.decode("utf-8", "replace")
    file = cclf_look.by_look(plain) or cclf_look.by_name(name)
    return cclf.feed(file, None) if file else None


def _by_head(names: list[str], separator: str, name: str) -> Feed | None:
    if separator == "," and (file := synpuf.by_head(names)):
        return synpuf.feed(file, name)
    if file := cclf_look.by_head(names):
        return cclf.feed(file, separator)
    if file := rif.by_head(names):
        return rif.feed(file, separator)
    if separator == "," and (table := synthea.by_head(names)):
        return synthea.feed(table)
    if separator == "," and (table := tuva.by_head(names)):
        return tuva.feed(table)
    return None
