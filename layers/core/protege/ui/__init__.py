"""How the bot's commands, menus, buttons and forms are declared and reached."""
