"""What it is: signal, axes, parameter, component, model and their maps."""
