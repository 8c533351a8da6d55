"""Events on the twin -> runs of the workflows that listen to them, carried out by `act`."""
