"""Alembic's entry: runs the revisions on the connection it is handed, inside the caller's transaction.

The caller (app/storage/migrations.py, or a test) opens the encrypted database; no address stands here.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
