"""What languages look like: which letters follow each other, and which signs stand where."""
