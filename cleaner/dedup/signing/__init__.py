"""From texts to hashes, signatures and band keys."""
