"""Tests of the commands without a screen."""
