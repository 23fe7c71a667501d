"""How a pass is spread over processors."""
