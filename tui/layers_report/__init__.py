"""``orlop layers``: what an image stores, shows and wastes, for people, for programs and for a build's exit code."""
