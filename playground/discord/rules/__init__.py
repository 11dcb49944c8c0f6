"""What Discord accepts; each check raises ApiError with Discord's own error body."""
