"""The pictures in the README, and the script that takes them by driving the real app over the demo engine.

python -m screenshots [FOLDER]
"""
