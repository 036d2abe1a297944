"""How pixels are solved: plan, objective, optimizers, uncertainty, quality."""
