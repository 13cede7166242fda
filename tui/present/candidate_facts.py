"""What is known of a row among the candidates: the rule, what it is not, and how sure its figure is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.model.candidates import CandidateSet, Rule
from tui.model.docker_commands import shell_words
from tui.model.host import CONTAINERD_STORE
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.reclaim import device_of
from tui.model.storage_commands import own_command
from tui.present.candidates import HeadingSpot, LogSpot, ObjectSpot, RuleSpot, counted, rule_words
from tui.present.figures import age, count, date, exact_bytes, size
from tui.present.removal import freed_text
from widgets.cell import Cell, Fact, Role, Section


def candidate_sections(
    data: object, inventory: Inventory, sets: Iterable[CandidateSet], logs_reason: str = ""
) -> tuple[Section, ...]:
    """Everything about the row under the cursor. ``logs_reason`` tells why logs could not be measured, if so."""
    match data:
        case RuleSpot(found=found) if found.rule is Rule.LOGS:
            return (
                Section("".join(rule_words(found)), tuple(_log_facts(data, logs_reason))),
                *_log_help(inventory, ""),
            )
        case RuleSpot():
            return tuple(_rule_sections(data, inventory))
        case ObjectSpot():
            return tuple(_object_sections(data, sets))
        case LogSpot():
            facts = (_bytes("Log", data.log.size_bytes), _say("It can't be ticked. Enter goes to the container."))
            return (Section(f"Log of {data.name}", facts), *_log_help(inventory, data.name))
        case HeadingSpot():
            return (Section("", (_say(data.words, Role.WARNING),)),)
        case _:
            return ()


def _say(text: str, role: Role = Role.NORMAL) -> Fact:
    return Fact("", (Cell(text, role),))


def _bytes(label: str, number: int | None) -> Fact:
    return Fact(label, (Cell(size(number), Role.NUMBER),), exact=exact_bytes(number))


# -- a rule ---------------------------------------------------------------------------------------

_WHAT: dict[Rule, tuple[str, ...]] = {
    Rule.DANGLING: (
        "Mostly what a build, or a pull, left behind when it gave the tag to a newer image.",
        "An image that was pulled by digest has no tag, either.",
    ),
    Rule.UNUSED: (
        "No container was made from these, not even a stopped one. That does not make them unwanted: a job that runs "
        "once a month with --rm leaves no trace between its runs.",
    ),
    Rule.OLD: (
        "Of the unused images those with an early date. It tells when an image was made, not when it was pulled or "
        "last used: a base image pulled this morning may be a year old. Images without a date are left out.",
    ),
    Rule.KEEP_NEWEST: (
        "Of every repository the newest tags stay, by the date on which their image was made. A tag that is not its "
        "image's last one frees nothing. Images that a container uses keep all their tags.",
    ),
    Rule.STOPPED: (
        "They ran once, and don't any more. With a container go its logs and all it wrote outside volumes. Its age "
        "counts from when it was made: when it stopped, the engine's list does not say.",
    ),
    Rule.NEVER_STARTED: ("Left by a docker create, or by a docker run that failed. One may be about to be started.",),
    Rule.ANONYMOUS_VOLUMES: (
        "The engine made up their names for containers that are gone. That does not make them worthless: a database "
        "that was run without a volume of its own kept its files in one. The plan can back them up first.",
    ),
    Rule.NAMED_VOLUMES: (
        "Somebody named these to keep what is in them. That no container mounts one now can also mean that a Compose "
        "project is down, or that a container is just being made anew. What goes can't be pulled again.",
    ),
    Rule.CACHE: (
        "Only makes builds faster: the next one takes longer. Cache mounts (RUN --mount=type=cache) go, too.",
    ),
    Rule.LEFTOVERS: (
        "Helper containers and images (label orlop.helper) from backups that were cut short over a day ago. Nothing "
        "of yours is in them.",
    ),
}
_PRUNE: dict[Rule, tuple[str, str]] = {
    Rule.DANGLING: ("docker image prune", "goes by the same rule, but decides anew when it runs."),
    Rule.UNUSED: (
        "docker image prune -a",
        "goes by the same rule, unseen. docker system prune -a removes stopped containers before it, so their images "
        "go as well.",
    ),
    Rule.OLD: ("docker image prune -a --filter until=…h", "goes by the same date."),
    Rule.STOPPED: ("docker container prune", "takes those that were never started, too, whatever their age."),
    Rule.NEVER_STARTED: ("docker container prune", "takes all that have stopped, too."),
    Rule.ANONYMOUS_VOLUMES: (
        "docker volume prune",
        "takes only these since Docker 23.0. Before, it took named volumes, too, and so does an older client now.",
    ),
    Rule.NAMED_VOLUMES: ("docker volume prune -a", "takes these and the anonymous ones, without a list to look at."),
    Rule.CACHE: ("docker builder prune", "leaves what images or other records need; with -a it takes all not in use."),
}


def _rule_sections(spot: RuleSpot, inventory: Inventory) -> Iterator[Section]:
    found = spot.found
    title = "".join(rule_words(found))
    if spot.unknown:
        yield Section(title, (_say(f"What this finds is {spot.unknown}…"),))
    else:
        yield Section(title, tuple(_sum_facts(found)))
    cautions = [_say(words, Role.WARNING) for words in _cautions(found, inventory)]
    yield Section("What it is, and is not", (*map(_say, _WHAT.get(found.rule, ())), *cautions))
    command, effect = _PRUNE.get(found.rule, ("", ""))
    if command and inventory.host is not None:
        own = Fact("", (Cell(own_command(command, inventory.host), Role.ACCENT), Cell(f" {effect}")))
        yield Section("Beside docker's own", (own,))
    if found.number is not None:
        yield Section("", (_say("+ and - change the number.", Role.MUTED),))


def _sum_facts(found: CandidateSet) -> Iterator[Fact]:
    total = found.sum
    if not found.marks:
        yield _say("There is nothing of the kind.")
    else:
        yield Fact("Finds", (Cell(counted(total), Role.STRONG),))
        yield _say(freed_text(total.freed), Role.GOOD if total.freed.bytes else Role.NORMAL)
    if total.untagged_only:
        stay = f"{count(total.untagged_only, 'tag')} of images that stay under another one: they free nothing."
        yield _say(stay)
    if total.kept_total:
        yield _say(f"{total.kept_total:,} can't go as things are: the plan says why, and what would help.")
    if total.shared_records:
        yield _say(f"{count(total.shared_records, 'record')} shared with images: those keep the bytes.")
    if found.protected:
        yield _say(f"{found.protected:,} left out: rules of yours protect them. P on one of them lifts that.")


def _cautions(found: CandidateSet, inventory: Inventory) -> Iterator[str]:
    """What is special about what was found."""
    here = _built_here(found.marks, inventory)
    if here:
        which = "1 of them has" if here == 1 else f"{here:,} of them have"
        yield f"{which} no registry's digest: built or loaded here, no pull brings it back."
    by_digest = sum(
        bool(inventory.images_by_id[mark.id].digests)
        for mark in found.marks
        if mark.kind is Kind.IMAGE and not mark.tag
    )
    if by_digest and found.rule is Rule.DANGLING:
        yield f"{count(by_digest, 'image')} known by digest: something may ask for it by that."
    volumes = [inventory.volumes_by_name[mark.id] for mark in found.marks if mark.kind is Kind.VOLUME]
    pointing = sum(bool(device_of(volume)) for volume in volumes)
    if pointing:
        yield f"{count(pointing, 'volume')} only pointing to a folder or share: no file there goes, no byte comes back."
    elsewhere = sum(volume.driver != "local" for volume in volumes)
    if elsewhere:
        yield f"{count(elsewhere, 'volume')} of another driver: other computers may use what is in it."


def _built_here(marks: Iterable[Mark], inventory: Inventory) -> int:
    """How many images no registry is known to have. The containerd store gives every image a digest."""
    if inventory.host is None or inventory.host.image_store == CONTAINERD_STORE:
        return 0
    images = {mark.id for mark in marks if mark.kind is Kind.IMAGE and mark.tag}
    return sum(not inventory.images_by_id[image_id].digests for image_id in images)


# -- an object ------------------------------------------------------------------------------------

_SIZES = {
    Kind.IMAGE: "All its layers; those that something else holds stay.",
    Kind.CONTAINER: "What it wrote to its own layer; its logs come on top.",
    Kind.VOLUME: "All files in it.",
    Kind.CACHE_RECORD: "As the engine counts it; images may share it.",
}


def _object_sections(spot: ObjectSpot, sets: Iterable[CandidateSet]) -> Iterator[Section]:
    kind = spot.marks[0].kind
    moment = "Last used" if kind is Kind.CACHE_RECORD else "Made"
    if spot.device:
        facts = [_say(f"It only points to {spot.device}: the files there stay, and no byte comes back.")]
    else:
        facts = [_bytes("Size", spot.size_bytes), Fact("", (Cell(_SIZES[kind], Role.MUTED),))]
    facts.append(Fact(moment, (Cell(age(spot.moment)),), exact=date(spot.moment)))
    facts += [Fact("Tag", (Cell(mark.tag),)) for mark in spot.marks if mark.tag]
    facts.append(Fact("Name" if kind is Kind.VOLUME else "ID", (Cell(spot.marks[0].id),)))
    yield Section(f"{kind.capitalize()} {spot.name}", tuple(facts))
    rules = [one for one in sets if not one.marks.isdisjoint(spot.marks)]
    yield Section("Found as", tuple(_say("".join(rule_words(one))) for one in rules))
    yield Section("", (_say("Space ticks this one alone. In several sets, it counts once.", Role.MUTED),))


# -- logs -----------------------------------------------------------------------------------------


def _log_facts(spot: RuleSpot, reason: str) -> Iterator[Fact]:
    logs = spot.found.logs
    if reason:
        yield _say(f"They could not be measured: {reason}", Role.WARNING)
    elif logs is None:
        yield _say("They have not been measured. m on the main screen opens the storage map, and u there measures.")
    elif logs:
        yield Fact("Finds", (Cell(count(len(logs), "log"), Role.STRONG),))
        yield _bytes("Together", sum(log.size_bytes for log in logs))
        yield _say("As they were when the storage map last measured.", Role.MUTED)
    else:
        yield _say("There is none of that size.")
    yield _say("Logs can't be ticked: the engine has no call that empties one.")
    yield _say("A container's log goes with the container. + and - change the size.")


def _log_help(inventory: Inventory, name: str) -> Iterator[Section]:
    inspect = "docker inspect -f '{{.LogPath}}'"
    if inventory.host is not None:
        inspect = own_command(inspect, inventory.host)
    # The name comes from the engine: it has to stay one word, whatever is in it.
    empty = f'sudo truncate -s 0 "$({inspect} {shell_words((name or "CONTAINER",))})"'
    yield Section(
        "What can be done",
        (
            _say("Give it a limit when it is made anew:"),
            _say("docker run --log-opt max-size=10m --log-opt max-file=3 …", Role.ACCENT),
            _say('Or give all new ones a limit, in /etc/docker/daemon.json: "log-opts": {"max-size": "10m"}'),
        ),
    )
    yield Section(
        "At your own risk",
        (
            _say(empty, Role.WARNING),
            _say(
                "Empties it at once, behind the engine's back: what was printed is lost, docker logs may stumble over "
                "a line cut in half, and docker logs -f may go silent. Never delete the file: the engine keeps it "
                "open, and no byte comes back."
            ),
        ),
    )
