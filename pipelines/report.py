def write(connection, context, period, reports): pass
