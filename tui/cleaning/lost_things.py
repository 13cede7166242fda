"""What the journal keeps of a thing before it goes: what it was, and the commands that bring it or one like it back."""

from __future__ import annotations

from collections.abc import Mapping

from tui.cleaning.backup import Backup
from tui.cleaning.checking import Found
from tui.model.build_cache import BuildCacheRecord
from tui.model.cleanup_plan import Step
from tui.model.container import ContainerDetail
from tui.model.docker_commands import PROGRAM, Command, pull_commands, volume_create_command
from tui.model.image import ImageDetail
from tui.model.journal_record import Lost
from tui.model.run_command import connect_commands, mount_words, port_words, run_command
from tui.model.volume import VolumeDetail


def lost_of(step: Step, found: Found | None, backup: Backup | None = None, program: Command = PROGRAM) -> Lost:
    """What is lost with ``step``.

    Args:
        step: what was reviewed.
        found: the thing as it is just before it goes; ``None`` when it isn't there any more.
        backup: the verified backup of a volume.
        program: the docker program, as the commands are to name it.
    """
    match found:
        case ContainerDetail():
            return _container(step, found, program)
        case ImageDetail():
            return _image(step, found, program)
        case VolumeDetail():
            return _volume(step, found, backup, program)
        case BuildCacheRecord():
            return Lost(step.kind, step.id, found.description, size_bytes=found.size_bytes)
        case None:
            reviewed = step.reviewed
            return Lost(
                step.kind, step.id, step.name, reviewed.tags, reviewed.digests,
                driver=reviewed.driver, size_bytes=reviewed.size_bytes,
            )  # fmt: skip


def _container(step: Step, found: ContainerDetail, program: Command) -> Lost:
    return Lost(
        step.kind,
        step.id,
        found.name,
        image=found.image,
        image_id=found.image_id,
        command=(*found.entrypoint, *found.command),
        mounts=mount_words(found),
        ports=port_words(found),
        labels=_pairs(found.labels),
        size_bytes=step.reviewed.size_bytes,
        ways_back=(run_command(found, program=program), *connect_commands(found, program)),
    )


def _image(step: Step, found: ImageDetail, program: Command) -> Lost:
    tags = found.tags if step.removes_object else step.untags
    if step.removes_object:
        back = pull_commands(found.tags, found.digests, program)
    else:
        # The image stays: its tags only have to be given back.
        back = tuple((*program, "tag", found.id, tag) for tag in step.untags)
    return Lost(
        step.kind,
        step.id,
        step.name,
        tags,
        found.digests,
        command=(*found.entrypoint, *found.command),
        labels=_pairs(found.labels),
        size_bytes=found.size_bytes,
        ways_back=back,
    )


def _volume(step: Step, found: VolumeDetail, backup: Backup | None, program: Command) -> Lost:
    volume = found.volume
    return Lost(
        step.kind,
        step.id,
        volume.name,
        labels=_pairs(volume.labels),
        driver=volume.driver,
        options=_pairs(volume.options),
        size_bytes=step.reviewed.size_bytes,
        backup_path=str(backup.path.absolute()) if backup else "",
        backup_sha256=backup.sha256 if backup else "",
        backup_bytes=backup.bytes if backup else None,
        ways_back=(volume_create_command(volume, program),),
    )


def _pairs(found: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(found.items())
