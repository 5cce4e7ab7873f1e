"""The console: the centre's pages for the department of methodology and control, without a script."""
