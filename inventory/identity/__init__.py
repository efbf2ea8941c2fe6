"""Which observations are one physical thing: evidence with weights, explained and undoable."""
