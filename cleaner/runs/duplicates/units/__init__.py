"""What is compared: units, where they stand in a text, and how they read there."""
