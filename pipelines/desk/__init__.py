"""What the officer works with in Jupyter: the workbench, its tables and pictures, the notebooks, the lab, the schedule."""
