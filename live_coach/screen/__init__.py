"""People see it: a calm Textual screen that is read at a glance."""
