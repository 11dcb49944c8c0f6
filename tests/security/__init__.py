"""What people who mean us no good would try, counted by kind of attack."""
