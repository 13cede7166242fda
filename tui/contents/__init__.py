"""What lies in layers: read from archives and folders, kept in a cache. No engine, no screen."""
