"""What must hold, room by room; a browser and real engines at the end."""
