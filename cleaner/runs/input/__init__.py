"""From files to the spool of documents."""
