"""Which plans to hold in the months to come: a model of scenarios, its answer and its reasons."""
