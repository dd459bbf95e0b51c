"""The work list: what waits for an officer, filters, order, pages and counts that stay quick over a million claims."""
