"""The desk's own pages: they parse, call one service, and answer."""
