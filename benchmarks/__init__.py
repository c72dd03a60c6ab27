"""What Qinwu is measured against, in the same run."""
