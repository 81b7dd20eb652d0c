"""What a PDF tells assistive technology, read from its objects: as much of PDF/UA as can be checked without a
validator."""

import re
import zlib

STREAM = re.compile(rb"(\d+) 0 obj\s*<<.*?>>\s*stream\n(.*?)\nendstream", re.DOTALL)
SAYS = re.compile(r"/(\w+)\n(?:(<<.*?>>)\nBDC|BMC)|(EMC)|/(\w+) [\d.]+ Tf|((?:\[.*?\]|<\w+>) TJ?j?)")
PACKED = re.compile(rb"/ObjStm/N (\d+)/First (\d+).*?stream\n(.*?)\nendstream", re.DOTALL)


def unpacked(body) -> str:
    try:
        return zlib.decompress(body).decode("latin-1")
    except zlib.error:
        return body.decode("latin-1")


class Pdf:
    def __init__(self, content):
        self.objects = {}
        for count, first, packed in PACKED.findall(content):
            plain = zlib.decompress(packed).decode("latin-1")
            head, body = plain[: int(first)].split(), plain[int(first) :]
            starts = [int(at) for at in head[1 : 2 * int(count) : 2]] + [len(body)]
            found = (body[at:end] for at, end in zip(starts, starts[1:], strict=False))
            self.objects |= dict(zip(map(int, head[: 2 * int(count) : 2]), found, strict=True))

        self.streams = {int(number): unpacked(body) for number, body in STREAM.findall(content)}
        self.letters = {name: dict(pairs) for name, pairs in self._fonts()}

    def _fonts(self):
        for name, number in re.findall(r"/(\w+) (\d+) 0 R", "".join(self.objects.values())):
            font = self.objects.get(int(number), "")
            if "/Subtype /Type0" in font:
                cmap = self.streams[int(re.search(r"/ToUnicode (\d+)", font)[1])]
                pairs = re.findall(r"<(\w{4})> <(\w+)>", cmap.partition("beginbfchar")[2])
                yield name, [(glyph, bytes.fromhex(to).decode("utf-16-be")) for glyph, to in pairs]

    def written(self, page) -> list[tuple]:
        """(its mark, the number that its place in the structure has, the letters) for all text of a page, in the order
        in which it is drawn; the mark is None where there is none."""
        marks, font, found = [(None, None)], None, []
        for mark, about, end, name, text in SAYS.findall(self.streams[int(re.search(r"/Contents (\d+)", page)[1])]):
            if mark:
                number = re.search(r"/MCID (\d+)", about)
                marks.append((mark, int(number[1]) if number else None))
            elif end:
                marks.pop()
            font = name or font
            glyphs = [hexed[at : at + 4] for hexed in re.findall(r"<(\w+)>", text) for at in range(0, len(hexed), 4)]
            if glyphs:
                found.append((*marks[-1], "".join(self.letters[font][glyph] for glyph in glyphs)))
        return found

    def read_aloud(self, one=None) -> list[str]:
        """The text in the order of the structure, which is that of a screen reader."""
        one = one or self.to(self.of("Catalog")[0], "StructTreeRoot")[0]
        found, kids = [], re.search(r"/K \[([^\]]*)\]", one)
        for number, is_object in re.findall(r"(\d+)( 0 R)?", kids[1]) if kids else []:
            found += self.read_aloud(self.objects[int(number)]) if is_object else self._at(one, int(number))
        return found

    def _at(self, one, number) -> list[str]:
        """The letters that stand at one place of the structure."""
        page = self.to(one, "Pg")[0]
        return ["".join(letters for _, mark, letters in self.written(page) if mark == number)]

    def artifacts(self) -> list[str]:
        return [letters for page in self.of("Page") for mark, _, letters in self.written(page) if mark == "Artifact"]

    def of(self, kind) -> list[str]:
        return [one for one in self.objects.values() if f"/Type /{kind}/" in one or f"/Type /{kind}>" in one]

    def to(self, one, key) -> list[str]:
        """The objects that another names under a key, one or a list of them."""
        named = re.search(rf"/{key} (\[[^\]]*\]|\d+ 0 R)", one)
        numbers = re.findall(r"(\d+) 0 R", named[1]) if named else []
        return [self.objects[int(number)] for number in numbers]

    def tags(self, one=None) -> list[str]:
        """Of the structure tree, in the order in which it is read."""
        one = one or self.to(self.of("Catalog")[0], "StructTreeRoot")[0]
        name = re.search(r"/S /(\w+)", one)
        return ([name[1]] if name else []) + [tag for child in self.to(one, "K") for tag in self.tags(child)]

    def bookmarks(self, one=None, depth=1) -> list[tuple]:
        one = one or self.to(self.of("Catalog")[0], "Outlines")[0]
        found, children = [], self.to(one, "First")
        for child in children:
            found += [(depth, re.search(r"/Title \((.*?)\)", child)[1]), *self.bookmarks(child, depth + 1)]
            children += self.to(child, "Next")
        return found
