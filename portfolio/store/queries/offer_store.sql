-- Set up an empty store beside this one, to be filled with what an import offers.
ATTACH ':memory:' AS offered
