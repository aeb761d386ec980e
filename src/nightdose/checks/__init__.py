"""What stands beside the answer, one file a check."""
