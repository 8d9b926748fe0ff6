"""What each page says: plain values, from functions over a session. Nothing here knows of HTML, widgets or browsers."""
