-- Speak of what an import offers from now on.
USE offered
