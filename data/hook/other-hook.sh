#!/bin/sh
# portfolio-hook: @HOOK@
# Written by `portfolio hook install --global`: git looks for hooks in this folder alone now, so this
# runs the repository's own. To remove it: `portfolio hook uninstall --global`.

@OTHERS@
