"""The cleaning room: carries out a reviewed plan and nothing else, backs up first, and keeps a journal of it all."""
