"""Pages in bulk: files that hold many, read one after another and never unpacked whole."""
