"""Preview: one file that shows pages as they were beside the records that are made of them."""
