"""Rules matched on a text, and which of the lines they find may go."""
