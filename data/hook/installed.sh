#!/bin/sh
# portfolio-hook: @HOOK@
# Written by `portfolio hook install`. It marks each commit with the work item it is for; what it
# does can be read in the folder below. Where that folder is gone, it does nothing.
# To remove it: `portfolio hook uninstall`, or delete this file@RENAME@.

logic=@LOGIC@

# The hook that was here before, or that this one stands in for.
others() {
  @OTHERS@
}

ours() {
  [ -r "$logic/@HOOK@" ] && (. "$logic/@HOOK@")
}

