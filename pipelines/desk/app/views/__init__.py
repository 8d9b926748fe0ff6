"""The contents of each page: plain values, from functions over a session. Knows nothing of HTML, widgets or browsers."""
