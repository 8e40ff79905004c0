"""When somebody can interview: weekly hours, offered times, what their own calendar says, the times that are left."""
