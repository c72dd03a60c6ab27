"""Reports people read: HTML, Excel, figures."""
