"""What a command sets going as a whole: a run, the accountability bundle, the profile of a run."""
