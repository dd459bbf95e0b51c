"""Letters to claimants: decisions and receipts as PDF."""
