"""What runs a command by the time of the day: systemd, launchd or cron, and its files."""
