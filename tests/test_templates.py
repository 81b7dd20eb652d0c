"""What must hold for every template, read from its syntax tree: a page that nobody opened yet is checked too."""

import re
from functools import cache

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import meta, nodes

from config.jinja import Missing

ENV = engines["jinja2"].env
NAMES = sorted(
    str(file.relative_to(settings.BASE_DIR / "templates"))
    for file in (settings.BASE_DIR / "templates").rglob("*")
    if file.suffix in (".html", ".txt", ".svg")
)
INLINE = {
    "a script": r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>",
    "a style element": r"<style\b",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "htmx script": r"\bhx-on|\bhx-vals\s*=\s*.js:|javascript:",
}

every_template = pytest.mark.parametrize("name", NAMES)


@cache
def source(name):
    return ENV.loader.get_source(ENV, name)[0]


@cache
def tree(name):
    return ENV.parse(source(name), name)


@every_template
def test_it_compiles_and_what_it_names_exists(name):
    ENV.get_template(name)

    for other in meta.find_referenced_templates(tree(name)):
        assert other is None or ENV.loader.get_source(ENV, other)


@every_template
def test_what_it_imports_is_there(name):
    for one in tree(name).find_all(nodes.FromImport):
        there = {macro.name for macro in tree(one.template.value).find_all(nodes.Macro)}
        for imported in one.names:
            macro = imported[0] if isinstance(imported, tuple) else imported
            assert macro in there, f"{one.template.value} has no {macro}"


@every_template
def test_it_escapes_everything(name):
    assert not [one for one in tree(name).find_all(nodes.Filter) if one.name == "safe"]


@every_template
def test_it_gives_no_raw_html_to_gov_uk_macros(name):
    keys = [pair.key.value for pair in tree(name).find_all(nodes.Pair) if isinstance(pair.key, nodes.Const)]

    assert not [key for key in keys if str(key).lower().endswith("html")]


@every_template
def test_it_needs_nothing_that_our_content_security_policy_forbids(name):
    text = source(name)

    assert not [kind for kind, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)]


@every_template
def test_it_takes_errors_one_by_one(name):
    """A slice of Django's error list gives exceptions, which print as ['…']."""
    sliced = [one.node for one in tree(name).find_all(nodes.Getitem) if isinstance(one.arg, nodes.Slice)]

    assert not [node for node in sliced if isinstance(node, nodes.Getattr) and node.attr == "errors"]


def test_printing_a_name_that_does_not_exist_fails():
    with pytest.raises(Exception, match="typo"):
        ENV.from_string("{{ typo }}").render()


def test_a_missing_attribute_prints_nothing():
    """GOV.UK macros probe for options that were not given."""
    assert ENV.from_string("{{ thing.nothing.more }}").render(thing={}) == ""
    assert isinstance(ENV.undefined(), Missing)
