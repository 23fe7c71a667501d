"""What earlier runs kept, in a file."""
