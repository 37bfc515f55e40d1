"""The example encyclopedia: what `sectionary demo` serves and how it was made."""
