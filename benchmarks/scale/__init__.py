"""Scale: how the product holds up where a benchmark of a minute says nothing. `make scale`."""
