"""One file per command: options in, api call, report out."""
