"""What a PDF tells assistive technology, read from its objects: as much of PDF/UA as can be checked without a
validator."""

import re
import zlib

PACKED = re.compile(rb"/ObjStm/N (\d+)/First (\d+).*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


class Pdf:
    def __init__(self, content):
        self.objects = {}
        for count, first, packed in PACKED.findall(content):
            plain = zlib.decompress(packed).decode("latin-1")
            head, body = plain[: int(first)].split(), plain[int(first) :]
            starts = [int(at) for at in head[1 : 2 * int(count) : 2]] + [len(body)]
            found = (body[at:end] for at, end in zip(starts, starts[1:], strict=False))
            self.objects |= dict(zip(map(int, head[: 2 * int(count) : 2]), found, strict=True))

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
