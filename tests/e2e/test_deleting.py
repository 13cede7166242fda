"""Deleting: what is asked, what is done on the engine, and what is refused."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.world import World


def test_an_image_goes(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.image("timber/elm:1")
    orlop = open_orlop("--host", world.url)
    orlop.see_in_header("2 images 4.0 MB")
    orlop.go_to("images", "3.1")
    orlop.press("d")
    orlop.see_dialog("Remove image timber/oak:3.1", "The image goes", "Frees exactly 2.0 MB", "‹ Cancel ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    assert world.has_image("timber/oak:3.1"), "Cancel was preselected"
    orlop.press("d")
    orlop.see_dialog("Remove image timber/oak:3.1")
    orlop.press("tab")
    orlop.see_dialog("‹ Remove image ›")
    orlop.press("enter")
    orlop.see_no_more("timber/oak")
    assert not world.has_image("timber/oak:3.1")
    assert world.has_image("timber/elm:1")


def test_of_two_tags_only_one_goes(world: World, open_orlop: Open) -> None:
    image = world.image("timber/oak:3.1")
    world.tag(image, "timber/oak:latest")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("images", "latest")
    orlop.press("d")
    orlop.see_dialog("Remove the tag timber/oak:latest", "The image stays as timber/oak:3.1", "[ Remove tag ]")
    orlop.press("tab", "enter")
    orlop.see_no_row("latest")
    assert world.facts(image)["RepoTags"] == ["timber/oak:3.1"]
    orlop.see_cursor_on("3.1")


def test_an_image_in_use_says_by_whom_and_stays(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    barge = world.container("timber/oak:3.1", "barge")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("images", "3.1")
    orlop.press("d")
    orlop.see_dialog("can't be removed now", "1 container is running from this image", f"barge ({barge[:12]}) running")
    assert "Remove image" not in orlop.dialog
    orlop.press("tab", "enter")
    orlop.see_no_dialog()
    assert world.has_image("timber/oak:3.1")


def test_an_image_whose_tag_has_moved_since_the_review_is_left_alone(world: World, open_orlop: Open) -> None:
    reviewed = world.image("timber/oak:3.1")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("images", "3.1")
    orlop.press("d")
    orlop.see_dialog("Remove image timber/oak:3.1")
    other = world.image("timber/oak:3.1")
    orlop.see_row("dangling")
    orlop.press("tab")
    orlop.see_dialog("‹ Remove image ›")
    orlop.press("enter")
    orlop.see_in_footer("has lost a tag after the review: timber/oak:3.1")
    assert world.facts("timber/oak:3.1")["Id"] == other
    assert world.has_image(reviewed)


def test_a_tag_that_has_moved_since_the_review_is_left_alone(world: World, open_orlop: Open) -> None:
    reviewed = world.image("timber/oak:3.1")
    world.tag(reviewed, "timber/oak:latest")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("images", "latest")
    orlop.press("d")
    orlop.see_dialog("Remove the tag timber/oak:latest")
    other = world.image("timber/oak:latest")
    orlop.press("tab")
    orlop.see_dialog("‹ Remove tag ›")
    orlop.press("enter")
    orlop.see_in_footer("no longer points to the image that was reviewed")
    assert world.facts("timber/oak:latest")["Id"] == other
    assert world.has_image(reviewed)


def test_a_named_volume_wants_its_name_typed(world: World, open_orlop: Open) -> None:
    world.volume("ballast")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("volumes", "ballast")
    orlop.press("d")
    orlop.see_dialog("Remove volume ballast and all its files?", "type its name: ballast", "‹ Cancel ›")
    # The button can't be reached: Tab goes from Cancel to the field, and Enter there does nothing yet.
    orlop.press("tab")
    orlop.type("balast")
    orlop.see_dialog("name: ballast balast")
    orlop.press("enter", "tab")
    orlop.see_dialog("‹ Cancel ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    assert world.has_volume("ballast")
    orlop.press("d")
    orlop.see_dialog("type its name")
    orlop.press("shift+tab")
    orlop.type("ballast")
    orlop.see_dialog("name: ballast ballast")
    orlop.press("enter")
    orlop.see_dialog("‹ Remove volume ›")
    assert world.has_volume("ballast"), "Enter after the name only goes on to the button"
    orlop.press("enter")
    orlop.see_no_row("ballast")
    assert not world.has_volume("ballast")


def test_a_running_container_wants_force_chosen(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    barge = world.container("timber/oak:3.1", "barge")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    orlop.press("d")
    orlop.see_dialog("The container is running", "[ ] Kill it and remove it", "‹ Cancel ›")
    orlop.press("shift+tab", "space")
    orlop.see_dialog("[x] Kill it and remove it", "Force kills its processes at once")
    assert world.state(barge) == "running"
    orlop.press("tab", "tab")
    orlop.see_dialog("‹ Remove container ›")
    orlop.press("enter")
    orlop.see_no_row("barge")
    assert not world.has_container(barge)
    assert world.has_image("timber/oak:3.1")


def test_anonymous_volumes_stay_unless_they_are_chosen(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge", "created", volumes={"": "/hold"})
    (volume,) = world.api.volumes()["Volumes"]
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    orlop.press("d")
    orlop.see_dialog(volume["Name"][:12], "[ ] Delete its anonymous volume too", "‹ Cancel ›")
    orlop.press("shift+tab", "space")
    orlop.see_dialog("[x] Delete its anonymous volume too")
    orlop.press("tab", "tab", "enter")
    orlop.see_no_row("barge")
    orlop.see("no volumes on this engine")
    assert not world.has_volume(volume["Name"])


def test_an_open_question_learns_what_has_changed(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.volume("ballast")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("volumes", "ballast")
    orlop.press("d")
    orlop.see_dialog("Remove volume ballast")
    barge = world.container("timber/oak:3.1", "barge", "created", volumes={"ballast": "/hold"})
    orlop.see_dialog("1 container mounts this volume", f"barge ({barge[:12]}) created")
    orlop.press("shift+tab")
    orlop.type("ballast")
    orlop.see_dialog("ballast [ Cancel ] [ Remove volume ]")
    orlop.press("enter", "tab")
    orlop.see_dialog("‹ Cancel ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    assert world.has_volume("ballast")


def test_an_object_that_has_gone_meanwhile_is_said_to_be_gone(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    barge = world.container("timber/oak:3.1", "barge", "created")
    world.container("timber/oak:3.1", "wherry", "created")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    orlop.press("d")
    orlop.see_dialog("Remove container barge")
    world.remove_container(barge)
    orlop.see_no_row("barge")
    orlop.press("tab")
    orlop.see_dialog("‹ Remove container ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    orlop.see_in_footer("Container barge is no longer there")
    assert world.has_container("wherry"), "the one that is under the cursor now"
