"""How is it seen? Widgets for the notebook; no other room imports this one."""
