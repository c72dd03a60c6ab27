"""Access: who may do what, how an account is opened, locked and watched over."""
