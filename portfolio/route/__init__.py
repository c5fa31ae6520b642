"""Which work goes where: the weekly route, and the solver that the monthly plan uses too."""
