"""Ways to learn which pages a site has, one module each; `table` lists them."""
