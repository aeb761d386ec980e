"""What a design cannot rule out: each weakness a reason, the decisive ones enough to say `cannot be known`."""
