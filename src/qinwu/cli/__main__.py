"""``python -m qinwu.cli`` is ``qinwu``."""

from qinwu.cli import main

if __name__ == "__main__":
    main()
