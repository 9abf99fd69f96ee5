"""The scripts are written for PyTorch: not to be imported, but to be run by `test_scripts`."""

collect_ignore = ["scripts"]
