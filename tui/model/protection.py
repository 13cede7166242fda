"""What the user's own rules keep: images, containers and volumes that can't be marked without lifting that.

A rule is one text, as the preferences file has it:

- ``postgres:*`` — a pattern as shells have them (``*``, ``?``, ``[abc]``; case counts), held against an image's tags
  and repositories, a container's names and a volume's name;
- ``label=keep`` or ``label=stage=prod*`` — whatever carries that label (with that value);
- ``image:…``, ``container:…`` or ``volume:…`` before either — only for that kind. So a repository that is itself
  called ``image`` is written ``image:image:*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from typing import NamedTuple

from tui.model.image import Reference
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark

_KINDS = {"image": Kind.IMAGE, "container": Kind.CONTAINER, "volume": Kind.VOLUME}
_LABEL = "label="


class BadRuleError(ValueError):
    """A rule can't be understood; the text is one plain sentence."""


class _Rule(NamedTuple):
    """One rule, understood."""

    text: str
    """As the user wrote it."""
    kinds: frozenset[Kind]
    pattern: re.Pattern[str]
    """Of a name, or of a label's key."""
    value: re.Pattern[str] | None = None
    """Of a label's value; ``None`` for any."""
    by_label: bool = False

    @classmethod
    def of(cls, text: str) -> _Rule:
        """Understand ``text``. Raises BadRuleError."""
        prefix, colon, rest = text.strip().partition(":")
        kinds = frozenset({_KINDS[prefix]}) if colon and prefix in _KINDS else frozenset(_KINDS.values())
        wanted = rest.strip() if len(kinds) == 1 else text.strip()
        if not wanted:
            raise BadRuleError(f"The rule {text!r} names nothing; write a name or a pattern such as postgres:*.")
        if not wanted.startswith(_LABEL):
            return cls(text, kinds, re.compile(translate(wanted)))
        key, equals, value = wanted.removeprefix(_LABEL).partition("=")
        if not key:
            raise BadRuleError(f"The rule {text!r} names no label; write label=KEY or label=KEY=VALUE.")
        wanted_value = re.compile(translate(value)) if equals else None
        return cls(text, kinds, re.compile(translate(key)), wanted_value, by_label=True)

    def keeps(self, kind: Kind, names: Iterable[str], labels: Mapping[str, str]) -> bool:
        """True when it is about something with these names and labels."""
        if kind not in self.kinds:
            return False
        if not self.by_label:
            return any(self.pattern.match(name) for name in names)
        return any(
            self.pattern.match(key) and (self.value is None or self.value.match(value)) for key, value in labels.items()
        )


class Protection(NamedTuple):
    """Rules, in the order they were written."""

    rules: tuple[_Rule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[str]) -> Protection:
        """Understand all of ``rules``. Raises BadRuleError at the first that can't be understood."""
        return cls(tuple(_Rule.of(rule) for rule in rules))

    @classmethod
    def as_far_as_understood(cls, rules: Iterable[str]) -> tuple[Protection, tuple[str, ...]]:
        """Those of ``rules`` that can be understood, and a sentence for each that can't: that one protects nothing."""
        understood: list[_Rule] = []
        problems: list[str] = []
        for rule in rules:
            try:
                understood.append(_Rule.of(rule))
            except BadRuleError as error:
                problems.append(str(error))
        return cls(tuple(understood)), tuple(problems)

    @property
    def texts(self) -> tuple[str, ...]:
        """The rules as they were written."""
        return tuple(rule.text for rule in self.rules)

    def rule_for(self, inventory: Inventory, mark: Mark) -> str:
        """The first rule that keeps what is marked, as it was written; empty when none does.

        An image that goes by several tags is asked for one mark at a time: another tag's rule keeps only that tag.
        A label keeps the image under all its tags. Records of the build cache have neither names nor labels.
        """
        if not self.rules:
            return ""
        match mark.kind:
            case Kind.IMAGE:
                image = inventory.images_by_id.get(mark.id)
                names = _image_names((mark.tag,) if mark.tag else (*image.tags, *image.digests) if image else ())
                labels: Mapping[str, str] = image.labels if image else {}
            case Kind.CONTAINER:
                container = inventory.containers_by_id.get(mark.id)
                names, labels = (container.names, container.labels) if container else ((), {})
            case Kind.VOLUME:
                volume = inventory.volumes_by_name.get(mark.id)
                names, labels = (mark.id,), volume.labels if volume else {}
            case Kind.CACHE_RECORD:
                return ""
        return next((rule.text for rule in self.rules if rule.keeps(mark.kind, names, labels)), "")


NO_PROTECTION = Protection()
"""Nothing is kept."""


def _image_names(references: Iterable[str]) -> tuple[str, ...]:
    """Tags or digests, and their repositories: ``postgres`` is to keep every ``postgres:…``."""

    def names() -> Iterator[str]:
        for reference in references:
            yield reference
            yield Reference.parse(reference).repository

    return tuple(dict.fromkeys(names()))
