"""Beat: what is due on a beat, where its officer's hours go, and how the officer is scored."""
