"""Commands without a screen: usage, plan and clean. Good in cron: plain text or JSON, exit codes, no questions."""
