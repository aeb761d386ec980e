"""What is asked, and can it be answered."""
