"""The only writers: one function is one transaction, the change and its ledger entries."""
