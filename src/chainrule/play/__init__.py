"""The playground: the engine's own training, watched in a page or a notebook, step by step, and broken on purpose."""
