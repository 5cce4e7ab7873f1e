"""The pages: each module gives `PAGES`, the routes of one room of the console."""
