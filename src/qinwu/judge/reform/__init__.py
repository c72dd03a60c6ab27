"""Reform: tried before and after on the same calls; who gains, who loses, and which assumption the verdict hangs on."""
