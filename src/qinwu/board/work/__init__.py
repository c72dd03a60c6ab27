"""Work: tasks and what they come from, disputes, requests, service points, what people thought, bulletins."""
