"""nightdose: one person, one medicine, one honest answer."""
