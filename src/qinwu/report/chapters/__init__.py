"""Reports in chapters: what judge, forecast, leads and audit-sample write."""
