"""The console: the centre's pages for the department of methodology and control, made on the server, without a script."""
