"""Lines that repeat over a corpus, and which of them a site put around its texts."""
