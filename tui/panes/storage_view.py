"""The Storage tab: a container or an image as strata, with the mounts that pierce them."""

from __future__ import annotations

from tui.model.container import Container, ContainerDetail
from tui.model.host import Host
from tui.model.image import ImageDetail
from tui.present import storage
from widgets.cell import Cell, Fact, Role, Section
from widgets.strata_sheet import StrataSheet


class StorageView(StrataSheet):
    """Strata from the top down, and below them what lies behind the mounts."""

    def __init__(self) -> None:
        super().__init__(id="storage-view")

    def show_words(self, subject: str, sentence: str) -> None:
        """Why there is nothing to draw."""
        self.show_strata(subject, (), 0, (Section("", (Fact("", (Cell(sentence, Role.MUTED),)),)),))

    def show_container(
        self,
        container: Container,
        detail: ContainerDetail,
        image: ImageDetail | None,
        host: Host | None,
        image_problem: str,
    ) -> None:
        """A container; ``image`` is ``None`` while its detail is being read, or when there is an ``image_problem``."""
        text = storage.container_storage(container, detail, image, host, image_problem)
        self.show_strata(f"container {container.id}", text.strata, text.shafts, text.sections)

    def show_image(self, detail: ImageDetail, host: Host | None) -> None:
        """An image."""
        text = storage.image_storage(detail, host)
        self.show_strata(f"image {detail.id}", text.strata, text.shafts, text.sections)
