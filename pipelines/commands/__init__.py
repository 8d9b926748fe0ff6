"""Commands of the command line beyond the main job, a module per room; `pipelines.commands.main` registers them."""
