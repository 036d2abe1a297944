"""Which pixels are next: the driver behind every fit of a map, and its schedules."""
