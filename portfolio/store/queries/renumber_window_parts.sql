-- Let the parts of windows follow the versions of the windows that they belong to.
UPDATE window_part SET version = renumbered(version)
