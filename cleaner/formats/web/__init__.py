"""What the web is kept in: pages, and archives of them."""
