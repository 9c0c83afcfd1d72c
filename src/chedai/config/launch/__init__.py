"""Starting and stopping Chedai on one machine: database, migrations, web, worker.

Nothing here imports Django: a launcher has to be able to say what is missing before
anything that needs it is imported.
"""
