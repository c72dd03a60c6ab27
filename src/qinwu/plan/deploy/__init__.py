"""Deploy by demand: moves of whole crews in time and between stations that let callers wait less (M52 警力跟着警情走)."""
