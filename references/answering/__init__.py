"""What a referee does: answer by link or on the phone, decline, read it again."""
