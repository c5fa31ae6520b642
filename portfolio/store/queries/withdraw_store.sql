-- Take away what an import offered.
DETACH offered
