"""The demonstration site: six outlets on six ports, and a control page that changes them.

Standard library only. It knows nothing of the product; the product reads it over HTTP alone.
"""
