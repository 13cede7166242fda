"""The installed command in a real pseudo-terminal: what a user presses and sees, against a real engine."""
