"""When a team meets, and who comes: series and their dates, working days, replies, invitations."""
