"""What the answers look like, for the OpenAPI description alone: nothing is serialised by these.

The shapes in `claims.api.shapes` make the answers; a test holds the two together.
"""
