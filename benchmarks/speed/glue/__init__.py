"""How fast lost spaces are sought and put back, beside the peers."""
