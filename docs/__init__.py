"""The documentation: pages by hand, pages made from the code, and what builds them."""
