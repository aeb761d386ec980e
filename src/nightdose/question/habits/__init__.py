"""What unplanned doses follow: the weekday, a rhythm, the month, the scores themselves. Then nobody can tell."""
