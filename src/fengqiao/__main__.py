"""``python -m fengqiao`` does what ``fengqiao`` does."""

from fengqiao.config.cli import main

if __name__ == "__main__":
    main()
