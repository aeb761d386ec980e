"""Kills, damage, command lines and spoiled files in numbers that make one certain: see __main__."""
