def run(connection, context, loaded, reports): pass
