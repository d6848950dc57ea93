"""What each exercise of the lessons is compared with."""
